package io.photophone.dsp;

/// The discrete Fourier transform of a block of real samples in double arithmetic, for numbers that
/// are measured; [RealFft] is faster and for display.
///
/// For samples x it computes X\[k\] = Σ x\[n\] · e^(−2πikn/size) for k from 0 to size / 2, with an
/// error of about 1e-16 of the largest bin. An instance holds tables and work arrays for one size;
/// it allocates nothing per transform and serves one thread at a time.
final class DoubleFft {
  /* Stockham's transform of size / 2 complex numbers, radix 2, of the even samples as real and the
   * odd ones as imaginary parts; both spectra are told apart by symmetry as in RealFft.
   */
  private final int points;
  private final double[] cos;
  private final double[] sin;
  private double[] re;
  private double[] im;
  private double[] nextRe;
  private double[] nextIm;

  /// @param size a power of two from 256 to 65536
  DoubleFft(int size) {
    RealFft.checkSize(size);
    points = size / 2;
    cos = new double[points];
    sin = new double[points];
    for (int k = 0; k < points; k++) {
      double angle = 2 * Math.PI * k / size;
      cos[k] = StrictMath.cos(angle);
      sin[k] = StrictMath.sin(angle);
    }
    re = new double[points];
    im = new double[points];
    nextRe = new double[points];
    nextIm = new double[points];
  }

  /// Transforms the first `size` samples into the first size / 2 + 1 elements of the other arrays.
  void transform(double[] samples, double[] real, double[] imaginary) {
    for (int i = 0; i < points; i++) {
      re[i] = samples[2 * i];
      im[i] = samples[2 * i + 1];
    }
    for (int stride = 1; stride < points; stride *= 2) {
      combine(stride);
    }
    split(real, imaginary);
  }

  private void combine(int stride) {
    int half = points / 2;
    for (int p = 0; p < half; p += stride) {
      // The tables are of e^(2πik / 2·points).
      double c = cos[2 * p];
      double s = sin[2 * p];
      for (int q = 0; q < stride; q++) {
        int i = p + q;
        double differenceRe = re[i] - re[i + half];
        double differenceIm = im[i] - im[i + half];
        nextRe[i + p] = re[i] + re[i + half];
        nextIm[i + p] = im[i] + im[i + half];
        nextRe[i + p + stride] = differenceRe * c + differenceIm * s;
        nextIm[i + p + stride] = differenceIm * c - differenceRe * s;
      }
    }
    double[] swap = re;
    re = nextRe;
    nextRe = swap;
    swap = im;
    im = nextIm;
    nextIm = swap;
  }

  private void split(double[] real, double[] imaginary) {
    real[0] = re[0] + im[0];
    imaginary[0] = 0;
    real[points] = re[0] - im[0];
    imaginary[points] = 0;
    for (int k = 1; k < points; k++) {
      double evenRe = 0.5 * (re[k] + re[points - k]);
      double evenIm = 0.5 * (im[k] - im[points - k]);
      double oddRe = 0.5 * (im[k] + im[points - k]);
      double oddIm = 0.5 * (re[points - k] - re[k]);
      real[k] = evenRe + oddRe * cos[k] + oddIm * sin[k];
      imaginary[k] = evenIm + oddIm * cos[k] - oddRe * sin[k];
    }
  }
}
