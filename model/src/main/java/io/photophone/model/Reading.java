package io.photophone.model;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one instrument measured in one window of samples: the signal, the concentration when there
/// is a calibration, and the flags that say how far to trust it.
///
/// @param instrument name of the instrument
/// @param gas what is measured
/// @param fromSample index of the window's first sample since the start of the stream
/// @param toSample index of the sample after the window's last
/// @param sampleRateHz rate that turns the two indices into seconds
/// @param startTime wall-clock time of the first sample; null where a recording does not tell
/// @param modulationHz frequency at which the signal was measured
/// @param phasor the signal at that frequency, or [Phasor#NONE]
/// @param noiseDensity noise around that frequency, full-scale units (peak) per √Hz
/// @param environment temperature and pressure at the window's start, or [Environment#UNKNOWN]
/// @param resonance null where it isn't tracked
/// @param concentration null without a calibration or without a signal value
/// @param flags copied
public record Reading(
    String instrument,
    String gas,
    long fromSample,
    long toSample,
    int sampleRateHz,
    @Nullable Instant startTime,
    double modulationHz,
    Phasor phasor,
    double noiseDensity,
    Environment environment,
    @Nullable ResonanceTrack resonance,
    @Nullable Concentration concentration,
    Set<ReadingFlag> flags) {

  public Reading {
    if (fromSample < 0 || toSample <= fromSample) {
      throw new IllegalArgumentException(
          "not a window: samples %d to %d".formatted(fromSample, toSample));
    }
    EnumSet<ReadingFlag> copy = EnumSet.noneOf(ReadingFlag.class);
    copy.addAll(flags);
    flags = Collections.unmodifiableSet(copy);
  }

  /// Start of the window in seconds since the stream's first sample.
  public double fromSeconds() {
    return (double) fromSample / sampleRateHz;
  }

  /// End of the window in seconds since the stream's first sample.
  public double toSeconds() {
    return (double) toSample / sampleRateHz;
  }

  public boolean has(ReadingFlag flag) {
    return flags.contains(flag);
  }

  /// The same with another concentration and these flags.
  public Reading with(@Nullable Concentration other, Set<ReadingFlag> otherFlags) {
    return new Reading(
        instrument,
        gas,
        fromSample,
        toSample,
        sampleRateHz,
        startTime,
        modulationHz,
        phasor,
        noiseDensity,
        environment,
        resonance,
        other,
        otherFlags);
  }
}
