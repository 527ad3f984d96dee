package io.photophone.acquisition.daemon;

import io.photophone.acquisition.stream.AudioStreamConsumer;
import io.photophone.acquisition.stream.AudioStreamConsumer.Next;
import io.photophone.model.AudioFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a consumer got from one run of a daemon.
///
/// @param missed frames that it was too slow to get
/// @param end the reason that it was given
record Consumed(List<AudioFrame> frames, long missed, String end) {

  /// Consumes until the source ends.
  static Consumed untilEnd(AudioStreamConsumer consumer) throws InterruptedException {
    List<AudioFrame> frames = new ArrayList<>();
    long missed = 0;
    while (true) {
      switch (consumer.next(Duration.ofSeconds(30))) {
        case Next.Frame(AudioFrame frame) -> frames.add(frame);
        case Next.Lagged(long count) -> missed += count;
        case Next.Ended(String reason) -> {
          return new Consumed(frames, missed, reason);
        }
        case Next.TimedOut() -> throw new AssertionError("no end after " + frames.size());
        case Next.Closed _ -> throw new AssertionError("closed after " + frames.size());
      }
    }
  }

  /// The next frame, waiting for it.
  static AudioFrame frame(AudioStreamConsumer consumer) throws InterruptedException {
    Next next = consumer.next(Duration.ofSeconds(30));
    if (next instanceof Next.Frame(AudioFrame frame)) {
      return frame;
    }
    throw new AssertionError("not a frame: " + next);
  }
}
