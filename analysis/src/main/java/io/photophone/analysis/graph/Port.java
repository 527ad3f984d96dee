package io.photophone.analysis.graph;

import java.util.Locale;

/// What flows between two nodes.
enum Port {
  /// Both microphones, as they were acquired.
  FRAMES,
  /// Samples of one channel.
  SIGNAL,
  PHASORS,
  READINGS,
  SPECTRA,
  LEVELS,
  PEAKS,
  DENSITIES;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
