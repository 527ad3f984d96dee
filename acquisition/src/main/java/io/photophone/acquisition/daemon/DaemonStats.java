package io.photophone.acquisition.daemon;

import io.photophone.acquisition.stream.StreamStats;

/// The answer to each [DaemonCommand]: how the daemon is doing once the command is done.
///
/// @param frameCount frames published since the daemon was made
public record DaemonStats(
    AcquisitionState state, StreamStats stream, double targetFps, long frameCount) {}
