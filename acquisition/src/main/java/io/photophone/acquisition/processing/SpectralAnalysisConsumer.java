package io.photophone.acquisition.processing;

import io.photophone.acquisition.stream.AudioStreamConsumer;
import io.photophone.acquisition.stream.SharedAudioStream;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.dsp.AmplitudeSpectrum;
import io.photophone.dsp.Window;
import io.photophone.model.AudioFrame;
import io.photophone.model.Spectrum;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// A consumer that makes spectra of both microphones, one for each block of samples: for use as it
/// is, and a pattern for consumers of one's own, which `examples/custom-consumer` shows.
///
/// It goes at its own pace: when it is too slow it is told how many frames it missed and goes on
/// with the newest. A block never spans a gap, a change of the sample rate, or a sample that is no
/// number: it begins anew behind it. One thread at a time. Contract: A40.
public final class SpectralAnalysisConsumer implements AutoCloseable {
  private static final Window WINDOW = Window.HANN;

  private final AudioStreamConsumer frames;
  private final AmplitudeSpectrum transform;
  private final float[] blockA;
  private final float[] blockB;

  /// Spectra of the newest frame that were not fetched yet: a frame may complete several blocks.
  private final ArrayDeque<Spectrum> ready = new ArrayDeque<>();

  /// Samples in the block.
  private int filled;

  /// The sample that would continue the block.
  private long next;

  private int sampleRateHz;

  /// What came next.
  public sealed interface Next {

    record Analyzed(Spectrum spectrum) implements Next {}

    /// This consumer was too slow and missed frames; the next call goes on behind them.
    record Lagged(long missed) implements Next {}

    /// The source came to its end. Frames may follow, from a source started anew.
    record Ended(String reason) implements Next {}

    /// No block was completed within the time given.
    record TimedOut() implements Next {}

    /// The stream is closed, or this consumer is.
    record Closed(@Nullable Throwable cause) implements Next {}
  }

  /// Joins a stream at its next frame.
  ///
  /// @param frameSize samples of one spectrum, a power of two from 256 to 65536
  public SpectralAnalysisConsumer(SharedAudioStream stream, int frameSize) {
    transform = new AmplitudeSpectrum(frameSize, WINDOW);
    blockA = new float[frameSize];
    blockB = new float[frameSize];
    frames = stream.subscribe("spectral analysis", Resume.NEWEST);
  }

  /// Waits for the next spectrum, at most for the time given.
  public Next next(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (ready.isEmpty()) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      switch (frames.next(left)) {
        case AudioStreamConsumer.Next.Frame(AudioFrame frame) -> add(frame);
        case AudioStreamConsumer.Next.Lagged(long missed) -> {
          return new Next.Lagged(missed);
        }
        case AudioStreamConsumer.Next.Ended(String reason) -> {
          filled = 0;
          return new Next.Ended(reason);
        }
        case AudioStreamConsumer.Next.TimedOut() -> {
          return new Next.TimedOut();
        }
        case AudioStreamConsumer.Next.Closed(Throwable cause) -> {
          return new Next.Closed(cause);
        }
      }
    }
    return new Next.Analyzed(ready.remove());
  }

  private void add(AudioFrame frame) {
    if (frame.firstSampleIndex() != next || frame.sampleRateHz() != sampleRateHz) {
      filled = 0;
    }
    next = frame.endSampleIndex();
    sampleRateHz = frame.sampleRateHz();
    float[] a = frame.channelA();
    float[] b = frame.channelB();
    for (int n = 0; n < a.length; n++) {
      if (Float.isFinite(a[n]) && Float.isFinite(b[n])) {
        blockA[filled] = a[n];
        blockB[filled] = b[n];
        filled++;
      } else {
        filled = 0;
      }
      if (filled == blockA.length) {
        ready.add(spectrum(frame));
        filled = 0;
      }
    }
  }

  private Spectrum spectrum(AudioFrame last) {
    int bins = transform.bins();
    float[] magnitudeA = new float[bins];
    float[] magnitudeB = new float[bins];
    float[] phaseA = new float[bins];
    float[] phaseB = new float[bins];
    transform.transform(blockA, magnitudeA, phaseA);
    transform.transform(blockB, magnitudeB, phaseB);
    return new Spectrum(
        magnitudeA,
        magnitudeB,
        phaseA,
        phaseB,
        (double) sampleRateHz / blockA.length,
        WINDOW.wireName(),
        sampleRateHz,
        last.frameNumber(),
        last.captured());
  }

  /// Leaves the stream. Idempotent.
  @Override
  public void close() {
    frames.close();
  }
}
