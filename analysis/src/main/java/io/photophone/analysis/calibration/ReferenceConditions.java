package io.photophone.analysis.calibration;

import io.photophone.model.Environment;
import io.photophone.model.Range;

/// The temperature and pressure that a sensitivity is told for, and how it changes with them: as (p
/// / p₀)^a · (T / T₀)^b, T in kelvin.
///
/// A signal that follows the number of molecules of an ideal gas has a = 1 and b = −1. An exponent
/// of 0 switches its term off, and then nobody has to tell that value.
///
/// @param temperatureC T₀, °C
/// @param temperatureExponent b
/// @param pressureHpa p₀, hPa
/// @param pressureExponent a
public record ReferenceConditions(
    double temperatureC, double temperatureExponent, double pressureHpa, double pressureExponent) {
  public static final Range EXPONENT = Range.closed(-10, 10);

  /// The sensitivity doesn't depend on temperature or pressure.
  public static final ReferenceConditions NONE = new ReferenceConditions(20, 0, 1013.25, 0);

  public ReferenceConditions {
    Environment.TEMPERATURE_C.check("temperature_c", temperatureC);
    EXPONENT.check("temperature_exponent", temperatureExponent);
    Environment.PRESSURE_HPA.check("pressure_hpa", pressureHpa);
    EXPONENT.check("pressure_exponent", pressureExponent);
  }

  /// Whether a term asks for a value that the environment doesn't have.
  public boolean lacks(Environment environment) {
    return (temperatureExponent != 0 && Double.isNaN(environment.temperatureC()))
        || (pressureExponent != 0 && Double.isNaN(environment.pressureHpa()));
  }

  /// The sensitivity in an environment over that at the reference; NaN where it [#lacks] a value.
  double factor(Environment environment) {
    double factor = 1;
    if (temperatureExponent != 0) {
      double reference = temperatureC + Environment.ZERO_CELSIUS_KELVIN;
      factor *= StrictMath.pow(environment.temperatureKelvin() / reference, temperatureExponent);
    }
    if (pressureExponent != 0) {
      factor *= StrictMath.pow(environment.pressureHpa() / pressureHpa, pressureExponent);
    }
    return factor;
  }

  /// Relative variance of the factor, from the sensors' uncertainties.
  double relativeVariance(Environment environment) {
    double variance = 0;
    if (temperatureExponent != 0) {
      double relative =
          temperatureExponent
              * environment.temperatureUncertaintyC()
              / environment.temperatureKelvin();
      variance += relative * relative;
    }
    if (pressureExponent != 0) {
      double relative =
          pressureExponent * environment.pressureUncertaintyHpa() / environment.pressureHpa();
      variance += relative * relative;
    }
    return variance;
  }
}
