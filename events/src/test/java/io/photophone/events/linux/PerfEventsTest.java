package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.EventFormat;
import io.photophone.events.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V13")
class PerfEventsTest {
  private final PerfEvents events = Records.events();
  private final List<String> seen = new ArrayList<>();

  private void see(String name, Function<EventData, Object> what) {
    events.event(name).addCallback(data -> seen.add(name + " " + what.apply(data)));
  }

  private Function<EventData, Object> fields(String name, String... fields) {
    EventFormat format = events.event(name).format();
    return data -> Arrays.stream(fields).map(each -> data.longOf(format.fieldRef(each))).toList();
  }

  private Function<EventData, Object> text(String name, String field) {
    EventFormat format = events.event(name).format();
    return data -> data.textOf(format.fieldRef(field));
  }

  @Test
  void a_tracepoint_is_read_by_its_format_with_time_process_thread_and_processor() {
    see("test:point", fields("test:point", "number", "common_pid"));
    see("test:point", text("test:point", "name"));
    see(
        "test:point",
        data ->
            List.of(
                data.timeNanos(), data.pid(), data.tid(), data.cpu(), data.longOf(events.ip(), 0)));

    Records.hand(events, Records.point(1000, 10, 11, 3, -5, "a name"));

    assertEquals(
        List.of("test:point [-5, 11]", "test:point a name", "test:point [1000, 10, 11, 3, 2748]"),
        seen);
    assertEquals(1, events.statistics(0).samples("test:point"));
  }

  @Test
  void a_sample_has_its_fields_call_chain_registers_and_the_used_part_of_its_stack() {
    see("cpu_sample", fields("cpu_sample", "ip", "tid", "time", "cpu", "period"));
    see(
        "cpu_sample",
        data ->
            List.of(
                data.longsOf(events.callChain()),
                data.longOf(events.callChain(), 2),
                data.longsOf(events.userRegisters()),
                data.longOf(events.userRegisters(), 2),
                events.userStack().length(),
                data.longOf(events.userStack(), 4)));

    Records.hand(events, Records.cpuSample(5, 9, 3, 40));

    assertEquals(
        List.of("cpu_sample [2748, 9, 5, 1, 1000]", "cpu_sample [3, 4098, 3, 13, 40, 104]"), seen);
    assertEquals(Records.REGISTERS, events.userRegisterMask());
  }

  @Test
  void parts_of_a_sample_are_gone_at_the_next_record() {
    see("comm", _ -> events.callChain().isPresent());
    Records.hand(events, Records.cpuSample(5, 9, 3, 40), Records.comm(6, 1, 1, "x"));
    assertEquals(List.of("comm false"), seen);
  }

  @Test
  void registers_and_stack_are_gone_at_the_next_sample_without_them() {
    see(
        "cpu_sample",
        data ->
            List.of(
                data.longsOf(events.callChain()),
                events.userRegisters().isPresent(),
                events.userStack().isPresent()));
    Records.hand(events, Records.cpuSample(5, 9, 3, 40), Records.kernelSample(6, 2));
    assertEquals(List.of("cpu_sample [3, true, true]", "cpu_sample [0, false, false]"), seen);
  }

  @Test
  void a_tracepoint_whose_samples_are_to_be_without_its_data_is_refused() {
    EventSetup point = Records.setups().get(1);
    PerfAttr attr = point.perfAttr();
    attr.sampleType(attr.sampleType() & ~SampleLayout.RAW);
    assertEquals(
        "samples of test:point have no raw data, which those of a tracepoint need",
        assertThrows(
                IllegalArgumentException.class,
                () -> new PerfEvents(List.of(point), PerfEvents.NOBODY))
            .getMessage());
  }

  @Test
  void each_kind_of_record_is_an_event_with_fields() {
    see("comm", text("comm", "comm"));
    see("comm", fields("comm", "pid", "tid"));
    see("mmap2", text("mmap2", "filename"));
    see("mmap2", fields("mmap2", "pid", "addr", "len", "pgoff", "maj", "min", "ino", "prot"));
    see("mmap2_build_id", text("mmap2_build_id", "filename"));
    see("mmap2_build_id", fields("mmap2_build_id", "addr", "build_id_size", "prot", "flags"));
    see("fork", fields("fork", "pid", "ppid", "tid", "ptid", "time"));
    see("exit", fields("exit", "pid", "ppid", "tid", "ptid", "time"));
    see("lost", fields("lost", "id", "lost"));
    see("throttle", fields("throttle", "time", "id"));
    see("unthrottle", fields("unthrottle", "time", "id"));
    see("switch", fields("switch", "misc"));
    see("switch", data -> List.of(data.timeNanos(), data.tid(), data.cpu()));
    see("switch_cpu_wide", fields("switch_cpu_wide", "next_prev_pid", "next_prev_tid"));
    see("ksymbol", text("ksymbol", "name"));
    see("ksymbol", fields("ksymbol", "addr", "len", "ksym_type"));

    Records.hand(
        events,
        Records.comm(1, 10, 11, "a thread"),
        Records.mmap2(2, 10, 0x7000, 0x2000, "/a file"),
        Records.mmap2WithBuildId(3, 10, "/b"),
        Records.fork(RecordKind.FORK, 4, 20, 10),
        Records.fork(RecordKind.EXIT, 5, 20, 10),
        Records.lost(6, 42),
        Records.throttle(RecordKind.THROTTLE, 7),
        Records.throttle(RecordKind.UNTHROTTLE, 8),
        Records.switched(9, 12, true),
        Records.switchedCpuWide(10, 12, 13),
        Records.ksymbol(11, "bpf_x"));

    assertEquals(
        List.of(
            "comm a thread",
            "comm [10, 11]",
            "mmap2 /a file",
            "mmap2 [10, 28672, 8192, 4096, 8, 1, 1234, 5]",
            "mmap2_build_id /b",
            "mmap2_build_id [16384, 20, 5, 2]",
            "fork [20, 10, 21, 11, 4]",
            "exit [20, 10, 21, 11, 5]",
            "lost [7001, 42]",
            "throttle [7, 7002]",
            "unthrottle [8, 7002]",
            "switch [8192]",
            "switch [9, 12, 1]",
            "switch_cpu_wide [13, 13]",
            "ksymbol bpf_x",
            "ksymbol [4294901760, 64, 1]"),
        seen);
    PerfStatistics statistics = events.statistics(0);
    assertEquals(11, statistics.read());
    assertEquals(42, statistics.lostInRings());
    assertEquals(1, statistics.throttled());
    assertEquals(0, statistics.damaged());
  }

  @Test
  void a_build_id_is_read_as_bytes() {
    EventFormat format = events.event("mmap2_build_id").format();
    events
        .event("mmap2_build_id")
        .addCallback(data -> {
          byte[] id = data.bytesOf(format.fieldRef("build_id"));
          assertEquals(20, Span.length(data.spanOf(format.fieldRef("build_id"))));
          assertArrayEquals(new byte[] {1, 2, 3}, Arrays.copyOf(id, 3));
          seen.add("read");
        });
    Records.hand(events, Records.mmap2WithBuildId(3, 10, "/b"));
    assertEquals(List.of("read"), seen);
  }

  @Test
  void records_that_are_cut_anywhere_are_counted_and_reach_no_callback() {
    for (byte[] whole :
        List.of(
            Records.point(1, 1, 1, 0, 1, "x"),
            Records.cpuSample(1, 1, 2, 8),
            Records.fork(RecordKind.FORK, 1, 2, 3),
            Records.lost(1, 1),
            Records.switchedCpuWide(1, 1, 1))) {
      PerfEvents cut = Records.events();
      cut.names().forEach(name -> cut.event(name).addCallback(_ -> seen.add(name)));
      for (int length = 0; length < whole.length; length++) {
        cut.record(java.lang.foreign.MemorySegment.ofArray(whole), 0, length);
      }
      assertEquals(List.of(), seen);
      assertEquals(whole.length, cut.statistics(0).damaged());
      assertEquals(0, cut.statistics(0).read());
    }
  }

  @Test
  void parts_that_claim_more_than_the_record_has_are_damage() {
    int chain = 56;
    int stack = chain + 8 + 16 + 32;
    for (long claim : new long[] {-1, 1000, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 61}) {
      for (int at : new int[] {chain, stack, stack + 8 + 64}) {
        byte[] record = Records.cpuSample(1, 1, 2, 8);
        java.lang.foreign.MemorySegment.ofArray(record)
            .set(java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED, at, claim);
        PerfEvents fresh = Records.events();
        fresh.event("cpu_sample").addCallback(_ -> seen.add("called"));
        Records.hand(fresh, record);
        assertEquals(1, fresh.statistics(0).damaged(), "claim " + claim + " at " + at);
      }
    }
    assertTrue(seen.isEmpty());
  }

  @Test
  void what_is_of_no_known_kind_or_event_is_counted() {
    byte[] kind = Records.comm(1, 1, 1, "x");
    kind[0] = 99;
    byte[] other = Records.point(1, 1, 1, 0, 1, "x");
    other[8] ^= 1;
    Records.hand(events, kind, other);
    assertEquals(2, events.statistics(0).unknown());
    assertEquals(0, events.statistics(0).read());
  }

  @Test
  void records_before_an_earlier_one_are_counted() {
    Records.hand(
        events, Records.comm(5, 1, 1, "x"), Records.comm(4, 1, 1, "x"), Records.comm(5, 1, 1, "x"));
    assertEquals(1, events.statistics(0).outOfOrder());
  }

  @Test
  void own_samples_are_left_out_but_for_those_of_the_scheduler() {
    PerfEvents own = new PerfEvents(Records.setups(), 10);
    Records.ids().forEach((id, event) -> own.addId(event, id));
    own.event("test:point").addCallback(_ -> seen.add("called"));
    Records.hand(own, Records.point(1, 10, 11, 0, 1, "x"), Records.point(1, 12, 11, 0, 1, "x"));
    assertEquals(1, seen.size());
    assertEquals(1, own.statistics(0).own());
    assertEquals(2, own.statistics(0).samples("test:point"));
  }

  @Test
  void a_callback_that_fails_is_told_and_the_next_record_is_read() {
    events
        .event("comm")
        .addCallback(_ -> {
          throw new IllegalStateException("no");
        });
    Records.hand(events, Records.comm(5, 1, 1, "x"), Records.comm(6, 1, 1, "x"));
    assertEquals(2, events.errors().total());
    assertEquals(Map.of("comm", 2L), events.statistics(0).records());
  }

  @Test
  void an_event_that_is_not_recorded_is_refused_with_those_that_are() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> events.event("x:y"));
    assertTrue(e.getMessage().contains("x:y") && e.getMessage().contains("test:point"));
    assertFalse(events.find("x:y").isPresent());
    Event records = events.event("comm");
    assertEquals("comm", records.name());
  }
}
