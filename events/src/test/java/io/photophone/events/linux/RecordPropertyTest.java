package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.EventData;
import io.photophone.events.EventDataException;
import io.photophone.events.FieldKind;
import io.photophone.events.FieldRef;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A million damaged records, or as many as `photophone.fuzz.records` says.
@Tag("V13")
class RecordPropertyTest {
  private static final int COUNT = Integer.getInteger("photophone.fuzz.records", 1_000_000);
  private static final int LARGEST = 512;

  private final SplittableRandom random;
  private final PerfEvents events = Records.events();
  private final List<byte[]> good =
      List.of(
          Records.point(1, 1, 1, 0, 1, "a text"),
          Records.cpuSample(1, 1, 5, 40),
          Records.comm(1, 1, 1, "name"),
          Records.mmap2(1, 1, 0, 1, "/lib/x y"),
          Records.mmap2WithBuildId(1, 1, "/b"),
          Records.fork(RecordKind.FORK, 1, 2, 3),
          Records.fork(RecordKind.EXIT, 1, 2, 3),
          Records.lost(1, 1),
          Records.throttle(RecordKind.THROTTLE, 1),
          Records.switched(1, 1, true),
          Records.switchedCpuWide(1, 1, 1),
          Records.ksymbol(1, "bpf"));
  private long called;
  private long refused;

  RecordPropertyTest() {
    long seed = Long.getLong("photophone.fuzz.seed", System.nanoTime());
    System.out.println("seed " + seed);
    random = new SplittableRandom(seed);
    for (String name : events.names()) {
      List<FieldRef> refs = events.event(name).format().refs();
      events
          .event(name)
          .addCallback(data -> {
            called++;
            readAll(data, refs);
          });
    }
  }

  /// Reads all that a callback can read; what the data hasn't is refused by one exception alone.
  private void readAll(EventData data, List<FieldRef> refs) {
    for (FieldRef ref : refs) {
      try {
        if (ref.field().kind() == FieldKind.INTEGER) {
          data.longOf(ref);
        } else if (ref.field().kind() == FieldKind.TEXT) {
          data.textOf(ref);
        } else {
          data.bytesOf(ref);
        }
      } catch (EventDataException e) {
        refused++;
      }
    }
    for (int i = data.longsOf(events.callChain()) - 1; i >= 0; i--) {
      data.longOf(events.callChain(), i);
    }
    for (int i = data.longsOf(events.userStack()) - 1; i >= 0; i--) {
      data.longOf(events.userStack(), i);
    }
    for (int i = data.longsOf(events.userRegisters()) - 1; i >= 0; i--) {
      data.longOf(events.userRegisters(), i);
    }
  }

  /// Damages a record in one of many ways; gives its new length.
  private int damage(MemorySegment memory, long at, byte[] record) {
    MemorySegment.copy(record, 0, memory, ValueLayout.JAVA_BYTE, at, record.length);
    int length = record.length;
    switch (random.nextInt(5)) {
      case 0 -> length = random.nextInt(length + 1);
      case 1 -> {
        for (int i = random.nextInt(8); i >= 0; i--) {
          long where = at + random.nextInt(length);
          memory.set(ValueLayout.JAVA_BYTE, where, (byte) random.nextInt());
        }
      }
      case 2 -> {
        long where = at + random.nextInt(length / 8) * 8L;
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED, where, random.nextLong() >> random.nextInt(64));
      }
      case 3 -> {
        length = 8 + random.nextInt(LARGEST - 8);
        for (int i = 16; i + 8 <= length; i += 8) {
          memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at + i, random.nextLong());
        }
      }
      default -> {
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, at, random.nextInt(20));
        length = 8 * random.nextInt(1, LARGEST / 8);
      }
    }
    return length;
  }

  @Test
  void damaged_records_are_never_read_outside_and_the_session_goes_on() {
    // Native memory as long as the record: a read outside throws from the segment itself.
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(LARGEST, 8);
      for (int i = 0; i < COUNT; i++) {
        int length = damage(memory, 0, good.get(random.nextInt(good.size())));
        events.record(memory.asSlice(0, length), 0, length);
      }
    }
    PerfStatistics statistics = events.statistics(0);
    assertTrue(events.errors().isEmpty(), () -> events.errors().first().toString());
    assertEquals(COUNT, statistics.read() + statistics.damaged() + statistics.unknown());
    assertEquals(called, statistics.read());
    assertTrue(called > COUNT / 10 && statistics.damaged() > COUNT / 10, statistics::toString);
    assertTrue(refused > 0);
    long before = called;
    good.forEach(each -> Records.hand(events, each));
    assertEquals(before + good.size(), called);
  }

  @Test
  void rings_of_damaged_records_end_and_lose_nothing_uncounted() {
    RecordCursor cursor = new RecordCursor(events.times());
    int size = 4096;
    MemorySegment ring = MemorySegment.ofArray(new long[size / 8]);
    long position = 0;
    long handed = 0;
    long bytes = 0;
    for (int round = 0; round < COUNT / 50; round++) {
      long head = position;
      while (head - position < size - LARGEST) {
        byte[] record = good.get(random.nextInt(good.size()));
        for (int i = 0; i < record.length; i++) {
          ring.set(ValueLayout.JAVA_BYTE, (head + i) & (size - 1), record[i]);
        }
        head += record.length;
      }
      if (random.nextBoolean()) {
        ring.set(ValueLayout.JAVA_BYTE, random.nextInt(size), (byte) random.nextInt());
      }
      cursor.ring(ring, 0, size, position, head);
      for (; cursor.hasRecord(); cursor.next()) {
        handed++;
        bytes += cursor.length();
        events.record(cursor.segment(), cursor.offset(), cursor.length());
      }
      position = head;
    }
    PerfStatistics statistics = events.statistics(0);
    assertEquals(position, bytes + cursor.damagedBytes());
    assertEquals(handed, statistics.read() + statistics.damaged() + statistics.unknown());
    assertTrue(events.errors().isEmpty(), () -> events.errors().first().toString());
    assertTrue(cursor.damaged() > 0);
  }
}
