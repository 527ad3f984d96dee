package io.photophone.dsp;

/// Amplitude and phase of a windowed block over frequency.
///
/// A tone on a bin has its own amplitude (peak) there, the window's coherent gain divided out, and
/// its phase in radians against a cosine at the block's first sample. An instance holds work arrays
/// for one size and window, allocates nothing per transform and serves one thread at a time.
///
/// Contract: M2.
public final class AmplitudeSpectrum {
  private final RealFft fft;
  private final float[] taper;
  private final float[] tapered;
  private final float[] real;
  private final float[] imaginary;

  /// @param size a power of two from 256 to 65536
  public AmplitudeSpectrum(int size, Window window) {
    fft = new RealFft(size);
    taper = new float[size];
    tapered = new float[size];
    real = new float[fft.bins()];
    imaginary = new float[fft.bins()];
    double[] values = window.values(size);
    double scale = 2 / (size * window.coherentGain());
    for (int n = 0; n < size; n++) {
      taper[n] = (float) (values[n] * scale);
    }
  }

  /// Bins from 0 to half the sample rate: size / 2 + 1.
  public int bins() {
    return fft.bins();
  }

  /// Reads the first `size` samples, fills the first `bins()` elements of the two other arrays.
  public void transform(float[] samples, float[] magnitude, float[] phase) {
    for (int n = 0; n < taper.length; n++) {
      tapered[n] = samples[n] * taper[n];
    }
    fft.transform(tapered, real, imaginary);
    int last = bins() - 1;
    for (int k = 0; k <= last; k++) {
      magnitude[k] = (float) Math.sqrt(real[k] * real[k] + imaginary[k] * imaginary[k]);
    }
    for (int k = 0; k <= last; k++) {
      phase[k] = (float) Math.atan2(imaginary[k], real[k]);
    }
    // Elsewhere half the amplitude is at the negative frequency; these two have none.
    magnitude[0] /= 2;
    magnitude[last] /= 2;
  }
}
