package io.photophone.model;

/// A stretch of simultaneous samples of both microphones.
///
/// A frame owns its two arrays and hands them out without copying, since every consumer reads the
/// same ones: nobody writes to them after construction. Samples are full-scale units, so that ±1 is
/// the converter's range. Immutable in that sense, and safe to share between threads.
///
/// Contract: A11, B28.
public final class AudioFrame {
  private final float[] channelA;
  private final float[] channelB;
  private final int sampleRateHz;
  private final long frameNumber;
  private final long firstSampleIndex;
  private final CaptureTime captured;

  /// Takes ownership of both arrays.
  ///
  /// @param frameNumber counts frames from 0 without a hole
  /// @param firstSampleIndex index of the first sample since the start of the stream; audio lost
  ///   before this frame shows as a jump against the end of the frame before
  /// @param captured when the first sample was captured
  public AudioFrame(
      float[] channelA,
      float[] channelB,
      int sampleRateHz,
      long frameNumber,
      long firstSampleIndex,
      CaptureTime captured) {
    if (channelA.length != channelB.length) {
      throw new IllegalArgumentException(
          "channels differ in length: A has %d samples, B has %d"
              .formatted(channelA.length, channelB.length));
    }
    if (channelA.length == 0) {
      throw new IllegalArgumentException("a frame holds at least one sample");
    }
    if (sampleRateHz <= 0) {
      throw new IllegalArgumentException("sample rate is not positive: " + sampleRateHz + " Hz");
    }
    if (frameNumber < 0 || firstSampleIndex < 0) {
      throw new IllegalArgumentException(
          "negative position: frame %d, sample %d".formatted(frameNumber, firstSampleIndex));
    }
    this.channelA = channelA;
    this.channelB = channelB;
    this.sampleRateHz = sampleRateHz;
    this.frameNumber = frameNumber;
    this.firstSampleIndex = firstSampleIndex;
    this.captured = captured;
  }

  /// The frame's own array of microphone A: read only.
  public float[] channelA() {
    return channelA;
  }

  /// The frame's own array of microphone B: read only.
  public float[] channelB() {
    return channelB;
  }

  public int sampleRateHz() {
    return sampleRateHz;
  }

  public long frameNumber() {
    return frameNumber;
  }

  public long firstSampleIndex() {
    return firstSampleIndex;
  }

  /// The index of the sample that follows this frame's last.
  public long endSampleIndex() {
    return firstSampleIndex + channelA.length;
  }

  public CaptureTime captured() {
    return captured;
  }

  /// Samples for each channel.
  public int length() {
    return channelA.length;
  }

  public double durationMs() {
    return channelA.length * 1000.0 / sampleRateHz;
  }

  /// The largest absolute value of both microphones; NaN where a sample is no number.
  public float peakAmplitude() {
    return Math.max(peak(channelA), peak(channelB));
  }

  private static float peak(float[] samples) {
    float peak = 0;
    for (float sample : samples) {
      peak = Math.max(peak, Math.abs(sample));
    }
    return peak;
  }

  /// Whether both microphones stay below a threshold. A sample that is no number isn't silence.
  ///
  /// @param threshold full-scale units
  public boolean isSilent(float threshold) {
    return peakAmplitude() < threshold;
  }

  /// The same sound with a peak of 1, for display: the amplitude, which is what is measured, is
  /// gone. Silence stays as it is; where a sample isn't finite there is no peak, and every sample
  /// becomes NaN.
  public AudioFrame normalize() {
    float peak = peakAmplitude();
    if (peak == 0) {
      return this;
    }
    float divisor = Float.isFinite(peak) ? peak : Float.NaN;
    return with(divided(channelA, divisor), divided(channelB, divisor));
  }

  private static float[] divided(float[] samples, float divisor) {
    float[] divided = new float[samples.length];
    for (int n = 0; n < samples.length; n++) {
      divided[n] = samples[n] / divisor;
    }
    return divided;
  }

  /// The frame tapered by a window.
  ///
  /// @param window a factor for each sample
  public AudioFrame applyWindow(float[] window) {
    if (window.length != length()) {
      throw new IllegalArgumentException(
          "the window has %d factors, the frame %d samples".formatted(window.length, length()));
    }
    return with(multiplied(channelA, window), multiplied(channelB, window));
  }

  private static float[] multiplied(float[] samples, float[] factors) {
    float[] multiplied = new float[samples.length];
    for (int n = 0; n < samples.length; n++) {
      multiplied[n] = samples[n] * factors[n];
    }
    return multiplied;
  }

  private AudioFrame with(float[] a, float[] b) {
    return new AudioFrame(a, b, sampleRateHz, frameNumber, firstSampleIndex, captured);
  }
}
