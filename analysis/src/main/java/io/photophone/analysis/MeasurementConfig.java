package io.photophone.analysis;

import io.photophone.model.Range;
import java.time.Duration;
import java.util.Locale;

/// What one instrument measures and how.
///
/// @param instrument its name, which every reading carries
/// @param gas what is measured, which every reading carries
/// @param modulationHz frequency at which the light is modulated
/// @param integration span of one reading, rounded to whole periods of the modulation
/// @param bandwidthHz width of the band-pass around the modulation frequency
/// @param channel what the lock-in sees
public record MeasurementConfig(
    String instrument,
    String gas,
    double modulationHz,
    Duration integration,
    double bandwidthHz,
    Channel channel) {
  public static final Range MODULATION_HZ = Range.closed(10, 96_000);
  public static final Range INTEGRATION_S = Range.closed(0.05, 3600);
  public static final Range BANDWIDTH_HZ = Range.closed(1, 10_000);

  public static final MeasurementConfig DEFAULT =
      new MeasurementConfig("cell", "gas", 2000, Duration.ofSeconds(1), 400, Channel.DIFFERENCE);

  public MeasurementConfig {
    if (instrument.isBlank()) {
      throw new IllegalArgumentException("instrument has no name");
    }
    if (gas.isBlank()) {
      throw new IllegalArgumentException("gas has no name");
    }
    MODULATION_HZ.check("modulation_hz", modulationHz);
    INTEGRATION_S.check("integration_s", integration.toNanos() / 1e9);
    BANDWIDTH_HZ.check("bandwidth_hz", bandwidthHz);
  }

  public MeasurementConfig withModulationHz(double hz) {
    return new MeasurementConfig(instrument, gas, hz, integration, bandwidthHz, channel);
  }

  /// Which microphone's samples are measured.
  public enum Channel {
    /// A − B: the signal of antiphase microphones doubles, what they have in common cancels.
    DIFFERENCE,
    A,
    B;

    /// The name in a configuration, as in `difference`.
    public String configName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
