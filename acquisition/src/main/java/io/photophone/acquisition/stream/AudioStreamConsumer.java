package io.photophone.acquisition.stream;

import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.Received;
import io.photophone.model.AudioFrame;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One consumer's place in a shared stream. Used by one thread at a time. Contract: A18.
public final class AudioStreamConsumer implements AutoCloseable {
  private final SharedAudioStream stream;
  private final BroadcastChannel.Receiver<StreamItem> receiver;
  private final boolean pacing;

  AudioStreamConsumer(
      SharedAudioStream stream, BroadcastChannel.Receiver<StreamItem> receiver, boolean pacing) {
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
      case Received.Message<StreamItem> message ->
          switch (message.value()) {
            case StreamItem.Frame(AudioFrame frame) -> new Next.Frame(frame);
            case StreamItem.End(String reason) -> new Next.Ended(reason);
          };
      case Received.Lagged<StreamItem>(long missed) -> new Next.Lagged(missed);
      case Received.Empty<StreamItem> _ -> new Next.TimedOut();
      case Received.Closed<StreamItem>(Throwable cause) -> new Next.Closed(cause);
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
    receiver.close();
    stream.left(this, receiver.stats().missed());
  }
}
