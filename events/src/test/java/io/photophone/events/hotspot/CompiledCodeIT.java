package io.photophone.events.hotspot;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.FieldRef;
import io.photophone.events.linux.PerfEvents;
import io.photophone.events.linux.PerfSession;
import io.photophone.events.linux.PerfSessionBuilder;
import io.photophone.events.linux.StackCapture;
import io.photophone.events.linux.Uprobes;
import io.photophone.events.symbols.CodeRange;
import io.photophone.events.symbols.ElfImages;
import io.photophone.events.symbols.ProcessImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A JVM without a flag or an agent, which nobody attaches to until its record is complete.
@Tag("V19")
@Timeout(120)
final class CompiledCodeIT {
  private static final Duration RECORDED = Duration.ofSeconds(5);
  private static final int ENOUGH = 4000;

  /// What the kernel puts before the user's part of a call chain.
  private static final long USER = -512;

  @BeforeEach
  void needs_probes() {
    Path events = Path.of("/sys/kernel/tracing/uprobe_events");
    assumeTrue(Files.isWritable(events), events + " isn't writable: needs root and tracefs");
  }

  @Test
  void frames_of_compiled_code_are_named_at_their_time_without_touching_the_jvm() throws Exception {
    try (Uprobes uprobes = Uprobes.open()) {
      var probes = new HotspotProbes(uprobes);
      var refusal = probes.addLibrary(BusyJvm.library());
      assumeTrue(refusal.isEmpty(), refusal::toString);
      try (PerfSession session = session(PerfSession.builder().wholeMachine(), probes)) {
        var recorded = new Recorded(session.events(), probes);
        session.enable();
        Process busy = BusyJvm.start(List.of(), "compile");
        try {
          recorded.record(session, busy);
        } finally {
          busy.destroyForcibly().waitFor();
        }
      }
    }
  }

  /// The stated fallback: what was compiled before is asked for.
  @Test
  void a_jvm_that_ran_before_is_named_with_a_perf_map() throws Exception {
    Process busy = BusyJvm.start(List.of(), "compile");
    try (Uprobes uprobes = Uprobes.open()) {
      awaitCompiled(busy.pid());
      var probes = new HotspotProbes(uprobes);
      var refusal = probes.addProcess(busy.pid());
      assumeTrue(refusal.isEmpty(), refusal::toString);
      try (PerfSession session = session(PerfSession.builder().pid(busy.pid()), probes)) {
        var recorded = new Recorded(session.events(), probes);
        session.enable();
        String said = PastCode.PERF_MAP_ASKED.tell(recorded.code, (int) busy.pid());
        assertEquals("process %d was asked for a perf map".formatted(busy.pid()), said);
        recorded.record(session, busy);
      }
    } finally {
      busy.destroyForcibly().waitFor();
    }
  }

  /// One with a source file, which the other JVM may compile for itself.
  @Test
  void two_different_jvms_are_told_of_at_once(@TempDir Path directory) throws Exception {
    Optional<Path> other = otherJvm();
    assumeTrue(other.isPresent(), "there is no second JVM beside " + BusyJvm.home());
    Path source = directory.resolve("Warm.java");
    Files.writeString(source, WARM);
    try (Uprobes uprobes = Uprobes.open()) {
      var probes = new HotspotProbes(uprobes);
      for (Path home : List.of(BusyJvm.home(), other.orElseThrow())) {
        var refusal = probes.addLibrary(home.resolve(Path.of("lib", "server", "libjvm.so")));
        assumeTrue(refusal.isEmpty(), refusal::toString);
      }
      try (PerfSession session = session(PerfSession.builder().wholeMachine(), probes)) {
        var recorded = new Recorded(session.events(), probes);
        session.enable();
        List<Process> started = new ArrayList<>();
        try {
          for (Path home : List.of(BusyJvm.home(), other.orElseThrow())) {
            String java = home.resolve(Path.of("bin", "java")).toString();
            started.add(new ProcessBuilder(java, source.toString()).start());
          }
          session.read(RECORDED);
          recorded.awaitCalm(session, (int) started.getFirst().pid());
          recorded.awaitCalm(session, (int) started.getLast().pid());
          for (Process each : started) {
            int pid = (int) each.pid();
            long asked = System.nanoTime();
            var told = Told.by(pid);
            session.read(Duration.ofMillis(300));
            checkAgreed(recorded.code.process(pid), told, asked);
            assertTrue(told.methods().size() > 100, () -> "methods: " + told.methods().size());
          }
        } finally {
          for (Process each : started) {
            each.destroyForcibly().waitFor();
          }
        }
      }
    }
  }

  @Test
  void a_process_that_is_no_jvm_is_told() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    try (Uprobes uprobes = Uprobes.open()) {
      var probes = new HotspotProbes(uprobes);
      assertEquals(
          Optional.of(
              "process %d runs no HotSpot JVM: it has no libjvm.so mapped".formatted(cat.pid())),
          probes.addProcess(cat.pid()));
      assertEquals(List.of(), probes.names());
      Path program = Path.of("/bin/cat");
      String refusal = probes.addLibrary(program).orElseThrow();
      assertTrue(refusal.startsWith(program + ": this JVM was built without the probe"), refusal);
      assertEquals(List.of(refusal), probes.refusals());
    } finally {
      cat.destroyForcibly().waitFor();
    }
  }

  private static final String WARM =
      """
      public class Warm {
        public static void main(String[] arguments) throws Exception {
          long sum = 0;
          for (int i = 0; i < 300_000; i++) {
            sum += Integer.toString(i, 7).hashCode() + new StringBuilder("x").append(i).length();
          }
          System.out.println(sum);
          System.in.read();
        }
      }
      """;

  private static Optional<Path> otherJvm() throws IOException {
    Path ours = BusyJvm.home().toRealPath();
    try (Stream<Path> homes = Files.list(ours.getParent())) {
      return homes
          .filter(home -> Files.exists(home.resolve(Path.of("lib", "server", "libjvm.so"))))
          .filter(home -> Files.exists(home.resolve(Path.of("bin", "javac"))))
          .filter(home -> !real(home).equals(ours))
          .sorted()
          .findFirst();
    }
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitCompiled(long pid) throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    int methods = 0;
    while (methods < 100 && System.nanoTime() - end < 0) {
      try {
        methods = Told.by((int) pid).methods().size();
      } catch (IOException e) {
        // It doesn't catch the signal before it runs.
        Thread.onSpinWait();
      }
    }
  }

  private static PerfSession session(PerfSessionBuilder builder, HotspotProbes probes)
      throws IOException {
    builder.pageCount(1024).cpuSamples(997, StackCapture.CALL_CHAIN);
    probes.names().forEach(name -> builder.tracepoint(name, StackCapture.NONE));
    return builder.build();
  }

  /// What a session told.
  private static final class Recorded {
    final CompiledCode code = new CompiledCode();
    private final PerfEvents events;
    private final ElfImages images = new ElfImages();
    private final Map<Integer, ProcessImage> processes = new HashMap<>();
    private final Map<Integer, SampledAddresses> sampled = new HashMap<>();

    Recorded(PerfEvents events, HotspotProbes probes) {
      this.events = events;
      code.follow(events, probes);
      keepMappings(events, images, processes);
      events.event(PerfEvents.CPU_SAMPLE).addCallback(this::sample);
    }

    private void sample(EventData data) {
      var of = sampled.computeIfAbsent(data.pid(), _ -> new SampledAddresses());
      boolean user = false;
      int depth = 0;
      for (int i = 0; i < data.longsOf(events.callChain()); i++) {
        long address = data.longOf(events.callChain(), i);
        if (address < 0 && address > -4096) {
          user = address == USER;
        } else if (user) {
          of.add(depth++ == 0 ? address : address - 1, data.timeNanos());
        }
      }
    }

    /// Reads until no code comes any more.
    void awaitCalm(PerfSession session, int pid) {
      long loads = -1;
      for (int i = 0; i < 50 && loads != code.process(pid).counts().loaded(); i++) {
        loads = code.process(pid).counts().loaded();
        session.read(Duration.ofMillis(500));
      }
    }

    void record(PerfSession session, Process busy) throws IOException {
      int pid = (int) busy.pid();
      session.read(RECORDED);
      for (int i = 0; i < 40 && inJavaCode(pid, processes, sampled) < ENOUGH; i++) {
        session.read(Duration.ofSeconds(1));
      }
      // The JVM is asked while no code comes and goes, since it doesn't say when it looked.
      busy.getOutputStream().write('.');
      busy.getOutputStream().flush();
      awaitCalm(session, pid);
      long asked = System.nanoTime();
      var told = Told.by(pid);
      session.read(Duration.ofMillis(300));
      session.disable();
      session.drain();
      assertTrue(events.errors().isEmpty(), () -> events.errors().first().toString());
      System.out.println(session.statistics());
      System.out.printf("%s %s%n", code.counts(), code.process(pid).counts());
      checkNamed(
          code.process(pid),
          told,
          requireNonNull(processes.get(pid)),
          requireNonNull(sampled.get(pid)));
      checkAgreed(code.process(pid), told, asked);
    }
  }

  private static void keepMappings(
      PerfEvents events, ElfImages images, Map<Integer, ProcessImage> processes) {
    Event mapped = events.event("mmap2");
    FieldRef start = mapped.format().fieldRef("addr");
    FieldRef size = mapped.format().fieldRef("len");
    FieldRef offset = mapped.format().fieldRef("pgoff");
    FieldRef file = mapped.format().fieldRef("filename");
    mapped.addCallback(data ->
        processes
            .computeIfAbsent(data.pid(), pid -> ProcessImage.of(pid, images))
            .map(data.longOf(start), data.longOf(size), data.longOf(offset), data.textOf(file)));
  }

  private static int inJavaCode(
      int pid, Map<Integer, ProcessImage> processes, Map<Integer, SampledAddresses> sampled) {
    ProcessImage image = processes.get(pid);
    SampledAddresses addresses = sampled.get(pid);
    int count = 0;
    for (int i = 0; image != null && addresses != null && i < addresses.size(); i++) {
      count += image.rangeAt(addresses.address(i)) instanceof CodeRange.Anonymous ? 1 : 0;
    }
    return count;
  }

  /// All compiled frames: what is in memory without a file and not of the JVM's own glue.
  private static void checkNamed(
      JvmCode jvm, Told told, ProcessImage image, SampledAddresses addresses) {
    int named = 0;
    int compiled = 0;
    Set<String> methods = new HashSet<>();
    Map<String, Integer> unnamed = new TreeMap<>();
    for (int i = 0; i < addresses.size(); i++) {
      long address = addresses.address(i);
      if (image.rangeAt(address) instanceof CodeRange.Anonymous && !told.isGlue(address)) {
        compiled++;
        JavaFrame frame = jvm.frameAt(address, addresses.timeNanos(i));
        if (frame != null) {
          named++;
          methods.add(frame.key());
        } else {
          unnamed.merge("0x%x".formatted(address), 1, Integer::sum);
        }
      }
    }
    System.out.printf(
        "of %d user addresses %d in compiled code, named %d = %.3f %%, %d methods; unnamed %s%n",
        addresses.size(), compiled, named, 100.0 * named / compiled, methods.size(), unnamed);
    assertTrue(compiled > ENOUGH / 8, "compiled frames sampled: " + compiled);
    assertTrue(named >= 0.99 * compiled, named + " of " + compiled);
  }

  private static void checkAgreed(JvmCode jvm, Told told, long asked) {
    int agreed = 0;
    int unknown = 0;
    List<String> disagreed = new ArrayList<>();
    long end = System.nanoTime();
    for (Map.Entry<Long, Piece> method : told.methods().entrySet()) {
      JavaFrame before = jvm.frameAt(method.getKey(), asked);
      JavaFrame after = jvm.frameAt(method.getKey(), end);
      String key = method.getValue().key();
      if (before == null && after == null) {
        unknown++;
      } else if ((before != null && before.key().equals(key))
          || (after != null && after.key().equals(key))) {
        agreed++;
      } else {
        disagreed.add("%s: JVM %s, probes %s".formatted(method, before, after));
      }
    }
    System.out.printf(
        "of %d methods live at the end agreed %d, unknown %d, disagreed %d %s%n",
        told.methods().size(), agreed, unknown, disagreed.size(), disagreed);
    assertEquals(List.of(), disagreed);
    assertTrue(unknown <= 0.01 * told.methods().size(), unknown + " unknown");
  }

  private record Piece(long end, String key) {}

  /// What the JVM itself says of its code at the end.
  private record Told(NavigableMap<Long, Piece> methods, NavigableMap<Long, Piece> glue) {
    static Told by(int pid) throws IOException {
      var told = new Told(new TreeMap<>(), new TreeMap<>());
      PerfMapRequest.of(pid, Duration.ofSeconds(20))
          .read((start, end, bytes, offset, length) -> {
            byte[] text = bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
            String key = JavaName.ofExternal(new String(text, StandardCharsets.UTF_8));
            (JavaName.isMethod(key) ? told.methods : told.glue).put(start, new Piece(end, key));
            return true;
          });
      return told;
    }

    boolean isGlue(long address) {
      Map.Entry<Long, Piece> floor = glue.floorEntry(address);
      return floor != null && address < floor.getValue().end();
    }
  }
}
