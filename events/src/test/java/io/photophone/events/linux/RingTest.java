package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V13")
class RingTest {
  private static final int PAGE = 4096;
  private static final int SIZE = 4096;

  private final MemorySegment memory = MemorySegment.ofArray(new long[(PAGE + SIZE) / Long.BYTES]);
  private final RecordTime times = Records.events().times();
  private long head;

  /// As the kernel does it.
  private void write(byte[] record) {
    for (byte each : record) {
      memory.set(ValueLayout.JAVA_BYTE, PAGE + (head++ & SIZE - 1), each);
    }
    memory.set(ValueLayout.JAVA_LONG, Ring.HEAD, head);
  }

  private void startAt(long position) {
    head = position;
    memory.set(ValueLayout.JAVA_LONG, Ring.HEAD, position);
    memory.set(ValueLayout.JAVA_LONG, Ring.TAIL, position);
  }

  private Ring ring() {
    return new Ring(memory, PAGE, times);
  }

  private static byte[] current(Ring ring) {
    RecordCursor cursor = ring.cursor();
    return cursor
        .segment()
        .asSlice(cursor.offset(), cursor.length())
        .toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void records_are_read_whole_wherever_the_ring_ends_within_them() {
    byte[] first = Records.point(100, 1, 2, 0, 3, "a text of some length");
    byte[] second = Records.comm(200, 1, 2, "name");
    for (long start = 0; start <= 2L * SIZE; start += 8) {
      startAt(start);
      Ring ring = ring();
      write(first);
      write(second);
      ring.look();
      assertEquals(Arrays.toString(first), Arrays.toString(current(ring)), "at " + start);
      assertEquals(100, ring.cursor().timeNanos());
      ring.cursor().next();
      assertEquals(Arrays.toString(second), Arrays.toString(current(ring)), "at " + start);
      assertEquals(200, ring.cursor().timeNanos());
      ring.cursor().next();
      assertFalse(ring.cursor().hasRecord());
      assertEquals(start, memory.get(ValueLayout.JAVA_LONG, Ring.TAIL), "not given back yet");
      ring.giveBack();
      assertEquals(head, memory.get(ValueLayout.JAVA_LONG, Ring.TAIL));
    }
  }

  @Test
  void a_record_that_is_kept_back_stays_in_the_ring() {
    Ring ring = ring();
    write(Records.comm(1, 1, 1, "a"));
    byte[] second = Records.comm(2, 1, 1, "b");
    write(second);
    ring.look();
    ring.cursor().next();
    ring.giveBack();
    assertEquals(head - second.length, memory.get(ValueLayout.JAVA_LONG, Ring.TAIL));
    ring.look();
    assertEquals(Arrays.toString(second), Arrays.toString(current(ring)));
  }

  @Test
  void a_full_ring_is_read_to_its_end() {
    startAt(8 * 101);
    Ring ring = ring();
    byte[] record = Records.fork(RecordKind.FORK, 5, 1, 2);
    int count = SIZE / record.length;
    for (int i = 0; i < count; i++) {
      write(record);
    }
    assertEquals(0, SIZE % record.length, "full to the last byte");
    ring.look();
    int read = 0;
    for (; ring.cursor().hasRecord(); ring.cursor().next()) {
      read++;
    }
    assertEquals(count, read);
  }

  @Test
  void a_length_that_leads_nowhere_gives_up_what_is_there_and_goes_on_with_what_comes_later() {
    for (int length : new int[] {0, 1, 7, 12, 4000, 0xFFF8, 0xFFFF}) {
      startAt(8);
      Ring ring = ring();
      byte[] bad = Records.comm(1, 1, 1, "a");
      bad[6] = (byte) length;
      bad[7] = (byte) (length >> 8);
      write(bad);
      write(Records.comm(2, 1, 1, "lost"));
      ring.look();
      assertFalse(ring.cursor().hasRecord());
      assertEquals(1, ring.cursor().damaged());
      assertEquals(head - 8, ring.cursor().damagedBytes());
      ring.giveBack();
      byte[] good = Records.comm(3, 1, 1, "b");
      write(good);
      ring.look();
      assertEquals(Arrays.toString(good), Arrays.toString(current(ring)));
      ring.cursor().next();
      ring.giveBack();
    }
  }

  @Test
  void a_record_that_ends_behind_what_was_written_is_damage() {
    startAt(0);
    Ring ring = ring();
    write(Records.comm(1, 1, 1, "a"));
    memory.set(ValueLayout.JAVA_LONG, Ring.HEAD, head - 8);
    ring.look();
    assertFalse(ring.cursor().hasRecord());
    assertEquals(1, ring.cursor().damaged());
    assertEquals(head - 8, ring.cursor().damagedBytes());
  }

  @Test
  void bytes_too_few_for_a_header_are_damage_and_no_read_outside() {
    RecordCursor cursor = new RecordCursor(times);
    cursor.pieces(MemorySegment.ofArray(new byte[4]), new long[] {0, 4}, 2);
    assertFalse(cursor.hasRecord());
    assertEquals(1, cursor.damaged());
    assertEquals(4, cursor.damagedBytes());
  }

  @Test
  void a_head_that_no_kernel_writes_is_damage_and_no_read_outside() {
    for (long wrong : new long[] {-8, SIZE + 8L, Long.MAX_VALUE, 4}) {
      startAt(0);
      Ring ring = ring();
      memory.set(ValueLayout.JAVA_LONG, Ring.HEAD, wrong);
      ring.look();
      assertFalse(ring.cursor().hasRecord());
      assertEquals(1, ring.cursor().damaged(), "head " + wrong);
    }
  }

  @Test
  void raw_bytes_are_handed_over_in_order_over_the_end_of_the_ring() throws Exception {
    startAt(SIZE - 16);
    Ring ring = ring();
    byte[] record = Records.comm(1, 1, 1, "a");
    write(record);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ring.drainTo((first, second) -> {
      all.writeBytes(first.toArray(ValueLayout.JAVA_BYTE));
      all.writeBytes(second.toArray(ValueLayout.JAVA_BYTE));
    });
    assertEquals(Arrays.toString(record), Arrays.toString(all.toByteArray()));
    assertEquals(head, memory.get(ValueLayout.JAVA_LONG, Ring.TAIL));
  }

  @Test
  void a_ring_that_is_no_power_of_two_is_refused() {
    MemorySegment odd = MemorySegment.ofArray(new long[(PAGE + 3 * PAGE) / Long.BYTES]);
    assertThrows(IllegalArgumentException.class, () -> new Ring(odd, PAGE, times));
  }

  @Test
  void rings_are_merged_by_time_and_younger_records_stay() {
    RecordCursor one = cursor(10, 30, 50, 51);
    RecordCursor two = cursor(20, 30, 40, 60);
    RecordCursor none = cursor();
    RecordMerger merger = new RecordMerger(List.of(one, none, two));
    List<Long> order = new ArrayList<>();
    assertEquals(
        2,
        merger.handOver(
            (segment, offset, length) -> order.add(times.of(segment, offset, length, -1)), 60, 2));
    assertEquals(List.of(10L, 20L), order);
    assertEquals(
        5,
        merger.handOver(
            (segment, offset, length) -> order.add(times.of(segment, offset, length, -1)),
            60,
            100));
    assertEquals(List.of(10L, 20L, 30L, 30L, 40L, 50L, 51L), order);
    assertTrue(two.hasRecord());
    assertFalse(one.hasRecord());
  }

  private RecordCursor cursor(long... at) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (long each : at) {
      all.writeBytes(Records.comm(each, 1, 1, "x"));
    }
    RecordCursor cursor = new RecordCursor(times);
    cursor.pieces(MemorySegment.ofArray(all.toByteArray()), new long[] {0, all.size()}, 2);
    return cursor;
  }
}
