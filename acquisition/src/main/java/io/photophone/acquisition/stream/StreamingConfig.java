package io.photophone.acquisition.stream;

import io.photophone.model.Range;
import java.time.Duration;

/// How frames are cut and kept. Contract: A36, B22.
///
/// @param targetFps frames a second
/// @param bufferFrames frames that the shared stream retains, which is how far a consumer may fall
///   behind before it loses frames
/// @param sseTimeout silence on an event stream after which a heartbeat is sent
/// @param heartbeats whether heartbeats are sent at all
/// @param spectralWindow samples of one transform
public record StreamingConfig(
    double targetFps,
    int bufferFrames,
    Duration sseTimeout,
    boolean heartbeats,
    int spectralWindow) {
  public static final Range TARGET_FPS = Range.above(0, 1000);
  public static final Range BUFFER_FRAMES = Range.closed(1, 10_000);
  public static final Range SSE_TIMEOUT_S = Range.closed(1, 300);

  /// Powers of two within this range.
  public static final Range SPECTRAL_WINDOW = Range.closed(256, 65_536);

  public static final StreamingConfig DEFAULT =
      new StreamingConfig(30, 100, Duration.ofSeconds(5), true, 4096);

  public StreamingConfig {
    TARGET_FPS.check("target_fps", targetFps);
    BUFFER_FRAMES.check("buffer_frames", bufferFrames);
    SSE_TIMEOUT_S.check("sse_timeout_s", sseTimeout.getSeconds() + sseTimeout.getNano() / 1e9);
    SPECTRAL_WINDOW.check("spectral_window", spectralWindow);
    if (Integer.bitCount(spectralWindow) != 1) {
      throw new IllegalArgumentException(
          "spectral_window is %d, allowed: a power of two in %s"
              .formatted(spectralWindow, SPECTRAL_WINDOW));
    }
  }
}
