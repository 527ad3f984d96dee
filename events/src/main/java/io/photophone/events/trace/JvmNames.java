package io.photophone.events.trace;

import io.photophone.events.hotspot.CompiledCode;
import io.photophone.events.hotspot.HotspotProbes;
import io.photophone.events.hotspot.JvmLibrary;
import io.photophone.events.hotspot.PastCode;
import io.photophone.events.hotspot.PerfMapRequest;
import io.photophone.events.linux.PerfEvents;
import io.photophone.events.linux.Uprobes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where the names of compiled Java come from: the JVMs' own probes for what they compile during
/// the trace, and a perf map that they are asked for, for what they compiled before.
///
/// Used by the thread that reads the session; the JVMs are asked by threads of their own, since an
/// answer may take seconds.
final class JvmNames implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final CompiledCode code = new CompiledCode();
  private final List<Integer> jvms = new ArrayList<>();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final Consumer<String> remarks;
  private final @Nullable Uprobes uprobes;
  private final @Nullable HotspotProbes probes;

  /// @param symbols null if there is a failure
  private record Answer(int pid, long timeNanos, @Nullable ReadSymbols symbols, String failure) {}

  /// Sets the probes of the JVMs among some processes.
  ///
  /// @param remarks takes why names will be missing
  JvmNames(Iterable<Integer> pids, Consumer<String> remarks) {
    this.remarks = remarks;
    pids.forEach(this::addIfJvm);
    Uprobes opened = null;
    HotspotProbes set = null;
    if (!jvms.isEmpty()) {
      try {
        opened = Uprobes.open();
        set = new HotspotProbes(opened);
        for (int pid : jvms) {
          set.addProcess(pid).ifPresent(remarks);
        }
      } catch (IOException e) {
        remarks.accept("Java code compiled during the trace has no names: " + e.getMessage());
      }
    }
    uprobes = opened;
    probes = set;
  }

  private void addIfJvm(int pid) {
    try {
      if (pid != ProcessHandle.current().pid() && JvmLibrary.ofProcess(pid).isPresent()) {
        jvms.add(pid);
      }
    } catch (IOException e) {
      // Gone or another user's: the session says so, if it matters.
    }
  }

  /// Tracepoints that the session is to record.
  List<String> names() {
    return probes == null ? List.of() : probes.names();
  }

  CompiledCode code() {
    return code;
  }

  void follow(PerfEvents events) {
    HotspotProbes set = probes;
    if (set == null) {
      return;
    }
    if (set.names().stream().allMatch(name -> events.find(name).isPresent())) {
      code.follow(events, set);
    } else {
      remarks.accept("Java code compiled during the trace has no names: no probe may be recorded");
    }
  }

  /// Asks the JVMs for what they have compiled up to now; to be called when the session records.
  void ask() {
    for (int pid : jvms) {
      asked.incrementAndGet();
      Thread.ofVirtual().name("perf-map-" + pid).start(() -> answers.add(answer(pid)));
    }
  }

  private static Answer answer(int pid) {
    long timeNanos = System.nanoTime();
    try {
      return new Answer(pid, timeNanos, ReadSymbols.of(PerfMapRequest.of(pid, LIMIT)), "");
    } catch (IOException e) {
      return new Answer(pid, timeNanos, null, String.valueOf(e.getMessage()));
    }
  }

  /// Takes perf maps that are there without anyone being asked.
  void takeThere() {
    jvms.forEach(pid -> remarks.accept(PastCode.PERF_MAP_THERE.tell(code, pid)));
  }

  /// Takes the answers that have come.
  void takeAnswers() {
    for (Answer each = answers.poll(); each != null; each = answers.poll()) {
      asked.decrementAndGet();
      Optional<String> failure = take(each);
      if (failure.isPresent()) {
        remarks.accept(
            "process %d gave no perf map: %s; %s"
                .formatted(each.pid, failure.get(), PastCode.PERF_MAP_THERE.tell(code, each.pid)));
      }
    }
  }

  private Optional<String> take(Answer answer) {
    ReadSymbols symbols = answer.symbols;
    if (symbols == null) {
      return Optional.of(answer.failure);
    }
    try {
      code.addSnapshot(answer.pid, answer.timeNanos, symbols);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// Whether answers are still to come.
  boolean isWaiting() {
    return asked.get() > 0;
  }

  @Override
  public void close() throws IOException {
    if (uprobes != null) {
      uprobes.close();
    }
  }
}
