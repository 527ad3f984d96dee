package io.photophone.bench.events;

import io.photophone.events.ErrorBatch;
import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.EventFormat;
import io.photophone.events.FieldRef;
import io.photophone.events.LongReader;
import io.photophone.events.linux.PerfEvents;
import io.photophone.events.linux.SampleRecords;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What an event costs with one callback that reads three fields, and a field in a fixed place
/// against one behind two texts of variable length.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EventBenchmark {
  private final ErrorBatch errors = new ErrorBatch();
  private final EventData data = new EventData();
  private long sum;

  private final EventFormat small =
      EventFormat.builder("small")
          .integer("a", 1, false)
          .integer("b", 1, false)
          .integer("c", 1, false)
          .build();
  private final FieldRef a = small.fieldRef("a");
  private final FieldRef b = small.fieldRef("b");
  private final FieldRef c = small.fieldRef("c");
  private final MemorySegment smallBytes = MemorySegment.ofArray(new byte[] {1, 2, 3});
  private final Event smallEvent = new Event(1, small);

  private final PerfEvents parser =
      SampleRecords.tracepoint(PerfEvents.SCHED_SWITCH, Records.SWITCH_TEXT);
  private final Event switchEvent = parser.event(PerfEvents.SCHED_SWITCH);
  private final EventFormat switched = switchEvent.format();
  private final FieldRef prevPid = switched.fieldRef("prev_pid");
  private final FieldRef prevState = switched.fieldRef("prev_state");
  private final FieldRef nextPid = switched.fieldRef("next_pid");
  private final MemorySegment record = Records.sample();
  private final int recordLength = (int) record.byteSize();

  private final EventFormat strings =
      EventFormat.builder("strings")
          .integer("before", 8, false)
          .terminatedText("first")
          .terminatedText("second")
          .integer("last", 8, false)
          .build();
  private final MemorySegment stringsBytes = Records.strings();
  private final LongReader before = strings.fieldRef("before").longReader();
  private final LongReader last = strings.fieldRef("last").longReader();

  @Setup
  public void register() {
    smallEvent.addCallback(now -> sum += now.longOf(a) + now.longOf(b) + now.longOf(c));
    switchEvent.addCallback(
        now -> sum += now.longOf(prevPid) + now.longOf(prevState) + now.longOf(nextPid));
    sum = 0;
    record();
    if (sum != 4711 + 815) {
      throw new IllegalStateException("the record was read as %d: %s".formatted(sum, errors));
    }
  }

  /// Three integers of a byte.
  @Benchmark
  public long small() {
    smallEvent.process(data.moveTo(small, smallBytes, 0, 3), errors);
    return sum;
  }

  /// A sample of 248 bytes from the kernel's ring, taken apart.
  @Benchmark
  public long record() {
    parser.record(record, 0, recordLength);
    return sum;
  }

  @Benchmark
  public long fieldInFixedPlace() {
    return before.read(stringsBytes, 0, Records.STRINGS_LENGTH);
  }

  @Benchmark
  public long fieldBehindTwoTexts() {
    return last.read(stringsBytes, 0, Records.STRINGS_LENGTH);
  }

  /// The same, byte after byte.
  @Benchmark
  public long fieldBehindTwoTextsBytewise() {
    long at = Long.BYTES;
    for (int text = 0; text < 2; text++) {
      while (at < Records.STRINGS_LENGTH && stringsBytes.get(ValueLayout.JAVA_BYTE, at) != 0) {
        at++;
      }
      at++;
    }
    return at + Long.BYTES <= Records.STRINGS_LENGTH ? stringsBytes.get(LITTLE_LONG, at) : -1;
  }

  private static final ValueLayout.OfLong LITTLE_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
}
