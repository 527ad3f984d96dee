package io.photophone.dsp;

import java.util.Arrays;
import java.util.Objects;

/// Changes the sample rate of a stream by a ratio of whole numbers, without adding or moving
/// phases: output j is the input at j · inputRate / outputRate, counted from the first sample.
///
/// What lies below 0.9 of half the lower rate passes within 0.001 %, what lies above half of it is
/// down by 100 dB or more. An output comes once the filter's second half is in, [#latencySamples]
/// inputs later; before the first sample the input counts as zero. A sample that is no finite
/// number spoils the outputs within the filter's length around it and no others. Coefficients and
/// sums are double. The same samples give the same bits, however they are cut. Allocates nothing
/// per sample; for one thread.
///
/// Sources: Crochiere and Rabiner, "Multirate Digital Signal Processing", section 3.3 (polyphase
/// structure); Kaiser and Schafer, IEEE Trans. ASSP 28, 105 (1980) for the window.
///
/// Contract: M2.
public final class RationalResampler {
  private static final double ATTENUATION_DB = 100;
  private static final double PASSED = 0.9;

  /// Keeps the filter below a million coefficients.
  private static final int LARGEST_TERM = 10_000;

  private final int up;
  private final int down;
  private final int half;

  /// Each phase's coefficients in turn, oldest input first.
  private final double[] coefficients;

  private final int taps;

  /// The last `taps` inputs, twice in a row, so that they lie together wherever they begin.
  private final double[] history;

  private int place;

  /// From the last input to the next output's time and half the filter beyond, in input samples
  /// times `up`; the output is due when this is less than one input sample.
  private long ahead;

  /// @param inputRateHz above 0; the ratio in lowest terms has no term above 10 000
  public RationalResampler(int inputRateHz, int outputRateHz) {
    if (inputRateHz < 1 || outputRateHz < 1) {
      throw new IllegalArgumentException(
          "rates are %d and %d Hz, allowed: from 1 Hz".formatted(inputRateHz, outputRateHz));
    }
    int divisor = greatestCommonDivisor(inputRateHz, outputRateHz);
    up = outputRateHz / divisor;
    down = inputRateHz / divisor;
    int largest = Math.max(up, down);
    if (largest > LARGEST_TERM) {
      throw new IllegalArgumentException(
          "from %d to %d Hz is %d : %d, allowed: terms up to %d"
              .formatted(inputRateHz, outputRateHz, down, up, LARGEST_TERM));
    }
    double transition = Math.PI * (1 - PASSED) / largest;
    half = (int) StrictMath.ceil((ATTENUATION_DB - 7.95) / (2.285 * transition) / 2);
    double[] filter = lowPass(half, (1 + PASSED) / (2 * largest), up);
    taps = 2 * half / up + 1;
    coefficients = new double[taps * up];
    for (int phase = 0; phase < up; phase++) {
      for (int tap = 0; tap < taps; tap++) {
        int k = phase + up * (taps - 1 - tap);
        coefficients[phase * taps + tap] = k < filter.length ? filter[k] : 0;
      }
    }
    history = new double[2 * taps];
    reset();
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }

  /// A windowed sinc of 2 · half + 1 coefficients with the sum `gain`.
  ///
  /// @param cutoff as a fraction of half the rate
  private static double[] lowPass(int half, double cutoff, int gain) {
    double beta = 0.1102 * (ATTENUATION_DB - 8.7);
    double[] filter = new double[2 * half + 1];
    double sum = 0;
    for (int k = -half; k <= half; k++) {
      double x = Math.PI * cutoff * k;
      double sinc = k == 0 ? 1 : StrictMath.sin(x) / x;
      double from = (double) k / half;
      filter[k + half] = sinc * bessel(beta * StrictMath.sqrt((1 - from) * (1 + from)));
      sum += filter[k + half];
    }
    for (int k = 0; k < filter.length; k++) {
      filter[k] *= gain / sum;
    }
    return filter;
  }

  /// I₀ by its power series.
  private static double bessel(double x) {
    double term = 1;
    double sum = 1;
    for (int k = 1; term > 1e-17 * sum; k++) {
      term *= (x / (2 * k)) * (x / (2 * k));
      sum += term;
    }
    return sum;
  }

  /// Forgets all samples; the next input is the first.
  public void reset() {
    Arrays.fill(history, 0);
    place = 0;
    ahead = half + (long) up;
  }

  /// How many inputs must follow an output's time before it comes, at most.
  public int latencySamples() {
    return (half + up - 1) / up;
  }

  /// The most outputs that so many inputs can give.
  public int mostOutputs(int inputs) {
    return Math.toIntExact(((long) inputs * up + down - 1) / down);
  }

  /// Takes inputs from `from` to `to`, `to` excluded, and writes the outputs that are due from the
  /// array's beginning; returns how many.
  ///
  /// @throws IllegalArgumentException if the outputs might not fit, before any sample is taken
  public int resample(float[] samples, int from, int to, float[] outputs) {
    Objects.checkFromToIndex(from, to, samples.length);
    int most = mostOutputs(to - from);
    if (outputs.length < most) {
      throw new IllegalArgumentException(
          "%d samples give up to %d, there is room for %d"
              .formatted(to - from, most, outputs.length));
    }
    int count = 0;
    for (int i = from; i < to; i++) {
      history[place] = samples[i];
      history[place + taps] = samples[i];
      place = place + 1 == taps ? 0 : place + 1;
      ahead -= up;
      while (ahead < up) {
        outputs[count] = (float) output((int) ahead);
        count++;
        ahead += down;
      }
    }
    return count;
  }

  private double output(int phase) {
    double sum = 0;
    int first = phase * taps;
    for (int tap = 0; tap < taps; tap++) {
      sum += coefficients[first + tap] * history[place + tap];
    }
    return sum;
  }
}
