package io.photophone.events.filter;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.photophone.events.EventData;
import io.photophone.events.EventFilter;
import io.photophone.events.EventFormat;
import io.photophone.events.FieldReader;
import io.photophone.events.FieldRef;
import io.photophone.events.LongReader;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Reads of fields and filters leave nothing for the garbage collector, also of events too short.
@Tag("V3")
@Tag("V5")
final class FilterAllocationTest {
  private static final int TIMES = 100_000;

  private long sum;

  @Test
  void filters_allocate_nothing() {
    EventFormat format =
        EventFormat.builder("strings")
            .integer("n", 4, true)
            .terminatedText("first")
            .terminatedUtf16("second")
            .integer("last", 8, false)
            .build();
    MemorySegment event =
        MemorySegment.ofArray(
            "\1\0\0\0first\0s\0e\0\0\0\7\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
    EventFilter filter =
        Filter.parse(format, "n == 1 && first ~ '*s*' && second == 'se' && last & 7").compile();
    assertTrue(filter.test(event, 0, (int) event.byteSize()));

    assertAllocatesNothing(() -> {
      for (int length = 0; length <= event.byteSize(); length++) {
        sum += filter.test(event, 0, length) ? 1 : 0;
      }
    });
  }

  @Test
  void reads_of_fields_allocate_nothing() {
    FieldRef pid = SchedSwitch.FORMAT.fieldRef("prev_pid");
    FieldRef comm = SchedSwitch.FORMAT.fieldRef("prev_comm");
    LongReader reader = pid.longReader();
    FieldReader place = comm.reader();
    MemorySegment event = SchedSwitch.from("acq", 1, 2);
    EventData data = new EventData();

    assertAllocatesNothing(() -> {
      data.moveTo(SchedSwitch.FORMAT, event, 0, 64);
      sum += data.longOf(pid) + data.intOf(pid) + data.spanOf(comm);
      sum += reader.read(event, 0, 64) + place.locate(event, 0, 64);
    });
  }

  private void assertAllocatesNothing(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < TIMES; i++) {
        work.run();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least < TIMES, "%d bytes in %d calls, sum %d".formatted(least, TIMES, sum));
  }
}
