package io.photophone.events.hotspot;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.photophone.events.Event;
import io.photophone.events.FieldRef;
import io.photophone.events.linux.PerfEvents;
import io.photophone.events.linux.PerfSession;
import io.photophone.events.linux.StackCapture;
import io.photophone.events.symbols.CodeRange;
import io.photophone.events.symbols.ElfImages;
import io.photophone.events.symbols.HybridUnwinder;
import io.photophone.events.symbols.HybridUnwinder.Stop;
import io.photophone.events.symbols.ProcessImage;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where the threads of a JVM wait, down to their start.
@Tag("V19")
@Timeout(120)
final class OffCpuStacksIT {
  private static final int DEEPEST = 512;
  private static final int RBP = 6;
  private static final int RSP = 7;
  private static final int RIP = 8;

  /// Of `prev_state`: all others tell how the state came about.
  private static final int STATES = 0xff;

  @BeforeEach
  void needs_tracefs() {
    Path events = Path.of("/sys/kernel/tracing/events/sched");
    assumeTrue(Files.isReadable(events), events + " isn't readable: needs root and tracefs");
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "stacks of x86-64 alone");
  }

  /// Small copies are enough for threads that wait; compilers, which are preempted, have the
  /// deepest stacks.
  @ParameterizedTest
  @CsvSource({"8192, waiting", "32768, all"})
  void stacks_are_complete_with_frame_pointers(int copiedBytes, String which) throws Exception {
    Process busy = BusyJvm.start(List.of("-XX:+PreserveFramePointer"), "block");
    try (PerfSession session =
        PerfSession.builder()
            .pid(busy.pid())
            .pageCount(2048)
            .stackBytes(copiedBytes)
            .contextSwitches(StackCapture.COPY)
            .build()) {
      PerfEvents events = session.events();
      var image = ProcessImage.of(busy.pid(), new ElfImages());
      keepMappings(events, image, busy.pid());
      var unwinder = new HybridUnwinder();
      var waiting = new Stacks("waiting", image);
      var preempted = new Stacks("preempted", image);
      long[] into = new long[DEEPEST];
      long mask = events.userRegisterMask();
      Event switches = events.event(PerfEvents.SCHED_SWITCH);
      FieldRef state = switches.format().fieldRef("prev_state");
      switches.addCallback(data -> {
        Stacks stacks = (data.longOf(state) & STATES) == 0 ? preempted : waiting;
        if (data.pid() != busy.pid() || !events.userStack().isPresent()) {
          stacks.without++;
          return;
        }
        MemorySegment stack =
            data.segment()
                .asSlice(
                    data.recordOffset() + events.userStack().offset(), events.userStack().length());
        long ip = data.longOf(events.userRegisters(), at(mask, RIP));
        int depth =
            unwinder.unwind(
                image,
                ip,
                data.longOf(events.userRegisters(), at(mask, RSP)),
                data.longOf(events.userRegisters(), at(mask, RBP)),
                stack,
                into);
        stacks.add(unwinder.stop(), into, depth);
      });
      session.enable();
      session.read(Duration.ofSeconds(5));
      session.disable();
      session.drain();
      assertTrue(events.errors().isEmpty(), () -> events.errors().first().toString());
      System.out.println(session.statistics());
      System.out.println(waiting);
      System.out.println(preempted);
      boolean all = which.equals("all");
      int count = waiting.count + (all ? preempted.count : 0);
      int complete = waiting.complete() + (all ? preempted.complete() : 0);
      System.out.printf(
          "copies of %d bytes: of %d stacks (%s) %d complete = %.3f %%, all %.3f %%%n",
          copiedBytes,
          count,
          which,
          complete,
          100.0 * complete / count,
          100.0 * (waiting.complete() + preempted.complete()) / (waiting.count + preempted.count));
      assertTrue(waiting.count > 1000, "stacks: " + waiting.count);
      assertTrue(complete >= 0.99 * count, complete + " of " + count);
      assertTrue(
          waiting.withJava > 0.5 * waiting.count, "stacks with compiled Java or interpreter");
    } finally {
      busy.destroyForcibly().waitFor();
    }
  }

  private static int at(long mask, int register) {
    return Long.bitCount(mask & ((1L << register) - 1));
  }

  private static void keepMappings(PerfEvents events, ProcessImage image, long pid) {
    Event mapped = events.event("mmap2");
    FieldRef start = mapped.format().fieldRef("addr");
    FieldRef size = mapped.format().fieldRef("len");
    FieldRef offset = mapped.format().fieldRef("pgoff");
    FieldRef file = mapped.format().fieldRef("filename");
    mapped.addCallback(data -> {
      if (data.pid() == pid) {
        image.map(data.longOf(start), data.longOf(size), data.longOf(offset), data.textOf(file));
      }
    });
  }

  /// What became of each stack.
  private static final class Stacks {
    private final String name;
    private final ProcessImage image;
    private final Map<Stop, Integer> stops = new EnumMap<>(Stop.class);
    private final Map<String, Integer> incomplete = new TreeMap<>();
    private int count;
    private int withJava;
    private long frames;

    /// Samples without registers and stack: of kernel threads, or of other processes.
    private int without;

    Stacks(String name, ProcessImage image) {
      this.name = name;
      this.image = image;
    }

    void add(Stop stop, long[] addresses, int depth) {
      count++;
      frames += depth;
      stops.merge(stop, 1, Integer::sum);
      boolean java = false;
      for (int i = 0; i < depth; i++) {
        java |= image.rangeAt(addresses[i] - (i == 0 ? 0 : 1)) instanceof CodeRange.Anonymous;
      }
      withJava += java ? 1 : 0;
      if (stop != Stop.COMPLETE) {
        incomplete.merge(stop + " after " + last(addresses, depth), 1, Integer::sum);
      }
    }

    int complete() {
      return stops.getOrDefault(Stop.COMPLETE, 0);
    }

    private String last(long[] addresses, int depth) {
      long address = addresses[depth - 1] - (depth == 1 ? 0 : 1);
      return "in "
          + switch (image.rangeAt(address)) {
            case null -> "nothing";
            case CodeRange.Anonymous _ -> "Java";
            case CodeRange.InFile file ->
                file.image().name()
                    + " "
                    + file.image().nameAt(address - file.start() + file.fileOffset());
          };
    }

    @Override
    public String toString() {
      return "%s: %d stacks of %.1f frames, %s = %.3f %% complete; with Java %d, without stack %d; %s"
          .formatted(
              name,
              count,
              (double) frames / count,
              stops,
              100.0 * complete() / count,
              withJava,
              without,
              incomplete);
    }
  }
}
