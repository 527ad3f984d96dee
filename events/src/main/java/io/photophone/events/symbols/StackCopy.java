package io.photophone.events.symbols;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The bytes of a thread's stack from its stack pointer on, by the addresses they had there. A read
/// outside gives 0 and is remembered.
final class StackCopy {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// An address this far beyond the copy may still be of the stack.
  private static final long LARGEST_STACK_BYTES = 8 << 20;

  private MemorySegment bytes = MemorySegment.NULL;
  private long start;
  private boolean outside;
  private boolean truncated;

  void over(MemorySegment copied, long firstAddress) {
    bytes = copied;
    start = firstAddress;
    forgetOutside();
  }

  void forgetOutside() {
    outside = false;
    truncated = false;
  }

  long read(long address) {
    long offset = address - start;
    if (offset >= 0 && offset <= bytes.byteSize() - Long.BYTES) {
      return bytes.get(LONG, offset);
    }
    outside = true;
    truncated |= offset >= 0 && offset < LARGEST_STACK_BYTES;
    return 0;
  }

  /// Whether a read since `forgetOutside` was outside.
  boolean wasOutside() {
    return outside;
  }

  /// Whether such a read was where the rest of the stack may be.
  boolean wasTruncated() {
    return truncated;
  }
}
