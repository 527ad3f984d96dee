package io.photophone.server;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of a frame's JSON, which [EncodedFrame] writes by hand.
///
/// @param channelA full-scale units; null where a sample is no number
/// @param sampleRate Hz
/// @param timestamp capture of the first sample, ms since 1970
/// @param firstSample index since the stream's start, lost samples counted
record AudioFrameResponse(
    List<@Nullable Float> channelA,
    List<@Nullable Float> channelB,
    int sampleRate,
    long timestamp,
    long frameNumber,
    long firstSample,
    double durationMs) {}
