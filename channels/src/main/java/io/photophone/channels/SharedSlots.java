package io.photophone.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// The slots of a ring whose sender writes over what nobody has read yet. One thread writes, any
/// number read; whoever reads must find out afterwards, from the sender's position, whether it was
/// the message it wanted.
///
/// Both sides go by sequences, from 0. To see a later message in a slot implies to see what the
/// sender wrote before it, its position included.
final class SharedSlots<T> {
  private static final VarHandle STAMP = MethodHandles.arrayElementVarHandle(long[].class);

  private final LatencyTracking tracking;
  private final int mask;
  private final @Nullable Object[] messages;

  /// Null if no message is timed.
  private final long @Nullable [] stamps;

  /// @param least how many slots there are at least
  SharedSlots(int least, LatencyTracking tracking) {
    int count = Ring.slotsFor(least);
    this.tracking = tracking;
    this.mask = count - 1;
    this.messages = new Object[count];
    this.stamps = tracking == LatencyTracking.OFF ? null : new long[count];
  }

  int count() {
    return messages.length;
  }

  boolean isTimed() {
    return stamps != null;
  }

  /// Partner: [#read].
  void write(long at, T message) {
    int slot = (int) at & mask;
    if (stamps != null && tracking.times(at)) {
      STAMP.setRelease(stamps, slot, System.nanoTime());
    }
    Ring.SLOT.setRelease(messages, slot, message);
  }

  /// Lets go of a message that nobody may read any more, after the position that says so is
  /// published. Nothing for a sequence below 0.
  void forget(long at) {
    if (at >= 0) {
      Ring.SLOT.setRelease(messages, (int) at & mask, null);
    }
  }

  @SuppressWarnings("unchecked")
  @Nullable T read(long at, Ring.Stamp stamp) {
    int slot = (int) at & mask;
    if (stamps != null) {
      stamp.nanos =
          tracking.times(at) ? (long) STAMP.getAcquire(stamps, slot) : Ring.Stamp.NOT_TIMED;
    }
    return (T) Ring.SLOT.getAcquire(messages, slot);
  }
}
