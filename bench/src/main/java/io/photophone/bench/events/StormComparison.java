package io.photophone.bench.events;

import io.photophone.events.FieldRef;
import io.photophone.events.linux.EventCount;
import io.photophone.events.linux.PerfSession;
import io.photophone.events.linux.RecordedSource;
import io.photophone.events.linux.RecordingSink;
import io.photophone.events.linux.StackCapture;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// A storm of system calls (`dd bs=1`), recorded by nobody, by our session with a callback that
/// reads a field, by our session to a file, and by `perf record`: in rounds, each once a round and
/// in shuffled order, so that what else the machine does falls on all alike. Prints how long the
/// storm took and what the recorder itself cost. Needs root and `perf`.
public final class StormComparison {
  private static final String EVENT = "raw_syscalls:sys_enter";
  private static final int PAGES = 2048;

  private final long calls;
  private final Path folder;

  private enum Recorder {
    NONE,
    OUR_CALLBACK,
    OUR_FILE,
    PERF_RECORD
  }

  /// One run.
  ///
  /// @param stormNanos that the program took
  /// @param recorderNanos processor time of the recorder
  private record Run(long stormNanos, long recorderNanos, long events, long lost) {}

  private StormComparison(long calls, Path folder) {
    this.calls = calls;
    this.folder = folder;
  }

  /// Runs it.
  ///
  /// @param args rounds, then thousands of bytes that are copied, two calls each
  public static void main(String[] args) throws IOException, InterruptedException {
    int rounds = args.length == 0 ? 5 : Integer.parseInt(args[0]);
    long calls = 1000 * (args.length < 2 ? 1000 : Long.parseLong(args[1]));
    Path folder = Files.createTempDirectory("storm");
    StormComparison comparison = new StormComparison(calls, folder);
    Map<Recorder, List<Run>> runs = new EnumMap<>(Recorder.class);
    Random random = new Random(1);
    comparison.run(Recorder.OUR_CALLBACK);
    for (int round = 0; round < rounds; round++) {
      List<Recorder> order = new ArrayList<>(Arrays.asList(Recorder.values()));
      Collections.shuffle(order, random);
      for (Recorder each : order) {
        runs.computeIfAbsent(each, _ -> new ArrayList<>()).add(comparison.run(each));
      }
    }
    System.out.println("recorder      storm ms median (least)  recorder ns/event  lost of events");
    runs.forEach(StormComparison::print);
    comparison.parse();
    try (var files = Files.list(folder)) {
      for (Path each : files.toList()) {
        Files.delete(each);
      }
    }
    Files.delete(folder);
  }

  private static void print(Recorder recorder, List<Run> runs) {
    long[] storm = runs.stream().mapToLong(Run::stormNanos).sorted().toArray();
    long events = runs.stream().mapToLong(Run::events).sum();
    long cost = runs.stream().mapToLong(Run::recorderNanos).sum();
    System.out.printf(
        "%-13s %10.0f (%.0f) %22s %10s of %d%n",
        recorder,
        storm[storm.length / 2] / 1e6,
        storm[0] / 1e6,
        events == 0 ? "-" : "%.0f".formatted((double) cost / events),
        recorder == Recorder.PERF_RECORD ? "?" : runs.stream().mapToLong(Run::lost).sum(),
        events);
  }

  /// How fast one processor takes the last recorded file apart.
  private void parse() throws IOException {
    for (int i = 0; i < 5; i++) {
      try (RecordedSource source = RecordedSource.open(folder.resolve("ours"))) {
        long[] sum = new long[1];
        FieldRef id = source.events().event(EVENT).format().fieldRef("id");
        source.events().event(EVENT).addCallback(data -> sum[0] += data.longOf(id));
        long start = cpuNanos();
        long count = source.read();
        long took = cpuNanos() - start;
        System.out.printf(
            "parsed %d records, %.2f million a second of processor time (sum %d)%n",
            count, count * 1e3 / took, sum[0]);
      }
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private Process storm() throws IOException {
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "echo ready; read x; exec dd if=/dev/zero of=/dev/null bs=1 count=%d status=none"
                    .formatted(calls))
            .start();
    process.inputReader().readLine();
    return process;
  }

  private static void go(Process storm) throws IOException {
    storm.outputWriter().write("\n");
    storm.outputWriter().flush();
  }

  private Run run(Recorder recorder) throws IOException, InterruptedException {
    Process storm = storm();
    return switch (recorder) {
      case NONE -> {
        long start = System.nanoTime();
        go(storm);
        storm.waitFor();
        yield new Run(System.nanoTime() - start, 0, 0, 0);
      }
      case OUR_CALLBACK, OUR_FILE -> ours(storm, recorder == Recorder.OUR_FILE);
      case PERF_RECORD -> perf(storm);
    };
  }

  private Run ours(Process storm, boolean toFile) throws IOException {
    try (PerfSession session =
            PerfSession.builder()
                .pid(storm.pid())
                .pageCount(PAGES)
                .tracepoint(EVENT, StackCapture.NONE)
                .build();
        RecordingSink sink = session.sink(folder.resolve(toFile ? "ours" : "unused"))) {
      long[] sum = new long[1];
      FieldRef id = session.events().event(EVENT).format().fieldRef("id");
      session.events().event(EVENT).addCallback(data -> sum[0] += data.longOf(id));
      session.enable();
      Thread reader = Thread.currentThread();
      long[] end = new long[1];
      var _ =
          storm
              .onExit()
              .thenRun(() -> {
                end[0] = System.nanoTime();
                reader.interrupt();
              });
      long cpu = cpuNanos();
      long start = System.nanoTime();
      go(storm);
      if (toFile) {
        session.record(sink, Duration.ofMinutes(5));
      } else {
        session.read(Duration.ofMinutes(5));
      }
      boolean ended = Thread.interrupted();
      session.disable();
      if (toFile) {
        session.record(sink, Duration.ZERO);
      } else {
        session.drain();
      }
      cpu = cpuNanos() - cpu;
      if (!ended) {
        throw new IllegalStateException("the storm didn't end in time");
      }
      EventCount count = session.counts().get(EVENT);
      if (!toFile && session.statistics().samples(EVENT) + count.lost() != count.counted()) {
        throw new IllegalStateException("read and lost aren't produced: " + session.statistics());
      }
      return new Run(end[0] - start, cpu, count.counted(), count.lost());
    }
  }

  private Run perf(Process storm) throws IOException, InterruptedException {
    Path control = folder.resolve("control");
    Path answer = folder.resolve("answer");
    for (Path each : List.of(control, answer)) {
      Files.deleteIfExists(each);
      new ProcessBuilder("mkfifo", each.toString()).start().waitFor();
    }
    Process perf =
        new ProcessBuilder(
                "perf",
                "record",
                "-D",
                "-1",
                "-k",
                "CLOCK_MONOTONIC",
                "-m",
                Integer.toString(PAGES),
                "--control",
                "fifo:%s,%s".formatted(control, answer),
                "-e",
                EVENT,
                "-p",
                Long.toString(storm.pid()),
                "-o",
                folder.resolve("perf").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try (FileOutputStream out = new FileOutputStream(control.toFile());
        FileInputStream in = new FileInputStream(answer.toFile())) {
      out.write("enable\n".getBytes(StandardCharsets.US_ASCII));
      in.read();
    }
    long start = System.nanoTime();
    go(storm);
    storm.waitFor();
    long took = System.nanoTime() - start;
    // It ends by itself with the process; what it has used is told as long as it is there, what it
    // has lost only in the file.
    Duration used = Duration.ZERO;
    while (perf.isAlive()) {
      used = perf.info().totalCpuDuration().orElse(used);
      perf.waitFor(5, TimeUnit.MILLISECONDS);
    }
    return new Run(took, used.toNanos(), 2 * calls, 0);
  }
}
