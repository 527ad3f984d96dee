package io.photophone.server;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of a frame's JSON, which [EncodedFrame] writes by hand.
///
/// @param channelA full-scale units; null where a sample is no number
/// @param decimation samples of the source for each one here; absent for one
/// @param sampleRate Hz, of the samples here
/// @param timestamp capture of the first sample, ms since 1970
/// @param firstSample index since the stream's start as the source counts, lost samples counted
record AudioFrameResponse(
    List<@Nullable Float> channelA,
    List<@Nullable Float> channelB,
    @Omitted Integer decimation,
    double sampleRate,
    long timestamp,
    long frameNumber,
    long firstSample,
    double durationMs) {}
