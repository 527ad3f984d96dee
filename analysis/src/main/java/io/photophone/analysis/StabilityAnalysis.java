package io.photophone.analysis;

import io.photophone.dsp.AllanDeviation;
import io.photophone.model.Concentration;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import io.photophone.model.Stability;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// From readings of a steady gas to the Allan deviation and the detection limit.
///
/// The deviation asks for values at equal intervals, so the longest run of readings counts that
/// follow each other without a break, with one calibration. Breaks are not bridged: what would
/// stand there is invented. A reading without a concentration, with a gap or clipping, or in which
/// the gas changed ends a run; one below the noise doesn't, since that is what zero gas gives.
///
/// The limit is that of three standard deviations (IUPAC, k = 3), taken from the Allan deviation
/// for each averaging time, as Werle, Mücke and Slemr do (Appl. Phys. B 57, 131, 1993). Contract:
/// M9.
public final class StabilityAnalysis {
  /// Fewer say nothing about any scatter.
  public static final int FEWEST = 10;

  private static final double COVERAGE = 3;
  private static final Set<ReadingFlag> BREAKS =
      EnumSet.of(ReadingFlag.GAP, ReadingFlag.CLIPPED, ReadingFlag.SETTLING);

  private StabilityAnalysis() {}

  /// A reading that counts.
  private record Sample(Reading reading, Concentration concentration) {
    static @Nullable Sample of(Reading reading) {
      Concentration concentration = reading.concentration();
      return concentration == null
              || !Double.isFinite(concentration.value())
              || reading.flags().stream().anyMatch(BREAKS::contains)
          ? null
          : new Sample(reading, concentration);
    }

    boolean isFollowedBy(Sample next) {
      return reading.toSample() == next.reading.fromSample()
          && reading.sampleRateHz() == next.reading.sampleRateHz()
          && concentration.unit() == next.concentration.unit()
          && concentration.calibrationId().equals(next.concentration.calibrationId());
    }
  }

  /// What the readings tell.
  ///
  /// @param readings of one gas, oldest first
  /// @throws IllegalArgumentException if they are of several gases, or if too few of them follow
  ///   each other; the message says how many do
  public static Stability of(List<Reading> readings) {
    List<String> gases = readings.stream().map(Reading::gas).distinct().toList();
    if (gases.size() > 1) {
      throw new IllegalArgumentException(
          "readings of %s, allowed: of one gas".formatted(String.join(", ", gases)));
    }
    List<Sample> run = longestRun(readings);
    if (run.size() < FEWEST) {
      throw new IllegalArgumentException(
          "%d of %d readings have a concentration and follow each other without a break, needed: %d"
              .formatted(run.size(), readings.size(), FEWEST));
    }
    return of(gases.getFirst(), run, readings.size() - run.size());
  }

  /// The newest of the longest, so that of two equal ones the present counts.
  private static List<Sample> longestRun(List<Reading> readings) {
    List<Sample> longest = List.of();
    List<Sample> run = new ArrayList<>();
    for (Reading reading : readings) {
      Sample sample = Sample.of(reading);
      if (sample == null || (!run.isEmpty() && !run.getLast().isFollowedBy(sample))) {
        run = new ArrayList<>();
      }
      if (sample != null) {
        run.add(sample);
      }
      longest = run.size() >= longest.size() ? run : longest;
    }
    return longest;
  }

  private static Stability of(String gas, List<Sample> run, int leftOut) {
    Reading first = run.getFirst().reading();
    double interval = (run.getLast().reading().toSeconds() - first.fromSeconds()) / run.size();
    double[] values = run.stream().mapToDouble(each -> each.concentration().value()).toArray();
    List<AllanDeviation.Point> deviations = AllanDeviation.overlapping(values, interval);
    double single = deviations.getFirst().deviation();
    List<Stability.Point> points = deviations.stream().map(each -> point(each, single)).toList();
    double mean = mean(values);
    double scatter = standardDeviation(values, mean);
    return new Stability(
        gas,
        run.getFirst().concentration().unit().wireName(),
        run.size(),
        leftOut,
        first.fromSeconds(),
        interval,
        mean,
        scatter,
        Math.abs(mean) <= COVERAGE * scatter ? COVERAGE * scatter : null,
        points,
        points.stream().min(Comparator.comparingDouble(Stability.Point::upper)).orElseThrow());
  }

  private static Stability.Point point(AllanDeviation.Point point, double single) {
    return new Stability.Point(
        point.averaged(),
        point.averagingSeconds(),
        point.deviation(),
        point.lower(),
        point.upper(),
        COVERAGE * point.deviation(),
        single / Math.sqrt(point.averaged()));
  }

  private static double mean(double[] values) {
    double mean = 0;
    for (int i = 0; i < values.length; i++) {
      mean += (values[i] - mean) / (i + 1);
    }
    return mean;
  }

  private static double standardDeviation(double[] values, double mean) {
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / (values.length - 1));
  }
}
