package io.photophone.dsp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Frequency, amplitude and phase of the strongest tone in a band, from one block of samples.
///
/// The peak of a Hann-weighted spectrum gives the start, and a least-squares fit of a sinusoid and
/// a constant, with the same weights, the numbers; the weights keep hum and harmonics some bins
/// away from biasing it, for an uncertainty some 1.2 times that of equal weights. Without noise it
/// is as exact as the samples. The uncertainties follow from the residual's power near the tone's
/// frequency, as of white noise.
///
/// Allocates only its result; for one thread.
///
/// Sources: IEEE Std 1057-2017, annex B (four-parameter sine fit); Grandke, IEEE Trans. Instrum.
/// Meas. 32, 350 (1983) for the start.
///
/// Contract: M3.
public final class ToneEstimator {
  /* The fit's unknowns are a, b, c and a step of w in a·cos(wm) + b·sin(wm) + c, m being counted from
   * the block's centre, where amplitude and phase don't depend on the frequency. */
  private static final int UNKNOWNS = 4;
  private static final int MOST_STEPS = 20;

  /// A tone closer to 0 or to half the rate shares its bins with its own image.
  private static final int FEWEST_PERIODS = 2;

  /// Of the start: farther away is another peak.
  private static final double WIDEST_CORRECTION_BINS = 1;

  /// Where noise is taken from, in bins beside the tone.
  private static final int NOISE_FROM_BINS = 3;

  private static final int NOISE_TO_BINS = 24;

  private final int size;
  private final double rateHz;
  private final DoubleFft fft;
  private final double[] weights;
  private final double[] block;
  private final double[] weighted;
  private final double[] real;
  private final double[] imaginary;
  private final double[][] normal = new double[UNKNOWNS][UNKNOWNS];
  private final double[] right = new double[UNKNOWNS];

  /// Variances of amplitude and of a frequency in radians for each sample, for noise of variance 1
  /// and amplitude 1.
  private final double amplitudeVariance;

  private final double frequencyVariance;
  private final double squaredWeights;

  private double cyclesPerSample;
  private double cosine;
  private double sine;
  private double constant;

  /// @param size a power of two from 256 to 65536
  public ToneEstimator(int size, double rateHz) {
    this.size = size;
    this.rateHz = rateHz;
    fft = new DoubleFft(size);
    weights = Window.HANN.values(size);
    block = new double[size];
    weighted = new double[size];
    real = new double[size / 2 + 1];
    imaginary = new double[size / 2 + 1];
    double w = 0;
    double ww = 0;
    double wmm = 0;
    double wwmm = 0;
    for (int n = 0; n < size; n++) {
      double m = n - size / 2.0;
      w += weights[n];
      ww += weights[n] * weights[n];
      wmm += weights[n] * m * m;
      wwmm += weights[n] * weights[n] * m * m;
    }
    squaredWeights = ww;
    amplitudeVariance = 2 * ww / (w * w);
    frequencyVariance = 2 * wwmm / (wmm * wmm);
  }

  /// The strongest tone between two frequencies in the first `size` samples; null where there is
  /// none: the samples are zero in that band, one is no finite number, or no sinusoid fits near the
  /// peak. Noise has a strongest tone too: compare the amplitude with its uncertainty.
  ///
  /// @param lowHz from 0, less than `highHz`
  /// @param highHz up to half the rate; two bins at both ends of the spectrum are never searched
  public @Nullable Tone estimate(float[] samples, double lowHz, double highHz) {
    checkLength(samples.length);
    for (int n = 0; n < size; n++) {
      block[n] = samples[n];
    }
    return estimate(lowHz, highHz);
  }

  /// Like [#estimate(float\[\], double, double)].
  public @Nullable Tone estimate(double[] samples, double lowHz, double highHz) {
    checkLength(samples.length);
    System.arraycopy(samples, 0, block, 0, size);
    return estimate(lowHz, highHz);
  }

  /// Refuses a band that can't be searched: it isn't rising, or reaches beyond half the rate.
  public void checkBand(double lowHz, double highHz) {
    if (!(0 <= lowHz && lowHz < highHz && highHz <= rateHz / 2)) {
      throw new IllegalArgumentException(
          "band is %s to %s Hz, allowed: rising, from 0 to %s Hz"
              .formatted(lowHz, highHz, rateHz / 2));
    }
  }

  private void checkLength(int length) {
    if (length < size) {
      throw new IllegalArgumentException("%d samples, needed: %d".formatted(length, size));
    }
  }

  private @Nullable Tone estimate(double lowHz, double highHz) {
    checkBand(lowHz, highHz);
    for (int n = 0; n < size; n++) {
      if (!Double.isFinite(block[n])) {
        return null;
      }
      weighted[n] = block[n] * weights[n];
    }
    fft.transform(weighted, real, imaginary);
    int peak = peak(lowHz, highHz);
    if (power(peak) == 0) {
      return null;
    }
    return fit(interpolated(peak)) ? tone(peak) : null;
  }

  private int peak(double lowHz, double highHz) {
    int last = size / 2 - FEWEST_PERIODS;
    int from = clamp((int) Math.ceil(lowHz / rateHz * size), FEWEST_PERIODS, last);
    int to = clamp((int) Math.floor(highHz / rateHz * size), from, last);
    int peak = from;
    for (int k = from; k <= to; k++) {
      if (power(k) > power(peak)) {
        peak = k;
      }
    }
    return peak;
  }

  private static int clamp(int value, int from, int to) {
    return Math.max(from, Math.min(to, value));
  }

  private double power(int bin) {
    return real[bin] * real[bin] + imaginary[bin] * imaginary[bin];
  }

  /// The bin of the tone with its fraction, from the ratio of the two highest bins.
  private double interpolated(int peak) {
    int side = power(peak + 1) > power(peak - 1) ? 1 : -1;
    double ratio = Math.sqrt(power(peak + side) / power(peak));
    return peak + side * (2 * ratio - 1) / (1 + ratio);
  }

  private boolean fit(double startBin) {
    double start = startBin / size;
    cyclesPerSample = start;
    sumUp(UNKNOWNS - 1);
    if (!solve(UNKNOWNS - 1)) {
      return false;
    }
    for (int step = 0; step < MOST_STEPS; step++) {
      sumUp(UNKNOWNS);
      if (!solve(UNKNOWNS)) {
        return false;
      }
      double correction = right[3] / (Math.PI * size);
      cyclesPerSample += correction;
      if (!(Math.abs(cyclesPerSample - start) * size < WIDEST_CORRECTION_BINS)) {
        return false;
      }
      if (Math.abs(correction) <= 2 * Math.ulp(cyclesPerSample)) {
        return true;
      }
    }
    // The steps no longer shrink: they are rounding.
    return true;
  }

  /// The normal equations of the first unknowns at the present frequency.
  private void sumUp(int unknowns) {
    for (int i = 0; i < unknowns; i++) {
      Arrays.fill(normal[i], 0);
      right[i] = 0;
    }
    Complex turn = Complex.atCycles(cyclesPerSample);
    Complex first = Complex.atCycles(-cyclesPerSample * size * 0.5);
    double cos = first.re();
    double sin = first.im();
    for (int n = 0; n < size; n++) {
      double weight = weights[n];
      // In half block lengths, to keep the equations well conditioned.
      double slope = (2.0 * n / size - 1) * (sine * cos - cosine * sin);
      double weightedCos = weight * cos;
      double weightedSin = weight * sin;
      double weightedSlope = weight * slope;
      normal[0][0] += weightedCos * cos;
      normal[1][0] += weightedSin * cos;
      normal[1][1] += weightedSin * sin;
      normal[2][0] += weightedCos;
      normal[2][1] += weightedSin;
      normal[2][2] += weight;
      normal[3][0] += weightedSlope * cos;
      normal[3][1] += weightedSlope * sin;
      normal[3][2] += weightedSlope;
      normal[3][3] += weightedSlope * slope;
      right[0] += weightedCos * block[n];
      right[1] += weightedSin * block[n];
      right[2] += weight * block[n];
      right[3] += weightedSlope * block[n];
      double turned = cos * turn.re() - sin * turn.im();
      sin = sin * turn.re() + cos * turn.im();
      cos = turned;
    }
  }

  private boolean solve(int unknowns) {
    if (!Cholesky.factor(normal, unknowns)) {
      return false;
    }
    Cholesky.solve(normal, right, unknowns);
    cosine = right[0];
    sine = right[1];
    constant = right[2];
    return true;
  }

  private Tone tone(int peak) {
    double amplitude = Math.hypot(cosine, sine);
    double variance = noiseVariance(peak);
    double relative = variance / (amplitude * amplitude);
    double phase = Math.atan2(-sine, cosine) - 2 * Math.PI * fraction(cyclesPerSample * size * 0.5);
    double phaseVariance =
        relative * (amplitudeVariance + frequencyVariance * (size / 2.0) * (size / 2.0));
    return new Tone(
        new Estimate(
            cyclesPerSample * rateHz,
            Math.sqrt(relative * frequencyVariance) * rateHz / (2 * Math.PI)),
        new Estimate(amplitude, Math.sqrt(variance * amplitudeVariance)),
        new Estimate(wrapped(phase), Math.sqrt(phaseVariance)));
  }

  private static double fraction(double cycles) {
    return cycles - Math.floor(cycles);
  }

  private static double wrapped(double phase) {
    double wrapped = phase - 2 * Math.PI * Math.floor(phase / (2 * Math.PI));
    return wrapped > Math.PI ? wrapped - 2 * Math.PI : wrapped;
  }

  /// Of the samples, if their noise everywhere were as dense as it is beside the tone.
  private double noiseVariance(int peak) {
    Complex turn = Complex.atCycles(cyclesPerSample);
    Complex first = Complex.atCycles(-cyclesPerSample * size * 0.5);
    double cos = first.re();
    double sin = first.im();
    for (int n = 0; n < size; n++) {
      weighted[n] = weights[n] * (block[n] - cosine * cos - sine * sin - constant);
      double turned = cos * turn.re() - sin * turn.im();
      sin = sin * turn.re() + cos * turn.im();
      cos = turned;
    }
    fft.transform(weighted, real, imaginary);
    double sum = 0;
    int count = 0;
    for (int distance = NOISE_FROM_BINS; distance <= NOISE_TO_BINS; distance++) {
      if (peak - distance >= 1) {
        sum += power(peak - distance);
        count++;
      }
      if (peak + distance < size / 2) {
        sum += power(peak + distance);
        count++;
      }
    }
    return sum / count / squaredWeights;
  }
}
