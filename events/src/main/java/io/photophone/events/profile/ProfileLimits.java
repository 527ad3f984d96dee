package io.photophone.events.profile;

/// How much a profile keeps of each thing; what comes beyond is counted.
///
/// @param samples of 36 bytes each
/// @param stackBytes of all different call stacks
/// @param processes and also how many sets of mappings
/// @param threads of all processes
/// @param mappings of all processes
public record ProfileLimits(
    int samples, long stackBytes, int processes, int threads, int mappings, int spans, int states) {
  /// A few hundred megabytes when all of it is used.
  public static final ProfileLimits DEFAULT =
      new ProfileLimits(4_000_000, 256L << 20, 50_000, 200_000, 500_000, 1_000_000, 1_000_000);

  public ProfileLimits {
    if (samples < 0 || processes < 0 || threads < 0 || mappings < 0 || spans < 0 || states < 0) {
      throw new IllegalArgumentException(
          "limits of a profile are negative: samples %d, processes %d, threads %d, mappings %d, spans %d, states %d"
              .formatted(samples, processes, threads, mappings, spans, states));
    }
  }
}
