package io.photophone.server;

import io.photophone.acquisition.stream.AudioStreamConsumer;
import io.photophone.acquisition.stream.AudioStreamConsumer.Next;
import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.Received;
import io.photophone.model.AudioFrame;
import io.photophone.model.Streamed;
import java.time.Duration;
import java.util.function.Function;

/// A thread that turns what a live channel carries into the events of a topic.
final class Feed {
  private static final Duration WAIT = Duration.ofSeconds(1);

  private final Runnable leave;
  private final Thread thread;

  private Feed(String name, Runnable leave, Loop loop) {
    this.leave = leave;
    this.thread =
        Thread.ofPlatform()
            .name("web feed " + name)
            .start(() -> {
              try {
                loop.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private interface Loop {
    void run() throws InterruptedException;
  }

  static Feed ofAudio(
      AudioStreamConsumer consumer, Topic topic, Function<AudioFrame, Event> event) {
    return new Feed(
        topic.name(),
        consumer::close,
        () -> {
          while (true) {
            switch (consumer.next(WAIT)) {
              case Next.Frame(AudioFrame frame) -> topic.publish(event.apply(frame));
              case Next.Lagged(long missed) -> publishLag(topic, missed);
              case Next.Ended(String reason) -> topic.publish(Event.end(reason));
              case Next.TimedOut() -> {}
              case Next.Closed _ -> {
                return;
              }
            }
          }
        });
  }

  static <T> Feed of(
      BroadcastChannel.Receiver<Streamed<T>> receiver, Topic topic, Function<T, Event> event) {
    return new Feed(
        topic.name(),
        receiver::close,
        () -> {
          while (true) {
            switch (receiver.receive()) {
              case Received.Message<Streamed<T>> message ->
                  topic.publish(
                      switch (message.value()) {
                        case Streamed.Item<T>(T value) -> event.apply(value);
                        case Streamed.End<T>(String reason) -> Event.end(reason);
                      });
              case Received.Lagged<Streamed<T>>(long missed) -> publishLag(topic, missed);
              case Received.Empty<Streamed<T>> _ -> {}
              case Received.Closed<Streamed<T>> _ -> {
                return;
              }
            }
          }
        });
  }

  private static void publishLag(Topic topic, long missed) {
    topic.countMissed(missed);
    topic.publish(Event.lagged(topic.name(), missed));
  }

  /// Leaves the channel and waits for the thread.
  void stop() throws InterruptedException {
    leave.run();
    thread.interrupt();
    thread.join();
  }
}
