package io.photophone.acquisition.stream;

import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import io.photophone.channels.ReceiverStats;
import io.photophone.model.AudioFrame;
import io.photophone.model.Streamed;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One consumer's place in a shared stream. Used by one thread at a time. Contract: A18.
public final class AudioStreamConsumer implements AutoCloseable {
  private final SharedAudioStream stream;
  private final Receiver<Streamed<AudioFrame>> receiver;
  private final boolean pacing;

  AudioStreamConsumer(
      SharedAudioStream stream, Receiver<Streamed<AudioFrame>> receiver, boolean pacing) {
    this.stream = stream;
    this.receiver = receiver;
    this.pacing = pacing;
  }

  /// What came next.
  public sealed interface Next {

    record Frame(AudioFrame frame) implements Next {}

    /// This consumer was too slow and missed frames; the next call goes on behind them.
    record Lagged(long missed) implements Next {}

    /// The source came to its end. Frames may follow, from a source started anew.
    record Ended(String reason) implements Next {}

    /// Nothing came within the time given.
    record TimedOut() implements Next {}

    /// The stream is closed, or this consumer is.
    record Closed(@Nullable Throwable cause) implements Next {}
  }

  /// Waits for what comes next, at most for the time given.
  public Next next(Duration timeout) throws InterruptedException {
    return switch (receiver.receive(timeout)) {
      case Received.Message<Streamed<AudioFrame>> message ->
          switch (message.value()) {
            case Streamed.Item<AudioFrame>(AudioFrame frame) -> new Next.Frame(frame);
            case Streamed.End<AudioFrame>(String reason) -> new Next.Ended(reason);
          };
      case Received.Lagged<Streamed<AudioFrame>>(long missed) -> new Next.Lagged(missed);
      case Received.Empty<Streamed<AudioFrame>> _ -> new Next.TimedOut();
      case Received.Closed<Streamed<AudioFrame>>(Throwable cause) -> new Next.Closed(cause);
    };
  }

  /// Frames (and ends) published and not yet received.
  public long pending() {
    return receiver.pending();
  }

  boolean pacing() {
    return pacing;
  }

  /// Leaves the stream. Idempotent.
  @Override
  public void close() {
    ReceiverStats last = receiver.stats();
    receiver.close();
    stream.left(this, last);
  }
}
