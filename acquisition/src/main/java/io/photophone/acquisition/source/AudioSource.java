package io.photophone.acquisition.source;

import java.io.IOException;

/// Two channels of audio, read in order from one thread; any thread may close it.
///
/// Users implement it for their own hardware.
public interface AudioSource extends AutoCloseable {

  /// What people call it: a device's name, a file's path.
  String name();

  /// Constant for the life of the source.
  int sampleRateHz();

  /// Whether the device sets the pace, in which case [#read] blocks until the samples exist. Any
  /// other source is paced by its reader.
  boolean live();

  /// Whether the samples are computed, not measured.
  boolean simulated();

  /// Reads up to `sampleCount` samples of each channel, fewer only where the source ends or audio
  /// was lost.
  ///
  /// @throws IOException if the source failed; it is closed and opened anew before another try
  SourceRead read(int sampleCount) throws IOException;

  /// Idempotent. A read that blocks in another thread returns or throws soon after.
  @Override
  void close();

  /// How to get a source again after it ended or failed.
  @FunctionalInterface
  interface Opener {
    /// Opens it at its beginning.
    ///
    /// @throws IOException with a message for people: what, where, and what to do about it
    AudioSource open() throws IOException;
  }
}
