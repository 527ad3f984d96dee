package io.photophone.events.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.photophone.events.ErrorBatch;
import io.photophone.events.EventData;
import io.photophone.events.EventFormat;
import io.photophone.events.FieldRef;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V15")
class ProgramEventsTest {
  private static final EventFormat LATE =
      EventFormat.builder("frame_late").integer("sequence", 8, true).integer("by", 8, true).build();

  private static final EventFormat MIXED =
      EventFormat.builder("mixed")
          .integer("tiny", 1, true)
          .integer("small", 2, false)
          .integer("count", 4, true)
          .float64("ratio")
          .build();

  private final ErrorBatch errors = new ErrorBatch();
  private final List<String> seen = new ArrayList<>();

  private ProgramEvents late(int capacity) throws IOException {
    ProgramEvents events = ProgramEvents.builder().event(LATE).capacity(capacity).build();
    FieldRef sequence = LATE.fieldRef("sequence");
    FieldRef by = LATE.fieldRef("by");
    events
        .event("frame_late")
        .event()
        .addCallback(data -> seen.add(data.longOf(sequence) + " " + data.longOf(by)));
    return events;
  }

  @Test
  void the_example_works() throws IOException {
    List<String> said = new ArrayList<>();
    // @start region="program"
    EventFormat late =
        EventFormat.builder("frame_late")
            .integer("sequence", Long.BYTES, true)
            .integer("byNanos", Long.BYTES, true)
            .build();
    ProgramEvents events = ProgramEvents.builder().event(late).alsoToJfr("com.example").build();
    ProgramEvent frameLate = events.event("frame_late");

    FieldRef byNanos = late.fieldRef("byNanos");
    frameLate.event().addCallback(data -> said.add("late by " + data.longOf(byNanos) + " ns"));

    frameLate.emit(17, 2_500_000);
    events.read(new ErrorBatch(), 1000);
    // @end
    events.close();
    assertEquals(List.of("late by 2500000 ns"), said);
  }

  @Test
  void events_that_the_kernel_refuses_are_not_left_behind_in_jfr() {
    UserEventsDevice refusing =
        new UserEventsDevice() {
          private final FakeUserEvents taken = new FakeUserEvents();

          @Override
          public Registered register(String description) throws IOException {
            if (description.startsWith("mixed")) {
              throw new IOException("refused");
            }
            return taken.register(description);
          }

          @Override
          public boolean write(MemorySegment record) {
            return true;
          }
        };

    assertThrows(
        IOException.class,
        ProgramEvents.builder()
                .event(LATE)
                .event(MIXED)
                .alsoToJfr("com.example.refused")
                .alsoTo(refusing)
            ::build);
    assertEquals(
        List.of(),
        FlightRecorder.getFlightRecorder().getEventTypes().stream()
            .map(EventType::getName)
            .filter(name -> name.startsWith("com.example.refused"))
            .toList());
  }

  @Test
  void events_arrive_in_order_with_time_and_thread() throws IOException {
    ProgramEvents events =
        ProgramEvents.builder().event(LATE).capacity(8).threadId(() -> 4711).build();
    ProgramEvent late = events.event("frame_late");
    List<Long> times = new ArrayList<>();
    late.event()
        .addCallback(data -> {
          times.add(data.timeNanos());
          assertEquals(4711, data.tid());
          assertEquals(ProcessHandle.current().pid(), data.pid());
          assertEquals(EventData.UNKNOWN, data.cpu());
          assertEquals(Thread.currentThread().threadId(), data.longOf(events.javaThread(), 0));
        });
    long before = System.nanoTime();
    late.emit(1, 2);
    late.emit(3, 4);
    long after = System.nanoTime();
    assertEquals(2, events.read(errors, 10));
    assertTrue(errors.isEmpty(), () -> errors.first().toString());
    assertTrue(before <= times.get(0) && times.get(0) <= times.get(1) && times.get(1) <= after);
  }

  @Test
  void a_full_ring_drops_what_is_new_and_counts_it() throws IOException {
    ProgramEvents events = late(4);
    ProgramEvent late = events.event("frame_late");
    for (int i = 0; i < 7; i++) {
      late.emit(i, -i);
    }
    assertEquals(new ProgramStats(4, 0, 3, 0), events.stats());
    assertEquals(4, events.read(errors, 100));
    assertEquals(List.of("0 0", "1 -1", "2 -2", "3 -3"), seen);
    late.emit(9, 9);
    assertEquals(1, events.read(errors, 100));
    assertEquals("9 9", seen.getLast());
    assertEquals(new ProgramStats(5, 5, 3, 0), events.stats());
  }

  @Test
  void the_ring_goes_round_many_times() throws IOException {
    ProgramEvents events = late(2);
    for (int i = 0; i < 1001; i++) {
      events.event("frame_late").emit(i, Long.MIN_VALUE + i);
      assertEquals(1, events.read(errors, 100));
      assertEquals(i + " " + (Long.MIN_VALUE + i), seen.getLast());
    }
    assertEquals(0, events.read(errors, 100));
  }

  @Test
  void no_more_are_read_than_asked_for() throws IOException {
    ProgramEvents events = late(4);
    events.event("frame_late").emit(1, 1);
    events.event("frame_late").emit(2, 2);
    assertEquals(1, events.read(errors, 1));
    assertEquals(List.of("1 1"), seen);
  }

  @Test
  void numbers_of_every_size_keep_their_value() throws IOException {
    ProgramEvents events = ProgramEvents.builder().event(LATE).event(MIXED).capacity(4).build();
    events
        .event("mixed")
        .event()
        .addCallback(data ->
            seen.add(
                "%d %d %d %s"
                    .formatted(
                        data.longOf(MIXED.fieldRef("tiny")),
                        data.longOf(MIXED.fieldRef("small")),
                        data.longOf(MIXED.fieldRef("count")),
                        data.doubleOf(MIXED.fieldRef("ratio")))));
    events.event("mixed").emit(-3, 65535, -70000, Double.doubleToRawLongBits(0.25));
    events.read(errors, 10);
    assertEquals(List.of("-3 65535 -70000 0.25"), seen);
  }

  @Test
  void up_to_six_numbers_each_come_to_their_field() throws IOException {
    ProgramEventsBuilder builder = ProgramEvents.builder();
    for (int count = 0; count <= 6; count++) {
      EventFormat.Builder format = EventFormat.builder("of" + count);
      for (int i = 0; i < count; i++) {
        format.integer("f" + i, 8, true);
      }
      builder.event(format.build());
    }
    ProgramEvents events = builder.build();
    for (int count = 0; count <= 6; count++) {
      events
          .event("of" + count)
          .event()
          .addCallback(data -> {
            StringBuilder all = new StringBuilder();
            data.format().refs().forEach(ref -> all.append(data.longOf(ref)));
            seen.add(all.toString());
          });
    }
    events.event("of0").emit();
    events.event("of1").emit(1);
    events.event("of2").emit(1, 2);
    events.event("of3").emit(1, 2, 3);
    events.event("of4").emit(1, 2, 3, 4);
    events.event("of5").emit(1, 2, 3, 4, 5);
    events.event("of6").emit(1, 2, 3, 4, 5, 6);
    events.read(errors, 10);
    assertEquals(List.of("", "1", "12", "123", "1234", "12345", "123456"), seen);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> events.event("of2").emit(1));
    assertEquals("of2 has 2 fields, got 1 numbers", refused.getMessage());
    assertEquals(7, events.stats().emitted());
  }

  @Test
  void a_failing_callback_loses_no_event() throws IOException {
    ProgramEvents events = late(4);
    events
        .event("frame_late")
        .event()
        .addCallback(_ -> {
          throw new IOException("on purpose");
        });
    events.event("frame_late").emit(1, 1);
    events.event("frame_late").emit(2, 2);
    assertEquals(2, events.read(errors, 10));
    assertEquals(2, errors.total());
    assertEquals(List.of("1 1", "2 2"), seen);
  }

  @Test
  void records_that_were_kept_are_processed_later() throws IOException {
    ProgramEvents events = late(4);
    events.event("frame_late").emit(5, 6);
    List<byte[]> kept = new ArrayList<>();
    assertEquals(
        1,
        events.readData(
            (segment, offset, length) ->
                kept.add(
                    segment
                        .asSlice(offset, length)
                        .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)),
            10));
    byte[] record = kept.getFirst();
    events.process(MemorySegment.ofArray(record), 0, record.length, errors);
    assertEquals(List.of("5 6"), seen);
    assertThrows(
        IllegalArgumentException.class,
        () -> events.process(MemorySegment.ofArray(record), 0, 23, errors));
    byte[] foreign = record.clone();
    foreign[12] = 1;
    assertThrows(
        IllegalArgumentException.class,
        () -> events.process(MemorySegment.ofArray(foreign), 0, foreign.length, errors));
  }

  @Test
  void threads_that_emit_at_once_lose_and_mix_up_nothing() throws Exception {
    int threads = 4;
    int each = 50_000;
    ProgramEvents events = ProgramEvents.builder().event(LATE).capacity(256).build();
    ProgramEvent late = events.event("frame_late");
    long[] last = new long[threads];
    Arrays.fill(last, -1);
    FieldRef sequence = LATE.fieldRef("sequence");
    FieldRef by = LATE.fieldRef("by");
    late.event()
        .addCallback(data -> {
          int thread = (int) data.longOf(by);
          assertTrue(data.longOf(sequence) > last[thread]);
          last[thread] = data.longOf(sequence);
        });
    List<Thread> emitting = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int thread = t;
      emitting.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < each; i++) {
                  late.emit(i, thread);
                }
              }));
    }
    while (emitting.stream().anyMatch(Thread::isAlive)) {
      events.read(errors, 64);
    }
    events.read(errors, Integer.MAX_VALUE);
    ProgramStats stats = events.stats();
    assertTrue(errors.isEmpty(), () -> errors.first().toString());
    assertEquals((long) threads * each, stats.emitted() + stats.dropped());
    assertEquals(stats.emitted(), stats.read());
  }

  @Test
  void to_emit_allocates_nothing() throws IOException {
    ProgramEvents events =
        ProgramEvents.builder()
            .event(LATE)
            .capacity(1024)
            .alsoToJfr("test")
            .alsoTo(new FakeUserEvents())
            .build();
    ProgramEvent late = events.event("frame_late");
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    emit(late, events, 20_000);
    long before = bean.getCurrentThreadAllocatedBytes();
    emit(late, events, 100_000);
    long allocated = bean.getCurrentThreadAllocatedBytes() - before;
    events.close();
    assertTrue(allocated < 10_000, () -> allocated + " bytes");
  }

  private void emit(ProgramEvent late, ProgramEvents events, int count) {
    for (int i = 0; i < count; i++) {
      late.emit(i, i);
      events.read(errors, 2);
    }
  }

  @Test
  void linux_is_told_the_form_and_the_records_while_somebody_traces() throws IOException {
    FakeUserEvents kernel = new FakeUserEvents();
    ProgramEvents events =
        ProgramEvents.builder().event(LATE).event(MIXED).capacity(4).alsoTo(kernel).build();
    assertEquals(
        List.of("frame_late s64 sequence;s64 by", "mixed s8 tiny;u16 small;s32 count;u64 ratio"),
        kernel.descriptions);

    events.event("mixed").emit(1, 2, 3, 4);
    assertEquals(0, kernel.records.size());

    kernel.trace(1, true);
    events.event("mixed").emit(-1, 2, 3, Double.doubleToRawLongBits(1.5));
    ByteBuffer expected =
        ByteBuffer.allocate(19)
            .order(ByteOrder.nativeOrder())
            .putInt(42)
            .put((byte) -1)
            .putShort((short) 2)
            .putInt(3)
            .putDouble(1.5);
    assertArrayEquals(expected.array(), kernel.records.getFirst());

    kernel.takes = false;
    events.event("mixed").emit(1, 2, 3, 4);
    assertEquals(1, events.stats().unwritten());
    kernel.trace(1, false);
    events.event("mixed").emit(1, 2, 3, 4);
    assertEquals(2, kernel.records.size());
  }

  @Test
  void what_cannot_be_declared_is_refused() {
    ProgramEventsBuilder builder = ProgramEvents.builder();
    assertThrows(IllegalArgumentException.class, builder::build);
    for (int capacity : new int[] {-4, 0, 1, 3, 1 << 23}) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> builder.capacity(capacity));
      assertTrue(refused.getMessage().contains("power of two"), refused.getMessage());
    }
    builder.event(LATE);
    assertThrows(IllegalArgumentException.class, () -> builder.event(LATE));
    EventFormat text = EventFormat.builder("text").dynamicText("t").build();
    refuse(text, "text.t is TEXT of 4 bytes");
    EventFormat swapped =
        EventFormat.builder("swapped")
            .order(
                ByteOrder.nativeOrder().equals(ByteOrder.BIG_ENDIAN)
                    ? ByteOrder.LITTLE_ENDIAN
                    : ByteOrder.BIG_ENDIAN)
            .build();
    refuse(swapped, "the machine's own order");
    EventFormat.Builder many = EventFormat.builder("many");
    for (int i = 0; i < 7; i++) {
      many.integer("f" + i, 8, true);
    }
    EventFormat seven = many.build();
    assertThrows(IllegalArgumentException.class, () -> ProgramEvents.builder().event(seven));
  }

  private static void refuse(EventFormat format, String because) {
    ProgramEventsBuilder builder = ProgramEvents.builder().event(format);
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, builder::build);
    assertTrue(refused.getMessage().contains(because), refused.getMessage());
  }

  @Test
  void a_format_with_a_gap_is_refused_for_linux_alone() throws IOException {
    EventFormat gap =
        EventFormat.builder("gap").integer("a", 4, true).skip(4).integer("b", 8, true).build();
    ProgramEvents.builder().event(gap).build();
    ProgramEventsBuilder builder = ProgramEvents.builder().event(gap).alsoTo(new FakeUserEvents());
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals("gap.b is at offset 8, for user_events allowed: 4", refused.getMessage());
  }

  @Test
  void an_unknown_event_is_refused_with_those_there_are() throws IOException {
    ProgramEvents events = late(4);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> events.event("frame"));
    assertEquals("no event frame, but: frame_late", refused.getMessage());
  }
}
