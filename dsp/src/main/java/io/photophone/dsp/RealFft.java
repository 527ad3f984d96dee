package io.photophone.dsp;

/// The discrete Fourier transform of a block of real samples.
///
/// For samples x it computes X\[k\] = Σ x\[n\] · e^(−2πikn/size) for k from 0 to size / 2.
/// Arithmetic is float: the error is about 1e-7 of the largest bin. A sample that is no finite
/// number spoils all bins. An instance holds tables and work arrays for one size; it allocates
/// nothing per transform and serves one thread at a time.
///
/// Contract: M2.
public final class RealFft {
  /* The even samples become the real parts and the odd samples the imaginary parts of size / 2
   * complex numbers. Their transform is Stockham's: each radix-4 stage combines elements i of the
   * four quarters of the data, for all i, and then moves the results to where the next stage wants
   * them. Combining, rotating and moving are separate loops because the compiler turns a loop into
   * vector instructions only while it is short and everything in it has the same index; that is why
   * the data lies in four arrays and why a factor is stored for each i. At the end the spectra of the
   * even and of the odd samples are told apart by symmetry (Sorensen et al., IEEE Trans. ASSP 35,
   * 849, 1987).
   */
  public static final int SMALLEST_SIZE = 256;
  public static final int LARGEST_SIZE = 65_536;

  private final int size;
  private final int points;
  private final int quarter;
  private final Factors[] factors;
  private final float[] splitCos;
  private final float[] splitSin;
  private float[][] re;
  private float[][] im;
  private float[][] nextRe;
  private float[][] nextIm;
  private final float[] joinedRe;
  private final float[] joinedIm;
  private final float[] mirroredRe;
  private final float[] mirroredIm;

  /// For blocks of `size` samples, a power of two from 256 to 65536.
  public RealFft(int size) {
    checkSize(size);
    this.size = size;
    points = size / 2;
    quarter = points / 4;
    factors = new Factors[(Integer.numberOfTrailingZeros(points) - 1) / 2];
    for (int stage = 0; stage < factors.length; stage++) {
      factors[stage] = new Factors(points, 1 << (2 * stage));
    }
    splitCos = new float[points];
    splitSin = new float[points];
    for (int k = 0; k < points; k++) {
      double angle = 2 * Math.PI * k / size;
      splitCos[k] = (float) Math.cos(angle);
      splitSin[k] = (float) Math.sin(angle);
    }
    re = new float[4][quarter];
    im = new float[4][quarter];
    nextRe = new float[4][quarter];
    nextIm = new float[4][quarter];
    joinedRe = new float[points];
    joinedIm = new float[points];
    mirroredRe = new float[points];
    mirroredIm = new float[points];
  }

  static void checkSize(int size) {
    if (size < SMALLEST_SIZE || size > LARGEST_SIZE || Integer.bitCount(size) != 1) {
      throw new IllegalArgumentException(
          "transform size is %d, allowed: powers of two from %d to %d"
              .formatted(size, SMALLEST_SIZE, LARGEST_SIZE));
    }
  }

  public int size() {
    return size;
  }

  /// How many frequencies a transform has, from 0 to half the sample rate: size / 2 + 1.
  public int bins() {
    return points + 1;
  }

  /// Transforms the first `size` samples into the first `bins()` elements of the two other arrays.
  public void transform(float[] samples, float[] real, float[] imaginary) {
    if (samples.length < size || real.length <= points || imaginary.length <= points) {
      throw new IllegalArgumentException(
          "arrays hold %d samples and %d and %d bins, needed: %d and %d"
              .formatted(samples.length, real.length, imaginary.length, size, points + 1));
    }
    deal(samples);
    for (int stage = 0; stage < factors.length; stage++) {
      combine();
      factors[stage].rotate(re, im);
      move(1 << (2 * stage));
    }
    combineLast();
    join();
    split(real, imaginary);
  }

  /// Puts pairs of samples, as complex numbers, into the four quarters.
  private void deal(float[] samples) {
    for (int h = 0; h < 4; h++) {
      float[] toRe = re[h];
      float[] toIm = im[h];
      int from = 2 * h * quarter;
      for (int i = 0; i < quarter; i++) {
        toRe[i] = samples[from + 2 * i];
        toIm[i] = samples[from + 2 * i + 1];
      }
    }
  }

  /// The four-point transforms of elements i of the quarters, in place.
  private void combine() {
    combine(quarter, re[0], im[0], re[1], im[1], re[2], im[2], re[3], im[3]);
  }

  private static void combine(
      int quarter,
      float[] re0,
      float[] im0,
      float[] re1,
      float[] im1,
      float[] re2,
      float[] im2,
      float[] re3,
      float[] im3) {
    for (int i = 0; i < quarter; i++) {
      float evenSumRe = re0[i] + re2[i];
      float evenSumIm = im0[i] + im2[i];
      float evenDifferenceRe = re0[i] - re2[i];
      float evenDifferenceIm = im0[i] - im2[i];
      float oddSumRe = re1[i] + re3[i];
      float oddSumIm = im1[i] + im3[i];
      float oddDifferenceRe = re1[i] - re3[i];
      float oddDifferenceIm = im1[i] - im3[i];
      re0[i] = evenSumRe + oddSumRe;
      im0[i] = evenSumIm + oddSumIm;
      re1[i] = evenDifferenceRe + oddDifferenceIm;
      im1[i] = evenDifferenceIm - oddDifferenceRe;
      re2[i] = evenSumRe - oddSumRe;
      im2[i] = evenSumIm - oddSumIm;
      re3[i] = evenDifferenceRe - oddDifferenceIm;
      im3[i] = evenDifferenceIm + oddDifferenceRe;
    }
  }

  /// Multiplies each complex number by its cos − i·sin, in place.
  private static void rotate(int quarter, float[] re, float[] im, float[] cos, float[] sin) {
    for (int i = 0; i < quarter; i++) {
      float rotatedRe = re[i] * cos[i] + im[i] * sin[i];
      float rotatedIm = im[i] * cos[i] - re[i] * sin[i];
      re[i] = rotatedRe;
      im[i] = rotatedIm;
    }
  }

  /// Moves run p of quarter k, `stride` elements long, to be run 4p + k of the whole.
  private void move(int stride) {
    if (stride == 1) {
      interleave(re, nextRe);
      interleave(im, nextIm);
    } else if (stride == 4) {
      interleaveFours(re, nextRe);
      interleaveFours(im, nextIm);
    } else {
      for (int k = 0; k < 4; k++) {
        for (int p = 0; p < quarter / stride; p++) {
          int to = (4 * p + k) * stride;
          System.arraycopy(re[k], p * stride, nextRe[to / quarter], to % quarter, stride);
          System.arraycopy(im[k], p * stride, nextIm[to / quarter], to % quarter, stride);
        }
      }
    }
    float[][] swap = re;
    re = nextRe;
    nextRe = swap;
    swap = im;
    im = nextIm;
    nextIm = swap;
  }

  private void interleave(float[][] from, float[][] to) {
    float[] from0 = from[0];
    float[] from1 = from[1];
    float[] from2 = from[2];
    float[] from3 = from[3];
    int part = quarter / 4;
    for (int h = 0; h < 4; h++) {
      float[] target = to[h];
      for (int i = 0; i < part; i++) {
        target[4 * i] = from0[h * part + i];
        target[4 * i + 1] = from1[h * part + i];
        target[4 * i + 2] = from2[h * part + i];
        target[4 * i + 3] = from3[h * part + i];
      }
    }
  }

  private void interleaveFours(float[][] from, float[][] to) {
    int part = quarter / 4;
    for (int h = 0; h < 4; h++) {
      float[] target = to[h];
      for (int k = 0; k < 4; k++) {
        float[] source = from[k];
        for (int i = 0; i < part; i += 4) {
          target[4 * (i + k)] = source[h * part + i];
          target[4 * (i + k) + 1] = source[h * part + i + 1];
          target[4 * (i + k) + 2] = source[h * part + i + 2];
          target[4 * (i + k) + 3] = source[h * part + i + 3];
        }
      }
    }
  }

  /// Combines halves, element by element, in place.
  private static void combineTwo(int quarter, float[] first, float[] second) {
    for (int i = 0; i < quarter; i++) {
      float sum = first[i] + second[i];
      second[i] = first[i] - second[i];
      first[i] = sum;
    }
  }

  /// The last stage, of radix 2 or 4, needs no factors and leaves everything in its place.
  private void combineLast() {
    if (Integer.numberOfTrailingZeros(points) % 2 == 0) {
      combine();
    } else {
      combineTwo(quarter, re[0], re[2]);
      combineTwo(quarter, im[0], im[2]);
      combineTwo(quarter, re[1], re[3]);
      combineTwo(quarter, im[1], im[3]);
    }
  }

  private void join() {
    for (int h = 0; h < 4; h++) {
      System.arraycopy(re[h], 0, joinedRe, h * quarter, quarter);
      System.arraycopy(im[h], 0, joinedIm, h * quarter, quarter);
    }
  }

  /// With Z the transform of the pairs and Z' its conjugate mirror image, the even samples have the
  /// spectrum (Z + Z') / 2 and the odd samples (Z − Z') / 2i.
  private void split(float[] real, float[] imaginary) {
    float firstRe = joinedRe[0];
    float firstIm = joinedIm[0];
    mirror(joinedRe, mirroredRe);
    mirror(joinedIm, mirroredIm);
    split(points, joinedRe, joinedIm, mirroredRe, mirroredIm, splitCos, splitSin, real, imaginary);
    real[0] = firstRe + firstIm;
    imaginary[0] = 0;
    real[points] = firstRe - firstIm;
    imaginary[points] = 0;
  }

  private static void mirror(float[] from, float[] to) {
    int length = from.length;
    to[0] = from[0];
    for (int k = 1; k < length; k++) {
      to[k] = from[length - k];
    }
  }

  private static void split(
      int points,
      float[] re,
      float[] im,
      float[] mirroredRe,
      float[] mirroredIm,
      float[] cos,
      float[] sin,
      float[] real,
      float[] imaginary) {
    for (int k = 0; k < points; k++) {
      float evenRe = 0.5f * (re[k] + mirroredRe[k]);
      float evenIm = 0.5f * (im[k] - mirroredIm[k]);
      float oddRe = 0.5f * (im[k] + mirroredIm[k]);
      float oddIm = 0.5f * (mirroredRe[k] - re[k]);
      real[k] = evenRe + oddRe * cos[k] + oddIm * sin[k];
      imaginary[k] = evenIm + oddIm * cos[k] - oddRe * sin[k];
    }
  }

  /// The factors of one stage: e^(−2πi·p·k·stride / points) for quarter k, p being i / stride.
  private static final class Factors {
    private final float[][] cos;
    private final float[][] sin;

    Factors(int points, int stride) {
      int quarter = points / 4;
      cos = new float[4][quarter];
      sin = new float[4][quarter];
      for (int k = 0; k < 4; k++) {
        for (int i = 0; i < quarter; i++) {
          double angle = 2 * Math.PI * k * (i - i % stride) / points;
          cos[k][i] = (float) Math.cos(angle);
          sin[k][i] = (float) Math.sin(angle);
        }
      }
    }

    void rotate(float[][] re, float[][] im) {
      for (int k = 1; k < 4; k++) {
        RealFft.rotate(cos[k].length, re[k], im[k], cos[k], sin[k]);
      }
    }
  }
}
