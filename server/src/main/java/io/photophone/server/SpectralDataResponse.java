package io.photophone.server;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of a spectrum's JSON, which [EncodedSpectrum] writes by hand.
///
/// @param magnitudeA amplitude (peak), full-scale units, the window's gain divided out
/// @param phaseA radians; absent unless asked for
/// @param decimation bins of the transform for each one here; absent for one
/// @param timestamp capture of the frame's first sample, ms since 1970
/// @param sampleRate Hz
/// @param size samples of a transform
record SpectralDataResponse(
    List<@Nullable Float> magnitudeA,
    List<@Nullable Float> magnitudeB,
    @Omitted List<@Nullable Float> phaseA,
    @Omitted List<@Nullable Float> phaseB,
    @Omitted Integer decimation,
    double frequencyStartHz,
    double frequencyStepHz,
    long frameNumber,
    long timestamp,
    int sampleRate,
    String window,
    int size) {}
