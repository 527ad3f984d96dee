package io.photophone.model;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a lock-in says of one window.
///
/// @param fromSample index of the window's first sample
/// @param toSample index of the sample after its last
/// @param startTime wall-clock time of the first sample; null where a recording doesn't tell
/// @param frequencyHz at which was measured: a multiple of the modulation
/// @param noiseDensity around that frequency, full-scale units (peak) per √Hz
/// @param flags what is known of the signal; copied
/// @param resonance null where it isn't tracked
public record Locked(
    long fromSample,
    long toSample,
    @Nullable Instant startTime,
    double frequencyHz,
    Phasor phasor,
    double noiseDensity,
    Set<ReadingFlag> flags,
    @Nullable ResonanceTrack resonance) {
  public Locked {
    EnumSet<ReadingFlag> copy = EnumSet.noneOf(ReadingFlag.class);
    copy.addAll(flags);
    flags = Collections.unmodifiableSet(copy);
  }

  /// The same with another resonance.
  public Locked tracked(@Nullable ResonanceTrack track) {
    return new Locked(
        fromSample, toSample, startTime, frequencyHz, phasor, noiseDensity, flags, track);
  }
}
