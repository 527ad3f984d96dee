package io.photophone.model;

import java.util.Locale;

/// What happens to a frame on its way from the microphones to a client, or in place of a frame.
public enum FrameStep {
  /// Its last sample has come. Amount: samples.
  CAPTURED,
  /// The stream's consumers can have it. Amount: nanoseconds since its last sample was due.
  PUBLISHED,
  /// It was published later than it should have been. Amount: nanoseconds.
  LATE,
  /// Samples before it are lost. Amount: samples.
  GAP,
  /// It was measured. Amount: nanoseconds since its first sample.
  MEASURED,
  /// A part of the program was too slow for the frames before it. Amount: frames.
  LAG,
  /// A client was too slow for the frames before it. Amount: frames.
  DROPPED,
  /// It was put into a form for clients. Amount: bytes.
  ENCODED,
  /// It was written to a client. Amount: bytes.
  WRITTEN;

  /// The name in answers and events, as in `captured`.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
