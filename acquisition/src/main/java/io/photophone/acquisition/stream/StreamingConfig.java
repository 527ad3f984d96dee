package io.photophone.acquisition.stream;

import io.photophone.model.Range;
import java.time.Duration;

/// How frames are cut and kept. Contract: A36, B22.
///
/// @param targetFps frames a second
/// @param buffer what the shared stream retains
/// @param sseTimeout silence on an event stream after which a heartbeat is sent
/// @param heartbeats whether heartbeats are sent at all
/// @param spectralWindow samples of one transform
public record StreamingConfig(
    double targetFps,
    StreamBuffer buffer,
    Duration sseTimeout,
    boolean heartbeats,
    int spectralWindow) {
  public static final Range TARGET_FPS = Range.above(0, 1000);
  public static final Range SSE_TIMEOUT_S = Range.closed(1, 300);

  /// Powers of two within this range.
  public static final Range SPECTRAL_WINDOW = Range.closed(256, 65_536);

  public static final StreamingConfig DEFAULT =
      new StreamingConfig(30, StreamBuffer.ANALYSIS, Duration.ofSeconds(5), true, 4096);

  public StreamingConfig {
    TARGET_FPS.check("target_fps", targetFps);
    if (buffer instanceof StreamBuffer.Span(Duration length)
        && !StreamBuffer.FRAMES.allows(Math.ceil(length.toNanos() / 1e9 * targetFps))) {
      throw new IllegalArgumentException(
          "buffer is %s, allowed: at most 10000 frames, of which target_fps makes %s a second"
              .formatted(buffer.text(), targetFps));
    }
    SSE_TIMEOUT_S.check("sse_timeout_s", sseTimeout.getSeconds() + sseTimeout.getNano() / 1e9);
    SPECTRAL_WINDOW.check("spectral_window", spectralWindow);
    if (Integer.bitCount(spectralWindow) != 1) {
      throw new IllegalArgumentException(
          "spectral_window is %d, allowed: a power of two in %s"
              .formatted(spectralWindow, SPECTRAL_WINDOW));
    }
  }

  /// The same with a buffer of so many frames.
  public StreamingConfig(
      double targetFps,
      int bufferFrames,
      Duration sseTimeout,
      boolean heartbeats,
      int spectralWindow) {
    this(targetFps, new StreamBuffer.Frames(bufferFrames), sseTimeout, heartbeats, spectralWindow);
  }

  /// Frames that the stream of a source retains.
  ///
  /// @param sampleRateHz highest rate of the source
  public int bufferFrames(int sampleRateHz) {
    return buffer.frames(targetFps, sampleRateHz);
  }
}
