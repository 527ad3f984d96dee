package io.photophone.model;

/// Amplitude and phase of both microphones over frequency, ending at one frame's last sample.
///
/// Bin k is at k · `stepHz`, from 0 to half the sample rate. A magnitude is the amplitude (peak,
/// not rms) in full-scale units of a sine at that bin's centre, the window's coherent gain divided
/// out; a phase is in radians against a cosine at the first sample of the transform. The arrays
/// belong to the spectrum and are read only.
public final class Spectrum {
  private final float[] magnitudeA;
  private final float[] magnitudeB;
  private final float[] phaseA;
  private final float[] phaseB;
  private final double stepHz;
  private final String window;
  private final int sampleRateHz;
  private final long frameNumber;
  private final CaptureTime captured;

  /// Takes ownership of the four arrays, which have one length: transform size / 2 + 1.
  ///
  /// @param window name of the window, as in `hann`
  /// @param captured when the first sample of the frame that completed this spectrum was captured
  public Spectrum(
      float[] magnitudeA,
      float[] magnitudeB,
      float[] phaseA,
      float[] phaseB,
      double stepHz,
      String window,
      int sampleRateHz,
      long frameNumber,
      CaptureTime captured) {
    int bins = magnitudeA.length;
    if (magnitudeB.length != bins || phaseA.length != bins || phaseB.length != bins) {
      throw new IllegalArgumentException(
          "arrays differ in length: %d, %d, %d, %d"
              .formatted(bins, magnitudeB.length, phaseA.length, phaseB.length));
    }
    this.magnitudeA = magnitudeA;
    this.magnitudeB = magnitudeB;
    this.phaseA = phaseA;
    this.phaseB = phaseB;
    this.stepHz = stepHz;
    this.window = window;
    this.sampleRateHz = sampleRateHz;
    this.frameNumber = frameNumber;
    this.captured = captured;
  }

  public float[] magnitudeA() {
    return magnitudeA;
  }

  public float[] magnitudeB() {
    return magnitudeB;
  }

  public float[] phaseA() {
    return phaseA;
  }

  public float[] phaseB() {
    return phaseB;
  }

  public double stepHz() {
    return stepHz;
  }

  public int bins() {
    return magnitudeA.length;
  }

  public String window() {
    return window;
  }

  public int sampleRateHz() {
    return sampleRateHz;
  }

  public long frameNumber() {
    return frameNumber;
  }

  public CaptureTime captured() {
    return captured;
  }
}
