package io.photophone.acquisition.source;

import java.io.IOException;

/// A sender of raw samples, read by one thread; any thread may close it.
interface PcmInput extends AutoCloseable {

  /// What people call it.
  String name();

  /// Whether the sender is known to be there, so that its silence is a failure from now on. Else it
  /// is waited for.
  boolean connected();

  /// Waits for bytes and puts them behind `offset`.
  ///
  /// @return how many, at least 1, or −1 at the end
  /// @throws IOException if the sender failed
  int read(byte[] to, int offset, int length) throws IOException;

  /// Idempotent. A read that blocks in another thread throws soon after, unless this is standard
  /// input, which nobody can close.
  @Override
  void close() throws IOException;
}
