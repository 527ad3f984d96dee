package io.photophone.acquisition.source;

/// Gaussian noise whose power density falls as 1/f, within 1 dB from 1 Hz to a third of the sample
/// rate, and is flat below 0.1 Hz. Its variance over all frequencies is 1, from the first value on.
///
/// One white noise through first-order low-passes in parallel, their corners an octave apart and
/// each weighted by the inverse root of its corner: ∫ ω^(−1/2) / (1 + s/ω) d(ln ω) is proportional
/// to s^(−1/2), whose square is 1/f. The corners that lie beyond half the rate pass everything, so
/// the white noise itself stands for them.
final class PinkNoise {
  private static final double LOWEST_CORNER_HZ = 0.1;

  private final WhiteNoise white;
  private final double[] pole;
  private final double[] weight;
  private final double[] state;
  private final double direct;

  PinkNoise(WhiteNoise white, int sampleRateHz) {
    this.white = white;
    double octaves = StrictMath.log(sampleRateHz / 2.0 / LOWEST_CORNER_HZ) / StrictMath.log(2);
    int corners = (int) Math.ceil(octaves);
    pole = new double[corners];
    weight = new double[corners];
    state = new double[corners];
    double cornerHz = LOWEST_CORNER_HZ;
    for (int k = 0; k < corners; k++, cornerHz *= 2) {
      pole[k] = StrictMath.exp(-2 * Math.PI * cornerHz / sampleRateHz);
      weight[k] = (1 - pole[k]) / Math.sqrt(cornerHz);
    }
    double unscaledDirect = 1 / Math.sqrt(cornerHz / 2);
    double scale = 1 / Math.sqrt(variance(unscaledDirect));
    direct = unscaledDirect * scale;
    for (int k = 0; k < corners; k++) {
      weight[k] *= scale;
    }
    settle();
  }

  /// Of the sum of all low-passes, whose outputs are correlated: the impulse responses `weight ·
  /// pole^n` multiplied and summed over n.
  private double variance(double unscaledDirect) {
    double variance = unscaledDirect * unscaledDirect;
    for (int j = 0; j < pole.length; j++) {
      variance += 2 * unscaledDirect * weight[j];
      for (int k = 0; k < pole.length; k++) {
        variance += weight[j] * weight[k] / (1 - pole[j] * pole[k]);
      }
    }
    return variance;
  }

  /// Gives the low-passes the past that they would have.
  private void settle() {
    double slowestSamples = 1 / (1 - pole[0]);
    for (int n = 0; n < 3 * slowestSamples; n++) {
      next();
    }
  }

  double next() {
    double input = white.next();
    double sum = direct * input;
    for (int k = 0; k < pole.length; k++) {
      state[k] = state[k] * pole[k] + weight[k] * input;
      sum += state[k];
    }
    return sum;
  }
}
