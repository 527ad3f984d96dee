package io.photophone.model;

import java.time.Instant;
import java.util.List;

/// Something that happened in a running program, for whoever wants to hear of it. Contract: B11.
public sealed interface SystemEvent {

  /// When it happened, by the wall clock.
  Instant time();

  /// The name in answers, as in `audio_stream_started`.
  default String wireName() {
    return switch (this) {
      case AudioStreamStarted e -> "audio_stream_started";
      case AudioStreamStopped e -> "audio_stream_stopped";
      case FrameProcessed e -> "frame_processed";
      case ErrorOccurred e -> "error_occurred";
      case BreakerChanged e -> "breaker_changed";
      case ClockStepped e -> "clock_stepped";
      case HealthChanged e -> "health_changed";
      case ConfigChanged e -> "config_changed";
    };
  }

  /// The topic that carries it: `frames` come many times a second, the others seldom.
  default String topic() {
    return switch (this) {
      case AudioStreamStarted e -> "acquisition";
      case AudioStreamStopped e -> "acquisition";
      case ErrorOccurred e -> "acquisition";
      case BreakerChanged e -> "acquisition";
      case ClockStepped e -> "acquisition";
      case HealthChanged e -> "acquisition";
      case FrameProcessed e -> "frames";
      case ConfigChanged e -> "config";
    };
  }

  /// A source was opened and delivers.
  record AudioStreamStarted(Instant time, String instrument, String source, int sampleRateHz)
      implements SystemEvent {}

  /// The acquisition came to its end.
  record AudioStreamStopped(Instant time, String instrument, String reason)
      implements SystemEvent {}

  /// A frame was measured.
  record FrameProcessed(Instant time, String instrument, long frameNumber) implements SystemEvent {}

  /// A source failed, or didn't deliver in its time.
  record ErrorOccurred(Instant time, String instrument, StreamingException error)
      implements SystemEvent {}

  /// A source that fails is left alone, or tried again.
  record BreakerChanged(Instant time, String instrument, BreakerState from, BreakerState to)
      implements SystemEvent {}

  /// The wall clock was set.
  ///
  /// @param seconds by how much, negative for back
  record ClockStepped(Instant time, String instrument, double seconds) implements SystemEvent {}

  /// Frames come slower than they should, or as they should again.
  ///
  /// @param detail what came and what should
  record HealthChanged(Instant time, String instrument, boolean healthy, String detail)
      implements SystemEvent {}

  /// Another configuration is in force.
  ///
  /// @param paths of the settings that changed
  record ConfigChanged(Instant time, List<String> paths) implements SystemEvent {
    public ConfigChanged {
      paths = List.copyOf(paths);
    }
  }
}
