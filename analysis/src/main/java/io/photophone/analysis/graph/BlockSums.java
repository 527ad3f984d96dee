package io.photophone.analysis.graph;

import io.photophone.dsp.Complex;
import io.photophone.dsp.LockIn;
import io.photophone.model.Phasor;
import java.util.Arrays;
import java.util.function.DoubleFunction;

/// The lock-in's sums over the 64 blocks of one window, and what they say: the signal, its noise,
/// and whether it changed within the window.
///
/// Blocks that are incomplete, or during which a filter settled, are left out. For one thread; a
/// window's end costs a few thousand operations, a sample none.
final class BlockSums {
  /* Signal. The sum over all usable blocks gives the phasor, the image at twice the frequency taken
   * out exactly, and the filters' response divides it.
   *
   * Noise. What is left of each block once the signal is taken away is a series of complex numbers,
   * of which a straight line is taken away too, so that a drift of the gas is no noise. Its spectrum
   * at ±2 … ±16 cycles per window, beside the signal and as narrow as the measurement itself, tells
   * the noise at the signal: each side bin is divided by what the filters and the blocks let
   * through there, and the mean by what the line took. The variance of X, and of Y, is half of one
   * block's complex variance over the number of blocks.
   *
   * Change. Sixteen groups of four blocks are compared with their median. The yardstick is robust:
   * the median of |successive differences|², since for complex Gaussian numbers the median is ln 2 of
   * the mean, and one step in the window is one difference.
   */
  static final int BLOCKS = 64;
  static final int BLOCKS_IN_GROUP = 4;

  /// Half width of the filters' band, in cycles per window, that leaves enough side bins for the
  /// noise.
  static final int FEWEST_SIDE_BINS = 4;

  /// Power of the filters within their band, over that at the centre; an edge has a half.
  private static final double IN_BAND = 0.49;

  private static final int GROUPS = BLOCKS / BLOCKS_IN_GROUP;
  private static final int FIRST_SIDE_BIN = 2;
  private static final int LAST_SIDE_BIN = 16;

  private static final double LN_2 = 0.6931471805599453;
  private static final double CHANGE_IN_SIGMAS = 6;
  private static final double CHANGE_OF_AMPLITUDE = 0.001;

  private final LockIn lockIn;
  private final long windowLength;
  private final double sampleRateHz;
  private final Complex response;
  private final double groupOverDifference;

  /// Indexed by side bin; zero where the filters are too narrow for it.
  private final double[] sideBinPower = new double[LAST_SIDE_BIN + 1];

  private final Complex[] turns = new Complex[BLOCKS];
  private final Complex[] sums = new Complex[BLOCKS];
  private final boolean[] usable = new boolean[BLOCKS];

  /// @param filters response of what the samples passed before the lock-in, over cycles per sample
  /// @throws IllegalArgumentException if the filters are too narrow for windows so short
  BlockSums(
      LockIn lockIn,
      DoubleFunction<Complex> filters,
      double cyclesPerSample,
      double sampleRateHz,
      long windowLength) {
    this.lockIn = lockIn;
    this.windowLength = windowLength;
    this.sampleRateHz = sampleRateHz;
    response = filters.apply(cyclesPerSample);
    NoiseShape shape = new NoiseShape(filters, cyclesPerSample, windowLength);
    groupOverDifference = shape.groupOverDifference();
    int highest = FIRST_SIDE_BIN - 1;
    while (highest < LAST_SIDE_BIN && inBand(shape, highest + 1)) {
      highest++;
      sideBinPower[highest] = (shape.binPower(highest) + shape.binPower(-highest)) / 2;
    }
    double seconds = windowLength / sampleRateHz;
    if (highest < FEWEST_SIDE_BINS || windowLength < BLOCKS) {
      throw new IllegalArgumentException(
          "the filters before it are too narrow around %s Hz for readings over %s s, needed: ± %s Hz"
              .formatted(cyclesPerSample * sampleRateHz, seconds, FEWEST_SIDE_BINS / seconds));
    }
    for (int k = 0; k < BLOCKS; k++) {
      turns[k] = Complex.atCycles((double) k / BLOCKS);
    }
    Arrays.fill(sums, Complex.ZERO);
  }

  private static boolean inBand(NoiseShape shape, int bin) {
    return shape.powerAt(bin) >= IN_BAND && shape.powerAt(-bin) >= IN_BAND;
  }

  /// First sample of a block, counted from the window's first; of block 64, the window's length.
  long offset(int block) {
    return block * windowLength / BLOCKS;
  }

  void clear() {
    Arrays.fill(usable, false);
  }

  /// Adds a complete block that saw a settled filter.
  void put(int block, Complex sum) {
    sums[block] = sum;
    usable[block] = true;
  }

  /// What the usable blocks of the window that begins at this sample say.
  Estimate estimate(long windowStart) {
    int blocks = 0;
    long samples = 0;
    Complex sum = Complex.ZERO;
    Complex image = Complex.ZERO;
    for (int k = 0; k < BLOCKS; k++) {
      if (usable[k]) {
        blocks++;
        samples += length(k);
        sum = sum.plus(sums[k]);
        image = image.plus(image(windowStart, k));
      }
    }
    if (2 * blocks < BLOCKS) {
      return Estimate.NONE;
    }
    Complex filtered = LockIn.signal(sum, image, samples);
    Complex[] deviations = deviations(windowStart, filtered);
    Complex signal = filtered.dividedBy(response);
    double uncertainty =
        Math.sqrt(variance(deviations, blocks) / (2 * blocks) / response.squaredMagnitude());
    return new Estimate(
        new Phasor(signal.re(), signal.im(), uncertainty),
        uncertainty * Math.sqrt(2 * samples / sampleRateHz),
        changed(deviations, Math.sqrt(filtered.squaredMagnitude())));
  }

  private long length(int block) {
    return offset(block + 1) - offset(block);
  }

  private Complex image(long windowStart, int block) {
    return lockIn.image(windowStart + offset(block), windowStart + offset(block + 1));
  }

  /// How far the phasor of each usable block is from that of the window.
  private Complex[] deviations(long windowStart, Complex filtered) {
    Complex[] deviations = new Complex[BLOCKS];
    Arrays.fill(deviations, Complex.ZERO);
    for (int k = 0; k < BLOCKS; k++) {
      if (usable[k]) {
        Complex expected = LockIn.expectedSum(filtered, image(windowStart, k), length(k));
        deviations[k] = sums[k].minus(expected).times(2.0 / length(k));
      }
    }
    return deviations;
  }

  /// The mean square of one block's complex noise, as it would be if all of it were as strong as at
  /// the modulation frequency.
  private double variance(Complex[] deviations, int blocks) {
    double centre = 0;
    Complex mean = Complex.ZERO;
    for (int k = 0; k < BLOCKS; k++) {
      if (usable[k]) {
        centre += (double) k / blocks;
        mean = mean.plus(deviations[k].times(1.0 / blocks));
      }
    }
    double spread = 0;
    Complex slope = Complex.ZERO;
    for (int k = 0; k < BLOCKS; k++) {
      if (usable[k]) {
        spread += (k - centre) * (k - centre);
        slope = slope.plus(deviations[k].times(k - centre));
      }
    }
    slope = slope.times(1 / spread);
    Complex[] rests = new Complex[BLOCKS];
    for (int k = 0; k < BLOCKS; k++) {
      rests[k] = deviations[k].minus(mean).minus(slope.times(k - centre));
    }
    double power = 0;
    double freedom = 0;
    for (int bin = -LAST_SIDE_BIN; bin <= LAST_SIDE_BIN; bin++) {
      double binPower = sideBinPower[Math.abs(bin)];
      if (binPower > 0) {
        power += powerAt(bin, rests) / binPower;
        freedom += freedomAt(bin, blocks, centre, spread);
      }
    }
    return power / freedom;
  }

  /// |Σ rest · e^(−2πi·bin·k / 64)|² over the usable blocks.
  private double powerAt(int bin, Complex[] rests) {
    double re = 0;
    double im = 0;
    for (int k = 0; k < BLOCKS; k++) {
      if (usable[k]) {
        Complex turn = turn(bin, k);
        re += rests[k].re() * turn.re() - rests[k].im() * turn.im();
        im += rests[k].re() * turn.im() + rests[k].im() * turn.re();
      }
    }
    return re * re + im * im;
  }

  /// What that power is on average, if the variance of a block is one: the number of blocks, less
  /// what the level and the slope of a line took.
  private double freedomAt(int bin, int blocks, double centre, double spread) {
    double levelRe = 0;
    double levelIm = 0;
    double slopeRe = 0;
    double slopeIm = 0;
    for (int k = 0; k < BLOCKS; k++) {
      if (usable[k]) {
        Complex turn = turn(bin, k);
        levelRe += turn.re();
        levelIm += turn.im();
        slopeRe += turn.re() * (k - centre);
        slopeIm += turn.im() * (k - centre);
      }
    }
    return blocks
        - (levelRe * levelRe + levelIm * levelIm) / blocks
        - (slopeRe * slopeRe + slopeIm * slopeIm) / spread;
  }

  private Complex turn(int bin, int block) {
    return turns[Math.floorMod(-bin * block, BLOCKS)];
  }

  private boolean changed(Complex[] deviations, double amplitude) {
    double[] re = new double[GROUPS];
    double[] im = new double[GROUPS];
    int[] blocks = new int[GROUPS];
    int groups = 0;
    for (int first = 0; first < BLOCKS; first += BLOCKS_IN_GROUP) {
      Complex sum = Complex.ZERO;
      int count = 0;
      for (int k = first; k < first + BLOCKS_IN_GROUP; k++) {
        sum = sum.plus(deviations[k]);
        count += usable[k] ? 1 : 0;
      }
      if (count > 0) {
        re[groups] = sum.re() / count;
        im[groups] = sum.im() / count;
        blocks[groups] = count;
        groups++;
      }
    }
    Complex middle = new Complex(median(re, groups), median(im, groups));
    double groupVariance = groupVariance(deviations);
    double smallest = CHANGE_OF_AMPLITUDE * amplitude;
    for (int g = 0; g < groups; g++) {
      double distance = new Complex(re[g], im[g]).minus(middle).squaredMagnitude();
      double variance = groupVariance * BLOCKS_IN_GROUP / blocks[g];
      if (distance > CHANGE_IN_SIGMAS * CHANGE_IN_SIGMAS * variance
          && distance > smallest * smallest) {
        return true;
      }
    }
    return false;
  }

  /// Variance that noise gives to each component of a whole group.
  private double groupVariance(Complex[] deviations) {
    double[] squares = new double[BLOCKS - 1];
    int count = 0;
    for (int k = 1; k < BLOCKS; k++) {
      if (usable[k - 1] && usable[k]) {
        squares[count] = deviations[k].minus(deviations[k - 1]).squaredMagnitude();
        count++;
      }
    }
    return median(squares, count) / LN_2 * groupOverDifference / 2;
  }

  /// The median of the first `count` values; of none, NaN.
  private static double median(double[] values, int count) {
    if (count == 0) {
      return Double.NaN;
    }
    double[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
  }

  /// @param noiseDensity √(2 · duration) times the uncertainty of X: √2 times the one-sided density
  ///   in rms
  /// @param changed whether the signal differed from one part of the window to another
  record Estimate(Phasor phasor, double noiseDensity, boolean changed) {
    static final Estimate NONE = new Estimate(Phasor.NONE, Double.NaN, false);

    /// Whether the signal differs, by the same yardsticks, from that of another window.
    boolean differsFrom(Phasor other) {
      double distance =
          Math.hypot(phasor.inPhase() - other.inPhase(), phasor.quadrature() - other.quadrature());
      double uncertainty = Math.hypot(phasor.standardUncertainty(), other.standardUncertainty());
      return distance > CHANGE_IN_SIGMAS * uncertainty
          && distance > CHANGE_OF_AMPLITUDE * phasor.amplitude();
    }
  }
}
