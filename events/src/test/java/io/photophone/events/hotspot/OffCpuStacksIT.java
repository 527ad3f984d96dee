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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Where the threads of a JVM wait, down to their start.
@Tag("V19")
@Timeout(120)
final class OffCpuStacksIT {
  private static final int DEEPEST = 512;
  private static final int RBP = 6;
  private static final int RSP = 7;
  private static final int RIP = 8;

  @BeforeEach
  void needs_tracefs() {
    Path events = Path.of("/sys/kernel/tracing/events/sched");
    assumeTrue(Files.isReadable(events), events + " isn't readable: needs root and tracefs");
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "stacks of x86-64 alone");
  }

  @Test
  void stacks_of_waiting_threads_are_complete_with_frame_pointers() throws Exception {
    Process busy = BusyJvm.start(List.of("-XX:+PreserveFramePointer"), "block");
    try (PerfSession session =
        PerfSession.builder()
            .pid(busy.pid())
            .pageCount(2048)
            .contextSwitches(StackCapture.COPY)
            .build()) {
      PerfEvents events = session.events();
      var image = ProcessImage.of(busy.pid(), new ElfImages());
      keepMappings(events, image, busy.pid());
      var unwinder = new HybridUnwinder();
      var stacks = new Stacks(image);
      long[] into = new long[DEEPEST];
      long mask = events.userRegisterMask();
      events
          .event(PerfEvents.SCHED_SWITCH)
          .addCallback(
              data -> {
                if (data.pid() != busy.pid() || !events.userStack().isPresent()) {
                  stacks.without++;
                  return;
                }
                MemorySegment stack =
                    data.segment()
                        .asSlice(
                            data.recordOffset() + events.userStack().offset(),
                            events.userStack().length());
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
      System.out.println(stacks);
      assertTrue(stacks.count > 1000, "stacks: " + stacks.count);
      int complete = stacks.stops.getOrDefault(Stop.COMPLETE, 0);
      assertTrue(complete >= 0.99 * stacks.count, complete + " of " + stacks.count);
      assertTrue(stacks.withJava > 0.2 * stacks.count, "stacks with compiled Java or interpreter");
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
    mapped.addCallback(
        data -> {
          if (data.pid() == pid) {
            image.map(
                data.longOf(start), data.longOf(size), data.longOf(offset), data.textOf(file));
          }
        });
  }

  /// What became of each stack.
  private static final class Stacks {
    private final ProcessImage image;
    private final Map<Stop, Integer> stops = new EnumMap<>(Stop.class);
    private final Map<String, Integer> incomplete = new TreeMap<>();
    private int count;
    private int withJava;
    private long frames;

    /// Samples without registers and stack: of kernel threads, or of other processes.
    private int without;

    Stacks(ProcessImage image) {
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

    private String last(long[] addresses, int depth) {
      long address = addresses[depth - 1] - (depth == 1 ? 0 : 1);
      return depth
          + " frames, in "
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
      return "%d stacks of %.1f frames, %s = %.3f %% complete; with Java %d, without stack %d; %s"
          .formatted(
              count,
              (double) frames / count,
              stops,
              100.0 * stops.getOrDefault(Stop.COMPLETE, 0) / count,
              withJava,
              without,
              incomplete);
    }
  }
}
