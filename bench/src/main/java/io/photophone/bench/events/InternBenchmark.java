package io.photophone.bench.events;

import io.photophone.events.InternedSlices;
import io.photophone.events.InternedStrings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A call stack, or a name, that is known already, found again: by ours, and by a hash map whose
/// key is made from the call stack. All that are kept are asked for in turn, as one long row of
/// memory, as they come from a ring buffer.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xms3g", "-Xmx3g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InternBenchmark {
  /// Known stacks, and a row of them to ask for.
  @State(Scope.Thread)
  public static class Stacks {
    /// Frames of each stack, and how many stacks.
    @Param({"40x20000", "24x1000000"})
    String shape = "";

    /// As they were kept, so that the processor reads ahead, or as many drawn at random.
    @Param({"kept", "random"})
    String order = "";

    int frames;
    int next;
    int count;
    long[] asked = {};
    MemorySegment askedOutside = MemorySegment.NULL;
    final InternedSlices ours = new InternedSlices(1L << 30);

    @Setup(Level.Trial)
    public void fill() {
      int x = shape.indexOf('x');
      frames = Integer.parseInt(shape.substring(0, x));
      count = Integer.parseInt(shape.substring(x + 1));
      asked = new long[count * frames];
      long[] stack = new long[frames];
      for (int i = 0; i < count; i++) {
        stack(i, stack);
        add(i + 1, stack);
      }
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < count; i++) {
        stack(order.equals("kept") ? i : random.nextInt(count), stack);
        System.arraycopy(stack, 0, asked, i * frames, frames);
      }
      askedOutside = Arena.ofAuto().allocate(8L * asked.length, 8);
      MemorySegment.copy(asked, 0, askedOutside, ValueLayout.JAVA_LONG, 0, asked.length);
    }

    void add(int id, long[] stack) {
      if (ours.intern(stack, 0, stack.length) != id) {
        throw new IllegalStateException("a stack was there already, or refused: " + id);
      }
    }

    /// Most frames are shared with many other stacks; the last ones tell them apart.
    private static void stack(int number, long[] stack) {
      SplittableRandom random = new SplittableRandom(number / 16);
      for (int f = 0; f < stack.length; f++) {
        stack[f] = 0x7f00_0000_0000L + random.nextInt(1 << 24);
      }
      stack[0] = 0x7f00_0000_0000L + number;
    }

    int step() {
      int at = next;
      next = at + 1 == count ? 0 : at + 1;
      return at * frames;
    }
  }

  /// The peer's own copy, in a run of its own.
  @State(Scope.Thread)
  public static class MappedStacks extends Stacks {
    final Map<Key, Integer> map = new HashMap<>();

    @Override
    void add(int id, long[] stack) {
      map.put(new Key(stack.clone()), id);
    }
  }

  /// Known names, and equal ones to ask for.
  @State(Scope.Thread)
  public static class Names {
    private static final int COUNT = 64;

    int next;
    final String[] asked = new String[COUNT];
    final MemorySegment outside = Arena.ofAuto().allocate(16L * COUNT);
    final InternedStrings ours = new InternedStrings(1 << 20);
    final Map<String, Integer> map = new HashMap<>();

    @Setup
    public void fill() {
      for (int i = 0; i < COUNT; i++) {
        String name = "acquisition-" + (10 + i);
        map.put(name, ours.intern(name));
        asked[i] = new String(name.toCharArray());
        outside.setString(16L * i, asked[i]);
      }
    }

    int step() {
      int at = next;
      next = (at + 1) & (COUNT - 1);
      return at;
    }
  }

  @Benchmark
  public int stack(Stacks stacks) {
    return stacks.ours.intern(stacks.asked, stacks.step(), stacks.frames);
  }

  @Benchmark
  public int stackOutside(Stacks stacks) {
    return stacks.ours.intern(stacks.askedOutside, 8L * stacks.step(), stacks.frames);
  }

  @Benchmark
  public int stackHashMap(MappedStacks stacks) {
    int from = stacks.step();
    return stacks.map.get(new Key(Arrays.copyOfRange(stacks.asked, from, from + stacks.frames)));
  }

  @Benchmark
  public int string(Names names) {
    return names.ours.intern(names.asked[names.step()]);
  }

  @Benchmark
  public int stringOutside(Names names) {
    return names.ours.intern(names.outside, 16L * names.step(), 14);
  }

  @Benchmark
  public int stringHashMap(Names names) {
    return names.map.get(names.asked[names.step()]);
  }

  /// As a plain solution would have it: an array that knows its content's hash.
  private record Key(long[] frames) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(frames, key.frames);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(frames);
    }
  }
}
