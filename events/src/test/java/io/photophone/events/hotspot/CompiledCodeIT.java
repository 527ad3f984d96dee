package io.photophone.events.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.photophone.events.Event;
import io.photophone.events.FieldRef;
import io.photophone.events.linux.PerfEvents;
import io.photophone.events.linux.PerfSession;
import io.photophone.events.linux.PerfSessionBuilder;
import io.photophone.events.linux.StackCapture;
import io.photophone.events.linux.Uprobes;
import io.photophone.events.symbols.CodeRange;
import io.photophone.events.symbols.ElfImages;
import io.photophone.events.symbols.ProcessImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A JVM without a flag or an agent, which nobody attaches to until its record is complete.
@Tag("V19")
@Timeout(120)
final class CompiledCodeIT {
  private static final Duration RECORDED = Duration.ofSeconds(5);

  @BeforeEach
  void needs_probes() {
    Path events = Path.of("/sys/kernel/tracing/uprobe_events");
    assumeTrue(Files.isWritable(events), events + " isn't writable: needs root and tracefs");
  }

  @Test
  void frames_of_compiled_code_are_named_at_their_time_without_touching_the_jvm() throws Exception {
    var code = new CompiledCode();
    var images = new ElfImages();
    Map<Integer, ProcessImage> processes = new HashMap<>();
    Map<Integer, SampledAddresses> sampled = new HashMap<>();
    try (Uprobes uprobes = Uprobes.open()) {
      var probes = new HotspotProbes(uprobes);
      var refusal = probes.addLibrary(BusyJvm.library());
      assumeTrue(refusal.isEmpty(), refusal::toString);
      PerfSessionBuilder builder =
          PerfSession.builder()
              .wholeMachine()
              .pageCount(1024)
              .cpuSamples(997, StackCapture.CALL_CHAIN);
      probes.names().forEach(name -> builder.tracepoint(name, StackCapture.NONE));
      try (PerfSession session = builder.build()) {
        PerfEvents events = session.events();
        code.follow(events, probes);
        keepMappings(events, images, processes);
        events
            .event(PerfEvents.CPU_SAMPLE)
            .addCallback(data -> {
              var of = sampled.computeIfAbsent(data.pid(), _ -> new SampledAddresses());
              boolean user = false;
              int depth = 0;
              for (int i = 0; i < data.longsOf(events.callChain()); i++) {
                long address = data.longOf(events.callChain(), i);
                if (address < 0 && address > -4096) {
                  user = address == -512;
                } else if (user) {
                  of.add(depth++ == 0 ? address : address - 1, data.timeNanos());
                }
              }
            });
        session.enable();
        Process busy = BusyJvm.start(java.util.List.of(), "compile");
        try {
          session.read(RECORDED);
          session.disable();
          session.drain();
          assertTrue(events.errors().isEmpty(), () -> events.errors().first().toString());
          System.out.println(session.statistics());
          report(code, (int) busy.pid(), processes, sampled);
        } finally {
          busy.destroyForcibly().waitFor();
        }
      }
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

  private static void report(
      CompiledCode code,
      int pid,
      Map<Integer, ProcessImage> processes,
      Map<Integer, SampledAddresses> sampled)
      throws Exception {
    JvmCode jvm = code.process(pid);
    long end = System.nanoTime();
    // What the JVM says at the end, of methods and of what is none.
    var methods = new TreeMap<Long, Piece>();
    var others = new TreeMap<Long, Piece>();
    PerfMapRequest.of(pid, Duration.ofSeconds(20))
        .read((start, stop, bytes, offset, length) -> {
          byte[] text =
              bytes.asSlice(offset, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
          String key =
              JavaName.ofExternal(new String(text, java.nio.charset.StandardCharsets.UTF_8));
          (JavaName.isMethod(key) ? methods : others).put(start, new Piece(stop, key));
          return true;
        });
    int agreed = 0;
    int disagreed = 0;
    int unknown = 0;
    for (Map.Entry<Long, Piece> method : methods.entrySet()) {
      JavaFrame frame = jvm.frameAt(method.getKey(), end);
      if (frame == null) {
        unknown++;
      } else if (frame.key().equals(method.getValue().key())) {
        agreed++;
      } else {
        disagreed++;
        System.out.println("disagree: " + method + " " + frame);
      }
    }
    SampledAddresses addresses = sampled.get(pid);
    int named = 0;
    int compiled = 0;
    var missing = new TreeMap<String, Integer>();
    for (int i = 0; i < addresses.size(); i++) {
      long address = addresses.address(i);
      CodeRange range = processes.get(pid).rangeAt(address);
      Map.Entry<Long, Piece> other = others.floorEntry(address);
      if (range instanceof CodeRange.Anonymous
          && (other == null || other.getValue().end() <= address)) {
        compiled++;
        if (jvm.frameAt(address, addresses.timeNanos(i)) != null) {
          named++;
        } else {
          missing.merge(Long.toHexString(address), 1, Integer::sum);
        }
      }
    }
    System.out.printf(
        "of %d addresses %d in compiled code, named %d = %.3f %%; unnamed %s%n",
        addresses.size(), compiled, named, 100.0 * named / compiled, missing);
    System.out.printf(
        "of %d methods live at the end agreed %d, disagreed %d, unknown %d; %s %s, other %d%n",
        methods.size(), agreed, disagreed, unknown, code.counts(), jvm.counts(), others.size());
    assertTrue(compiled > 1000, "compiled frames sampled: " + compiled);
    assertTrue(named >= 0.99 * compiled, named + " of " + compiled);
    assertEquals(0, disagreed, "disagreements with the JVM");
    assertTrue(unknown <= 0.01 * methods.size(), unknown + " unknown of " + methods.size());
  }

  private record Piece(long end, String key) {}
}
