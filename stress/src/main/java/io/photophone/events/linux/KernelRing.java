package io.photophone.events.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// A small ring with a kernel that one thread plays while another reads. In the package of the
/// ring, which is nobody else's business.
///
/// Each record holds its number three times, and goes over the end of the ring now and then.
public final class KernelRing {
  private static final int BEFORE = 2048;
  private static final int SIZE = 128;
  private static final int RECORD = 40;
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private final MemorySegment memory =
      MemorySegment.ofArray(new long[(BEFORE + SIZE) / Long.BYTES]);
  private final Ring ring = new Ring(memory, BEFORE, new RecordTime(16, 8));

  /// The kernel's own.
  private long head;

  private long written;

  /// The reader's own.
  private long read;

  /// As the kernel does it: a record, if it has room.
  public void write() {
    long tail = (long) LONG.getAcquire(memory, Ring.TAIL);
    if (head + RECORD - tail > SIZE) {
      return;
    }
    written++;
    put(0, RecordKind.SAMPLE | (long) RECORD << 48);
    for (int word = 1; word < RECORD / Long.BYTES; word++) {
      put(word, written);
    }
    head += RECORD;
    LONG.setRelease(memory, Ring.HEAD, head);
  }

  private void put(int word, long value) {
    long at = head + (long) word * Long.BYTES & SIZE - 1;
    memory.set(ValueLayout.JAVA_LONG, BEFORE + at, value);
  }

  /// Reads what is there and gives it back.
  ///
  /// @return how many records weren't the next one, whole
  public int read() {
    int wrong = 0;
    RecordCursor cursor = ring.cursor();
    ring.look();
    while (cursor.hasRecord()) {
      read++;
      for (int at = Long.BYTES; at < RECORD; at += Long.BYTES) {
        long found = cursor.segment().get(ValueLayout.JAVA_LONG, cursor.offset() + at);
        wrong += found == read ? 0 : 1;
      }
      cursor.next();
    }
    ring.giveBack();
    return wrong + (int) cursor.damaged();
  }
}
