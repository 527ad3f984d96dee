package io.photophone.analysis;

import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import io.photophone.model.Phasor;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Readings of one second each, made without a measurement.
public final class TestReadings {
  private static final int RATE_HZ = 48_000;

  private TestReadings() {}

  /// The reading of a second, in ppm with an uncertainty of 1 ppm.
  public static Reading ppm(long second, double value, ReadingFlag... flags) {
    return of("gas", second, new Concentration(value, 1, ConcentrationUnit.PPM, "test"), flags);
  }

  public static Reading of(
      String gas, long second, @Nullable Concentration concentration, ReadingFlag... flags) {
    Set<ReadingFlag> all = EnumSet.noneOf(ReadingFlag.class);
    all.addAll(Set.of(flags));
    return new Reading(
        "cell",
        gas,
        second * RATE_HZ,
        (second + 1) * RATE_HZ,
        RATE_HZ,
        null,
        2000,
        Phasor.NONE,
        Double.NaN,
        Environment.UNKNOWN,
        null,
        concentration,
        all);
  }
}
