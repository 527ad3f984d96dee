package io.photophone.acquisition.source;

import java.nio.ByteOrder;
import java.util.ArrayDeque;

/// Capture buffers, made beforehand and used over and over, so that receiving allocates nothing.
///
/// As many are kept as it was made with: when more are wanted they are made, and what comes back
/// beyond that number is left to the collector. Any thread. Contract: B30.
final class CapturePool {
  private final int capacity;
  private final int bufferBytes;
  private final ByteOrder order;

  /// Guarded by the monitor.
  private final ArrayDeque<CaptureBuffer> free;

  CapturePool(int capacity, int bufferBytes, ByteOrder order) {
    if (capacity < 1 || bufferBytes < 1) {
      throw new IllegalArgumentException(
          "a pool of %d buffers of %d bytes, allowed: 1 or more of each"
              .formatted(capacity, bufferBytes));
    }
    this.capacity = capacity;
    this.bufferBytes = bufferBytes;
    this.order = order;
    this.free = new ArrayDeque<>(capacity);
    for (int n = 0; n < capacity; n++) {
      free.push(new CaptureBuffer(bufferBytes, order));
    }
  }

  /// An empty buffer, which the caller owns from now on.
  synchronized CaptureBuffer lend() {
    CaptureBuffer buffer = free.isEmpty() ? new CaptureBuffer(bufferBytes, order) : free.pop();
    buffer.reset(true);
    return buffer;
  }

  /// Takes a buffer back.
  ///
  /// @throws IllegalStateException if it was given back already, since somebody else may have it by
  ///   now
  synchronized void giveBack(CaptureBuffer buffer) {
    if (!buffer.lent()) {
      throw new IllegalStateException("a capture buffer was given back twice");
    }
    buffer.reset(false);
    if (free.size() < capacity) {
      free.push(buffer);
    }
  }

  /// Buffers that wait to be lent.
  synchronized int free() {
    return free.size();
  }
}
