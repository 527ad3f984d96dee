package io.photophone.analysis.resonance;

import io.photophone.model.Range;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A sweep in equal steps of frequency, each held for the same time; the phase of the modulation
/// goes on from step to step without a jump, and is that of a cosine at the sweep's first sample.
///
/// Each step begins with a part in which the resonance settles and that is not measured: until its
/// free ringing has fallen to a hundred-thousandth, which takes ln(10⁵) times Q / (π f).
///
/// @param fromHz frequency of the first step
/// @param toHz frequency of the last step, above `fromHz`
/// @param steps how many
/// @param dwell length of a step
/// @param expectedQuality quality factor for which a step has time to settle
public record SweepPlan(
    double fromHz, double toHz, int steps, Duration dwell, double expectedQuality) {
  public static final Range FREQUENCY_HZ = Range.closed(10, 96_000);
  public static final Range STEPS = Range.closed(7, 2000);
  public static final Range DWELL_S = Range.closed(0.01, 600);
  public static final Range EXPECTED_QUALITY = Range.closed(1, 10_000);

  public static final SweepPlan DEFAULT =
      new SweepPlan(1900, 2100, 41, Duration.ofMillis(400), 100);

  private static final double LN_OF_REMAINDER = Math.log(1e5);

  /// A step is measured in this many blocks, each of some periods.
  private static final int FEWEST_PERIODS = 4 * StepBlocks.BLOCKS;

  public SweepPlan {
    FREQUENCY_HZ.check("from_hz", fromHz);
    FREQUENCY_HZ.check("to_hz", toHz);
    STEPS.check("steps", steps);
    DWELL_S.check("dwell_s", seconds(dwell));
    EXPECTED_QUALITY.check("expected_quality", expectedQuality);
    if (!(fromHz < toHz)) {
      throw new IllegalArgumentException(
          "to_hz is %s, allowed: above from_hz, which is %s".formatted(toHz, fromHz));
    }
    double needed = settlingSeconds(fromHz, expectedQuality) + FEWEST_PERIODS / fromHz;
    if (seconds(dwell) < needed) {
      throw new IllegalArgumentException(
          "dwell_s is %s, allowed at %s Hz with an expected quality of %s: from %.3f"
              .formatted(seconds(dwell), fromHz, expectedQuality, needed));
    }
  }

  /// The same plan where a value that isn't null takes its place.
  ///
  /// @param dwellSeconds length of a step, s
  public SweepPlan with(
      @Nullable Double otherFromHz,
      @Nullable Double otherToHz,
      @Nullable Integer otherSteps,
      @Nullable Double dwellSeconds,
      @Nullable Double otherQuality) {
    return new SweepPlan(
        otherFromHz == null ? fromHz : otherFromHz,
        otherToHz == null ? toHz : otherToHz,
        otherSteps == null ? steps : otherSteps,
        dwellSeconds == null
            ? dwell
            : Duration.ofNanos(Math.round(DWELL_S.check("dwell_s", dwellSeconds) * 1e9)),
        otherQuality == null ? expectedQuality : otherQuality);
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  private static double settlingSeconds(double hz, double quality) {
    return LN_OF_REMAINDER * quality / (Math.PI * hz);
  }

  /// Refuses a sample rate that doesn't carry the highest frequency.
  public void checkRate(int sampleRateHz) {
    Range.between(0, sampleRateHz / 2.0).check("to_hz", toHz);
  }

  /// The laser's frequency during a step, counted from 0.
  public double frequencyHz(int step) {
    return fromHz + (toHz - fromHz) * step / (steps - 1);
  }

  /// First sample of a step, counted from the sweep's first; of the step after the last, the
  /// sweep's length.
  public long firstSample(int step, int sampleRateHz) {
    return Math.round(step * seconds(dwell) * sampleRateHz);
  }

  /// Samples of the whole sweep.
  public long length(int sampleRateHz) {
    return firstSample(steps, sampleRateHz);
  }

  /// Samples at the beginning of a step that aren't measured.
  public long settlingSamples(int step, int sampleRateHz) {
    return (long) Math.ceil(settlingSeconds(frequencyHz(step), expectedQuality) * sampleRateHz);
  }

  /// The phase of the modulation at the first sample of a step, as a fraction of a cycle in [0, 1).
  double cyclesAtStart(int step, int sampleRateHz) {
    double cycles = 0;
    for (int each = 0; each < step; each++) {
      long samples = firstSample(each + 1, sampleRateHz) - firstSample(each, sampleRateHz);
      cycles += samples * frequencyHz(each) / sampleRateHz;
      cycles -= Math.floor(cycles);
    }
    return cycles;
  }
}
