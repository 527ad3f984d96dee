package io.photophone.model;

/// A stretch of simultaneous samples of both microphones.
///
/// A frame owns its two arrays and hands them out without copying, since every consumer reads the
/// same ones: nobody writes to them after construction. Samples are full-scale units, so that ±1 is
/// the converter's range. Immutable in that sense, and safe to share between threads. Contract:
/// A11.
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
}
