package io.photophone.server;

import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;

/// A frame's samples at some resolution; none at all where a gap leaves the filter nothing.
///
/// @param resolution one sample for how many of the source
/// @param frame from which it was made, with the number and rate of the source
/// @param firstSample index of the first sample here, counted as the source counts
record ResolvedFrame(
    Resolution resolution, AudioFrame frame, long firstSample, float[] a, float[] b) {

  /// The frame as it is.
  static ResolvedFrame full(AudioFrame frame) {
    return new ResolvedFrame(
        Resolution.FULL, frame, frame.firstSampleIndex(), frame.channelA(), frame.channelB());
  }

  /// Samples a second; not always a whole number.
  double sampleRateHz() {
    return (double) frame.sampleRateHz() / resolution.factor();
  }

  /// Samples for each channel.
  int length() {
    return a.length;
  }

  double durationMs() {
    return length() * 1000.0 / sampleRateHz();
  }

  /// When the first sample here was captured.
  CaptureTime captured() {
    long ahead = firstSample - frame.firstSampleIndex();
    return ahead == 0
        ? frame.captured()
        : frame.captured().plusNanos(Math.round(ahead * 1e9 / frame.sampleRateHz()));
  }
}
