package io.photophone.dsp;

/// Bands by the names that the reference files use.
final class Bands {
  private Bands() {}

  static FilterBand named(String name, double[] edgesHz) {
    return switch (name) {
      case "lowpass" -> new FilterBand.LowPass(edgesHz[0]);
      case "highpass" -> new FilterBand.HighPass(edgesHz[0]);
      case "bandpass" -> new FilterBand.BandPass(edgesHz[0], edgesHz[1]);
      case "bandstop" -> new FilterBand.BandStop(edgesHz[0], edgesHz[1]);
      default -> throw new IllegalArgumentException(name);
    };
  }
}
