package io.photophone.model;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How an amount of gas is told: as a mole fraction, or as a mass in a volume of air.
public enum ConcentrationUnit {
  PPM("ppm", 1),
  PPB("ppb", 1e-3),
  MG_PER_M3("mg/m³", Double.NaN);

  public static final List<String> WIRE_NAMES = Stream.of(values()).map(u -> u.wireName).toList();

  private final String wireName;
  private final double ppm;

  ConcentrationUnit(String wireName, double ppm) {
    this.wireName = wireName;
    this.ppm = ppm;
  }

  /// The name in files and answers, as in `mg/m³`.
  public String wireName() {
    return wireName;
  }

  /// Whether it tells a mass in a volume, not a mole fraction.
  public boolean isMass() {
    return Double.isNaN(ppm);
  }

  /// The unit of that name.
  ///
  /// @throws IllegalArgumentException for any other name
  public static ConcentrationUnit named(String wireName) {
    return Stream.of(values())
        .filter(unit -> unit.wireName.equals(wireName))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "unit is %s, allowed: %s".formatted(wireName, String.join(", ", WIRE_NAMES))));
  }

  /// How many of `to` one of these is.
  ///
  /// @param gas tells how heavy a mole fraction is; needed between a fraction and a mass alone
  /// @throws IllegalArgumentException if it is needed and null
  public double in(ConcentrationUnit to, @Nullable GasDensity gas) {
    if (this == to) {
      return 1;
    }
    if (gas == null && (isMass() || to.isMass())) {
      throw new IllegalArgumentException(
          "%s can't be told in %s without the gas's molar mass".formatted(wireName, to.wireName));
    }
    return ppm(gas) / to.ppm(gas);
  }

  private double ppm(@Nullable GasDensity gas) {
    return gas == null || !isMass() ? ppm : 1 / gas.milligramsPerCubicMetreOfPpm();
  }
}
