package io.photophone.model;

/// What turns a mole fraction into a mass in a volume: an ideal gas at stated conditions.
///
/// @param molarMassGrams of one mole of the gas
/// @param temperatureC of the air that the mass is told for, °C
/// @param pressureHpa of that air
public record GasDensity(double molarMassGrams, double temperatureC, double pressureHpa) {
  public static final Range MOLAR_MASS_GRAMS = Range.closed(1, 1000);

  /// J/(mol K), exact since the SI of 2019.
  private static final double GAS_CONSTANT = 8.31446261815324;

  public GasDensity {
    MOLAR_MASS_GRAMS.check("molar_mass", molarMassGrams);
    Environment.TEMPERATURE_C.check("temperature_c", temperatureC);
    Environment.PRESSURE_HPA.check("pressure_hpa", pressureHpa);
  }

  /// The mass of one ppm. Moles in a cubic metre are p / (R T).
  double milligramsPerCubicMetreOfPpm() {
    double moles =
        pressureHpa * 100 / (GAS_CONSTANT * (temperatureC + Environment.ZERO_CELSIUS_KELVIN));
    return moles * molarMassGrams * 1e3 * 1e-6;
  }
}
