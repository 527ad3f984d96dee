package io.photophone.server;

import io.photophone.model.Spectrum;

/// A part of a spectrum at some resolution. A bin here stands for as many of the transform as the
/// resolution says, from its frequency on, and has the largest magnitude among them with its phase:
/// a narrow line keeps its height. The microphones are pooled each by itself.
///
/// @param startHz frequency of the first bin
record ResolvedSpectrum(
    Spectrum spectrum,
    Resolution resolution,
    double startHz,
    float[] magnitudeA,
    float[] magnitudeB,
    float[] phaseA,
    float[] phaseB) {

  /// @param from first bin of the transform
  /// @param to bin behind the last
  static ResolvedSpectrum of(Spectrum spectrum, int from, int to, Resolution resolution) {
    int[] a = peaks(spectrum.magnitudeA(), from, to, resolution.factor());
    int[] b = peaks(spectrum.magnitudeB(), from, to, resolution.factor());
    return new ResolvedSpectrum(
        spectrum,
        resolution,
        from * spectrum.stepHz(),
        at(a, spectrum.magnitudeA()),
        at(b, spectrum.magnitudeB()),
        at(a, spectrum.phaseA()),
        at(b, spectrum.phaseB()));
  }

  /// The bin with the largest magnitude of each group; one that is no number counts as the largest.
  private static int[] peaks(float[] magnitude, int from, int to, int factor) {
    int[] peaks = new int[Math.ceilDiv(to - from, factor)];
    for (int i = 0; i < peaks.length; i++) {
      int first = from + i * factor;
      peaks[i] = first;
      for (int bin = first + 1; bin < Math.min(first + factor, to); bin++) {
        if (Float.compare(magnitude[bin], magnitude[peaks[i]]) > 0) {
          peaks[i] = bin;
        }
      }
    }
    return peaks;
  }

  private static float[] at(int[] bins, float[] values) {
    float[] picked = new float[bins.length];
    for (int i = 0; i < picked.length; i++) {
      picked[i] = values[bins[i]];
    }
    return picked;
  }

  int bins() {
    return magnitudeA.length;
  }

  /// From bin to bin, Hz.
  double stepHz() {
    return spectrum.stepHz() * resolution.factor();
  }
}
