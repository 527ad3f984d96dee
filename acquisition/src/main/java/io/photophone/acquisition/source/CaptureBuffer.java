package io.photophone.acquisition.source;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Bytes on their way from a sender to a frame, and how far they are used up. One owner at a time:
/// the pool, the thread that receives, what waits, or the reader.
final class CaptureBuffer {
  private final byte[] bytes;
  private final ByteBuffer view;
  private int start;
  private int end;
  private long lostBefore;

  /// Whether it is out of its pool.
  private boolean lent;

  CaptureBuffer(int size, ByteOrder order) {
    bytes = new byte[size];
    view = ByteBuffer.wrap(bytes).order(order);
  }

  byte[] bytes() {
    return bytes;
  }

  /// The same bytes, in the order of the samples.
  ByteBuffer view() {
    return view;
  }

  /// The first byte that isn't used up.
  int start() {
    return start;
  }

  /// The byte behind the last.
  int end() {
    return end;
  }

  int length() {
    return end - start;
  }

  int room() {
    return bytes.length - end;
  }

  /// So many bytes have come behind the last.
  void grow(int count) {
    end += count;
  }

  /// So many bytes are used up.
  void use(int count) {
    start += count;
  }

  void append(byte[] from, int offset, int count) {
    System.arraycopy(from, offset, bytes, end, count);
    end += count;
  }

  /// Forgets the last bytes.
  void cut(int count) {
    end -= count;
  }

  /// Samples of each channel that were lost before the first byte.
  long lostBefore() {
    return lostBefore;
  }

  void lose(long samples) {
    lostBefore += samples;
  }

  boolean lent() {
    return lent;
  }

  /// As it was when it was made, but for what its bytes hold.
  void reset(boolean nowLent) {
    start = 0;
    end = 0;
    lostBefore = 0;
    lent = nowLent;
  }
}
