package io.photophone.analysis;

import io.photophone.dsp.AmplitudeSpectrum;
import io.photophone.dsp.Window;
import io.photophone.model.AudioFrame;
import io.photophone.model.Spectrum;
import org.jspecify.annotations.Nullable;

/// Spectra of both microphones over the last samples of the stream, one for each frame: for
/// display, not for the measurement.
///
/// A spectrum never mixes samples from before and after a gap, a change of the sample rate, or a
/// sample that is no finite number. One thread at a time; allocates nothing but its results.
///
/// Contract: M2, M13.
public final class SpectrumAnalyzer {
  private final AmplitudeSpectrum transform;
  private final Window window;
  private final int size;
  private final float[] recentA;
  private final float[] recentB;
  private int filled;
  private long next;
  private int sampleRateHz;

  /// @param size samples of one spectrum, a power of two from 256 to 65536
  public SpectrumAnalyzer(int size, Window window) {
    transform = new AmplitudeSpectrum(size, window);
    this.window = window;
    this.size = size;
    recentA = new float[size];
    recentB = new float[size];
  }

  /// The spectrum of the last `size` samples up to this frame's end; null until there are as many
  /// since the start or since a gap.
  public @Nullable Spectrum process(AudioFrame frame) {
    if (frame.firstSampleIndex() != next || frame.sampleRateHz() != sampleRateHz) {
      filled = 0;
    }
    next = frame.endSampleIndex();
    sampleRateHz = frame.sampleRateHz();
    append(frame.channelA(), recentA);
    append(frame.channelB(), recentB);
    int finite = finiteAtEnd(frame);
    filled = finite < frame.length() ? finite : filled + finite;
    filled = Math.min(filled, size);
    if (filled < size) {
      return null;
    }
    int bins = transform.bins();
    float[] magnitudeA = new float[bins];
    float[] magnitudeB = new float[bins];
    float[] phaseA = new float[bins];
    float[] phaseB = new float[bins];
    transform.transform(recentA, magnitudeA, phaseA);
    transform.transform(recentB, magnitudeB, phaseB);
    return new Spectrum(
        magnitudeA,
        magnitudeB,
        phaseA,
        phaseB,
        (double) sampleRateHz / size,
        window.wireName(),
        sampleRateHz,
        frame.frameNumber(),
        frame.captured());
  }

  private void append(float[] samples, float[] recent) {
    int added = Math.min(samples.length, size);
    System.arraycopy(recent, added, recent, 0, size - added);
    System.arraycopy(samples, samples.length - added, recent, size - added, added);
  }

  /// How many samples at the frame's end are finite on both channels.
  private static int finiteAtEnd(AudioFrame frame) {
    float[] a = frame.channelA();
    float[] b = frame.channelB();
    int first = a.length;
    while (first > 0 && Float.isFinite(a[first - 1]) && Float.isFinite(b[first - 1])) {
      first--;
    }
    return a.length - first;
  }
}
