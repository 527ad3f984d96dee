package io.photophone.events.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What `user_events_data` is asked by ioctl, as `linux/user_events.h` has it since Linux 6.4, in
/// the machine's order and without gaps:
///
/// ```
/// register:   0 size u32 | 4 enable bit u8 | 5 enable size u8 | 6 flags u16
///             | 8 enable address u64 | 16 name and fields u64 | 24 write index u32, the answer
/// unregister: 0 size u32 | 4 bit u8 | 5 zero u8, u16 | 8 enable address u64
/// ```
final class UserEventsLayout {
  static final int REGISTER_SIZE = 28;
  static final int UNREGISTER_SIZE = 16;

  /// `_IOWR('*', 0, struct user_reg *)`: the size is that of a pointer.
  static final long REGISTER = 0xC008_2A00L;

  /// `_IOW('*', 2, struct user_unreg *)`.
  static final long UNREGISTER = 0x4008_2A02L;

  /// Bytes of the word in which the kernel sets the bit.
  static final int ENABLED_SIZE = Integer.BYTES;

  private static final int BIT_OFFSET = 4;
  private static final int ENABLE_SIZE_OFFSET = 5;
  private static final int ADDRESS_OFFSET = 8;
  private static final int NAME_OFFSET = 16;
  private static final int INDEX_OFFSET = 24;
  private static final byte BIT = 0;

  private UserEventsLayout() {}

  /// @param enabled word that the kernel writes
  /// @param description with a zero at its end
  static void register(MemorySegment into, MemorySegment enabled, MemorySegment description) {
    into.fill((byte) 0);
    into.set(ValueLayout.JAVA_INT_UNALIGNED, 0, REGISTER_SIZE);
    into.set(ValueLayout.JAVA_BYTE, BIT_OFFSET, BIT);
    into.set(ValueLayout.JAVA_BYTE, ENABLE_SIZE_OFFSET, (byte) ENABLED_SIZE);
    into.set(ValueLayout.JAVA_LONG_UNALIGNED, ADDRESS_OFFSET, enabled.address());
    into.set(ValueLayout.JAVA_LONG_UNALIGNED, NAME_OFFSET, description.address());
  }

  static int writeIndex(MemorySegment registered) {
    return registered.get(ValueLayout.JAVA_INT_UNALIGNED, INDEX_OFFSET);
  }

  static void unregister(MemorySegment into, MemorySegment enabled) {
    into.fill((byte) 0);
    into.set(ValueLayout.JAVA_INT_UNALIGNED, 0, UNREGISTER_SIZE);
    into.set(ValueLayout.JAVA_BYTE, BIT_OFFSET, BIT);
    into.set(ValueLayout.JAVA_LONG_UNALIGNED, ADDRESS_OFFSET, enabled.address());
  }
}
