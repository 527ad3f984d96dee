package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.EventFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V13")
class RunningProcessesTest {
  private final PerfEvents events = Records.events();
  private final RunningProcesses running =
      new RunningProcesses(events.sampled().getFirst().layout(), 500);
  private final List<String> seen = new ArrayList<>();

  private void deliver() {
    RecordCursor cursor = new RecordCursor(events.times());
    MemorySegment records = running.records();
    cursor.pieces(records, new long[] {0, records.byteSize()}, 2);
    for (; cursor.hasRecord(); cursor.next()) {
      events.record(cursor.segment(), cursor.offset(), cursor.length());
    }
    assertEquals(0, cursor.damaged() + events.statistics(0).damaged());
  }

  @Test
  void mappings_of_code_are_told_as_the_kernel_tells_new_ones() throws IOException {
    EventFormat format = events.event("mmap2").format();
    events
        .event("mmap2")
        .addCallback(data ->
            seen.add(
                "%s %x %x %x %d:%d %d %d %d at %d"
                    .formatted(
                        data.textOf(format.fieldRef("filename")),
                        data.longOf(format.fieldRef("addr")),
                        data.longOf(format.fieldRef("len")),
                        data.longOf(format.fieldRef("pgoff")),
                        data.longOf(format.fieldRef("maj")),
                        data.longOf(format.fieldRef("min")),
                        data.longOf(format.fieldRef("ino")),
                        data.longOf(format.fieldRef("prot")),
                        data.pid(),
                        data.timeNanos())));
    running.mappings(
        7,
        new BufferedReader(
            new StringReader(
                """
                55d0c0000000-55d0c0002000 r--p 00000000 fe:00 12    /usr/bin/only data
                55d0c0002000-55d0c0005000 r-xp 00002000 fe:00 12    /usr/bin/with two  spaces
                7f0000000000-7f0000001000 rwxp 00000000 00:00 0\s
                ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0     [vsyscall]
                not a line at all
                """)));
    deliver();
    assertEquals(
        List.of(
            "/usr/bin/with two  spaces 55d0c0002000 3000 2000 254:0 12 5 7 at 500",
            "//anon 7f0000000000 1000 0 0:0 0 7 7 at 500",
            "[vsyscall] ffffffffff600000 1000 0 0:0 0 4 7 at 500"),
        seen);
  }

  @Test
  void a_hundred_thousand_mappings_are_told_in_less_than_some_seconds() throws IOException {
    StringBuilder maps = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      maps.append(
          "%x-%x r-xp 00000000 08:01 %d  /lib/a file %d\n"
              .formatted(i * 8192L, i * 8192L + 4096, i, i));
    }
    long start = System.nanoTime();
    running.mappings(7, new BufferedReader(new StringReader(maps.toString())));
    deliver();
    assertEquals(100_000, events.statistics(0).read());
    assertTrue(System.nanoTime() - start < 10_000_000_000L);
  }

  @Test
  void this_process_has_a_name_for_each_thread() {
    events.event("comm").addCallback(data -> seen.add(data.pid() + " " + data.tid()));
    long pid = ProcessHandle.current().pid();
    running.add((int) pid);
    deliver();
    org.junit.jupiter.api.Assumptions.assumeFalse(seen.isEmpty(), "there is no /proc here");
    assertTrue(seen.contains(pid + " " + pid), seen::toString);
    assertTrue(seen.size() > 1);
  }

  @Test
  void a_process_that_is_gone_adds_no_record() {
    running.add(Integer.MAX_VALUE);
    assertEquals(0, running.records().byteSize());
    assertEquals(1, running.unreadable());
  }

  @Test
  void lines_that_are_cut_are_no_mappings() {
    String line = "7f00-7f10 r-xp 0000a000 08:01 77 /a b";
    MappingLine whole = MappingLine.parse(line).orElseThrow();
    assertEquals(new MappingLine(0x7f00, 0x7f10, 5, 2, 0xa000, 8, 1, 77, "/a b"), whole);
    for (int length = 0; length < line.indexOf("77"); length++) {
      assertEquals(Optional.empty(), MappingLine.parse(line.substring(0, length)), "cut " + length);
    }
  }
}
