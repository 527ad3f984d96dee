package io.photophone.bench.events;

import io.photophone.events.EventFilter;
import io.photophone.events.EventFormat;
import io.photophone.events.filter.Filter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
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

/// Filters as the classes made for them, beside functions in functions, which is how filters are
/// usually combined.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EventFilterBenchmark {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int LENGTH = 64;
  private static final String THREE = "prev_pid > 1000 && prev_state == 0 && prev_comm ~ 'acq*'";

  private final EventFormat format = Records.SWITCH;
  private final MemorySegment event = MemorySegment.ofArray(Records.switched());

  private EventFilter number;
  private EventFilter text;
  private EventFilter three;
  private EventFilter threeNested;

  @Setup
  public void compile() {
    number =
        Filter.parse(EventFormat.builder("u32").skip(24).integer("n", 4, false).build(), "n > 1000")
            .compile();
    text = Filter.parse(format, "prev_comm == 'acq-thread'").compile();
    three = Filter.parse(format, THREE).compile();
    threeNested =
        and(
            and(
                integer(24, Integer.BYTES, value -> value > 1000),
                integer(32, Long.BYTES, value -> value == 0)),
            prefix(8, 16, "acq"));
    // Other filters of the same make, so that the functions see what they do in a program.
    for (String prefix : new String[] {"kworker", "java", "acq"}) {
      EventFilter other =
          or(integer(56, Integer.BYTES, value -> value < prefix.length()), prefix(40, 16, prefix));
      for (int i = 0; i < 20_000; i++) {
        other.test(event, 0, LENGTH);
      }
    }
  }

  @Benchmark
  public boolean number() {
    return number.test(event, 0, LENGTH);
  }

  @Benchmark
  public boolean text() {
    return text.test(event, 0, LENGTH);
  }

  @Benchmark
  public boolean threeClauses() {
    return three.test(event, 0, LENGTH);
  }

  @Benchmark
  public boolean threeClausesNested() {
    return threeNested.test(event, 0, LENGTH);
  }

  private static EventFilter and(EventFilter one, EventFilter other) {
    return (segment, offset, length) ->
        one.test(segment, offset, length) && other.test(segment, offset, length);
  }

  private static EventFilter or(EventFilter one, EventFilter other) {
    return (segment, offset, length) ->
        one.test(segment, offset, length) || other.test(segment, offset, length);
  }

  private static EventFilter integer(int at, int size, LongPredicate holds) {
    return (segment, offset, length) ->
        at + size <= length
            && holds.test(
                size == Integer.BYTES
                    ? segment.get(INT, offset + at)
                    : segment.get(LONG, offset + at));
  }

  private static EventFilter prefix(int at, int size, String prefix) {
    byte[] bytes = prefix.getBytes(StandardCharsets.UTF_8);
    return (segment, offset, length) -> {
      if (at + size > length) {
        return false;
      }
      for (int i = 0; i < bytes.length; i++) {
        if (segment.get(ValueLayout.JAVA_BYTE, offset + at + i) != bytes[i]) {
          return false;
        }
      }
      return true;
    };
  }
}
