package io.photophone.acquisition.stream;

import io.photophone.model.CaptureTime;
import org.jspecify.annotations.Nullable;

/// How a stream is doing, at one moment. Contract: A14.
///
/// @param totalFrames frames published since the stream was made
/// @param activeSubscribers consumers at present
/// @param framesPerSecond rate over the last five seconds
/// @param lastUpdate when the newest frame was published; null before the first
/// @param droppedFrames frames that consumers, those that have left included, were too slow to get,
///   whether or not they have found out
/// @param laggedConsumers present consumers that have missed a frame
/// @param silent whether the newest frame is, on both microphones; false before the first
/// @param sampleRateHz of the newest frame; 0 before the first
public record StreamStats(
    long totalFrames,
    int activeSubscribers,
    double framesPerSecond,
    @Nullable CaptureTime lastUpdate,
    long droppedFrames,
    int laggedConsumers,
    boolean silent,
    int sampleRateHz) {}
