package io.photophone.server;

import org.jspecify.annotations.Nullable;

/// What an instrument is, for the page's headings and for scripts.
///
/// @param unit of concentrations; null without a calibration
/// @param modulationHz frequency of the measurement
/// @param integrationS span of one reading
/// @param sampleRate of the source, Hz; 0 without a source
/// @param version of the program
public record InstrumentInfo(
    String instrument,
    String gas,
    @Nullable String unit,
    double modulationHz,
    double integrationS,
    Source source,
    int sampleRate,
    double targetFps,
    @Nullable String calibrationId,
    String version) {

  /// Where the audio comes from.
  public record Source(String name, boolean simulated, boolean live) {}
}
