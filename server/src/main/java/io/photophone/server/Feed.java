package io.photophone.server;

import io.photophone.acquisition.stream.AudioStreamConsumer;
import io.photophone.acquisition.stream.AudioStreamConsumer.Next;
import io.photophone.acquisition.supervision.Task;
import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import io.photophone.model.AudioFrame;
import io.photophone.model.FrameLog;
import io.photophone.model.FrameStep;
import io.photophone.model.NodeOutput;
import io.photophone.model.Streamed;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;

/// A task that turns what a live channel carries into the events of a topic. What fails is left
/// out, and the task goes on when its supervisor starts it again.
final class Feed {
  private static final Duration WAIT = Duration.ofSeconds(1);

  private final String name;
  private final Runnable leave;
  private final Step step;

  private Feed(String name, Runnable leave, Step step) {
    this.name = name;
    this.leave = leave;
    this.step = step;
  }

  /// Waits for something and publishes it; false at the end of the channel.
  private interface Step {
    boolean step() throws InterruptedException;
  }

  static Feed ofAudio(
      AudioStreamConsumer consumer, Topic topic, Function<AudioFrame, Event> event, FrameLog log) {
    return new Feed(
        topic.name(),
        consumer::close,
        () -> {
          switch (consumer.next(WAIT)) {
            case Next.Frame(AudioFrame frame) -> topic.publish(event.apply(frame));
            case Next.Lagged(long missed) -> {
              log.happened(FrameStep.LAG, Event.NO_ID, missed);
              topic.publishLag(missed);
            }
            case Next.Ended(String reason) -> topic.publish(Event.end(topic.name(), reason));
            case Next.TimedOut() -> {}
            case Next.Closed _ -> {
              return false;
            }
          }
          return true;
        });
  }

  static <T> Feed of(Receiver<Streamed<T>> receiver, Topic topic, Function<T, Event> event) {
    return of(
        topic.name(),
        receiver,
        value -> topic.publish(event.apply(value)),
        reason -> topic.publish(Event.end(topic.name(), reason)),
        topic::publishLag);
  }

  /// What nodes gave, each to its own topic.
  static Feed ofNodes(Receiver<Streamed<NodeOutput>> receiver, NodesResource nodes) {
    return of("nodes", receiver, nodes::publish, nodes::end, nodes::publishLag);
  }

  private static <T> Feed of(
      String name,
      Receiver<Streamed<T>> receiver,
      Consumer<T> items,
      Consumer<String> ends,
      LongConsumer lags) {
    return new Feed(
        name,
        receiver::close,
        () -> {
          switch (receiver.receive()) {
            case Received.Message<Streamed<T>> message -> {
              switch (message.value()) {
                case Streamed.Item<T>(T value) -> items.accept(value);
                case Streamed.End<T>(String reason) -> ends.accept(reason);
              }
            }
            case Received.Lagged<Streamed<T>>(long missed) -> lags.accept(missed);
            case Received.Empty<Streamed<T>> _ -> {}
            case Received.Closed<Streamed<T>> _ -> {
              return false;
            }
          }
          return true;
        });
  }

  /// The task that does it until the channel ends or is left.
  Task task(String instrument) {
    return new Task(
        "web feed %s of %s".formatted(name, instrument),
        Task.Kind.RESTARTABLE,
        false,
        () -> {
          while (step.step()) {}
        },
        leave);
  }

  /// Leaves the channel, which ends the task.
  void stop() {
    leave.run();
  }
}
