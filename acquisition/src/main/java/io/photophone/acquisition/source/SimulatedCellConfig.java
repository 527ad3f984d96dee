package io.photophone.acquisition.source;

import io.photophone.model.Range;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// A photoacoustic cell that exists only as its equations.
///
/// Amplitudes are peak values in full-scale units. The script and the faults repeat for ever, with
/// the script's length as the period.
///
/// @param sampleRateHz samples a second for each microphone
/// @param seed of all noise: the same seed gives the same samples
/// @param modulationHz frequency of the laser's modulation, which doesn't drift
/// @param resonanceHz frequency of the cell's mode at the reference temperature
/// @param quality quality factor of the mode
/// @param temperatureC of the gas at the start, °C; the mode's frequency goes with its root in
///   kelvin
/// @param referenceTemperatureC at which `resonanceHz` holds, °C
/// @param sensitivity differential amplitude for 1 ppm at the peak of the resonance
/// @param backgroundPpm signal of the windows and walls, as if it were gas
/// @param phaseDeg phase of the differential signal at the peak of the resonance, against a cosine
///   at the first sample
/// @param whiteNoiseRms independent white noise of each microphone
/// @param flowNoiseRms 1/f noise that both microphones have in common
/// @param humAmplitude mains hum that both microphones have in common
/// @param humHz frequency of the mains
/// @param script concentrations in turn
/// @param faults what goes wrong, and when in the period
public record SimulatedCellConfig(
    int sampleRateHz,
    long seed,
    double modulationHz,
    double resonanceHz,
    double quality,
    double temperatureC,
    double referenceTemperatureC,
    double sensitivity,
    double backgroundPpm,
    double phaseDeg,
    double whiteNoiseRms,
    double flowNoiseRms,
    double humAmplitude,
    double humHz,
    List<Step> script,
    List<Fault> faults) {
  private static final double ABSOLUTE_ZERO_C = -273.15;

  public static final Range SAMPLE_RATE_HZ = Range.closed(8000, 192_000);
  public static final Range FREQUENCY_HZ = Range.closed(10, 96_000);
  public static final Range QUALITY = Range.closed(1, 10_000);
  public static final Range TEMPERATURE_C = Range.closed(-50, 150);
  public static final Range SENSITIVITY = Range.above(0, 1);
  public static final Range AMPLITUDE = Range.closed(0, 1);
  public static final Range PHASE_DEG = Range.closed(-180, 180);
  public static final Range PPM = Range.closed(0, 1_000_000);
  public static final Range HUM_HZ = Range.closed(1, 1000);
  public static final Range STEP_S = Range.above(0, 86_400);
  public static final Range FAULT_AT_S = Range.closed(0, 86_400);

  /// A minute and a half through six concentrations, with each kind of fault once near its end.
  public static final SimulatedCellConfig DEFAULT =
      new SimulatedCellConfig(
          48_000,
          1,
          2000,
          2000.8,
          80,
          25,
          25,
          0.0017,
          2,
          0,
          0.0005,
          0.002,
          0.01,
          50,
          List.of(
              new Step(Duration.ofSeconds(15), 0),
              new Step(Duration.ofSeconds(15), 100),
              new Step(Duration.ofSeconds(15), 10),
              new Step(Duration.ofSeconds(15), 50),
              new Step(Duration.ofSeconds(15), 1),
              new Step(Duration.ofSeconds(15), 20)),
          List.of(
              new Fault(FaultKind.NOISE_BURST, Duration.ofSeconds(69), Duration.ofSeconds(1)),
              new Fault(FaultKind.DROPOUT, Duration.ofSeconds(79), Duration.ofMillis(200)),
              new Fault(FaultKind.CLIPPING, Duration.ofSeconds(82), Duration.ofMillis(500)),
              new Fault(FaultKind.DRIFT, Duration.ofSeconds(85), Duration.ofSeconds(3))));

  public SimulatedCellConfig {
    SAMPLE_RATE_HZ.check("sample_rate_hz", sampleRateHz);
    FREQUENCY_HZ.check("modulation_hz", modulationHz);
    FREQUENCY_HZ.check("resonance_hz", resonanceHz);
    Range.between(0, sampleRateHz / 2.0).check("modulation_hz", modulationHz);
    QUALITY.check("quality", quality);
    TEMPERATURE_C.check("temperature_c", temperatureC);
    TEMPERATURE_C.check("reference_temperature_c", referenceTemperatureC);
    SENSITIVITY.check("sensitivity", sensitivity);
    PPM.check("background_ppm", backgroundPpm);
    PHASE_DEG.check("phase_deg", phaseDeg);
    AMPLITUDE.check("white_noise_rms", whiteNoiseRms);
    AMPLITUDE.check("flow_noise_rms", flowNoiseRms);
    AMPLITUDE.check("hum_amplitude", humAmplitude);
    HUM_HZ.check("hum_hz", humHz);
    script = List.copyOf(script);
    faults = List.copyOf(faults);
    if (script.isEmpty()) {
      throw new IllegalArgumentException("script has no step");
    }
  }

  /// Length of the script, after which script and faults begin again.
  public Duration period() {
    return script.stream().map(Step::length).reduce(Duration.ZERO, Duration::plus);
  }

  /// Frequency of the mode when the gas has this temperature: sound's speed, and the mode with it,
  /// goes with the root of the absolute temperature.
  public double resonanceHzAt(double celsius) {
    return resonanceHz
        * Math.sqrt((celsius - ABSOLUTE_ZERO_C) / (referenceTemperatureC - ABSOLUTE_ZERO_C));
  }

  /// The script's highest concentration.
  public double highestPpm() {
    return script.stream().mapToDouble(Step::ppm).max().orElseThrow();
  }

  /// The same cell under one concentration for ever, with no fault.
  public SimulatedCellConfig steadyAt(double ppm) {
    return with(temperatureC, List.of(new Step(Duration.ofDays(1), ppm)), List.of());
  }

  /// The same cell at another temperature.
  public SimulatedCellConfig withTemperatureC(double celsius) {
    return with(celsius, script, faults);
  }

  private SimulatedCellConfig with(double celsius, List<Step> steps, List<Fault> wrongs) {
    return new SimulatedCellConfig(
        sampleRateHz,
        seed,
        modulationHz,
        resonanceHz,
        quality,
        celsius,
        referenceTemperatureC,
        sensitivity,
        backgroundPpm,
        phaseDeg,
        whiteNoiseRms,
        flowNoiseRms,
        humAmplitude,
        humHz,
        steps,
        wrongs);
  }

  /// A concentration for a while.
  public record Step(Duration length, double ppm) {
    public Step {
      STEP_S.check("for_s", length.toNanos() / 1e9);
      PPM.check("ppm", ppm);
    }
  }

  /// Something that goes wrong for a while.
  public record Fault(FaultKind kind, Duration at, Duration length) {
    public Fault {
      FAULT_AT_S.check("at_s", at.toNanos() / 1e9);
      STEP_S.check("for_s", length.toNanos() / 1e9);
    }
  }

  /// What can go wrong.
  public enum FaultKind {
    /// The microphones are driven beyond their full scale.
    CLIPPING,
    /// Samples are lost, as from an overrun.
    DROPOUT,
    /// The resonance moves away from the laser.
    DRIFT,
    /// White noise is a hundred times stronger.
    NOISE_BURST,
    /// The converter gives no numbers.
    NO_NUMBERS;

    /// The name in a configuration, as in `noise_burst`.
    public String configName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
