package io.photophone.app.cli;

import io.photophone.events.profile.Loss;
import io.photophone.events.profile.Losses;
import io.photophone.events.profile.Profile;
import io.photophone.events.profile.Sample;
import io.photophone.events.profile.SampleKind;
import io.photophone.events.profile.TracedProcess;
import io.photophone.events.profile.TracedThread;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a trace found, in a few lines.
final class TraceSummary {
  private static final int MOST_THREADS = 10;
  private static final double MS_NANOS = 1e6;

  private final Profile profile;
  private final Map<Key, Sums> threads = new HashMap<>();

  /// A thread of a process; numbers are given again, so its name counts as well.
  private record Key(int pid, int tid, String process, String thread) {}

  private static final class Sums {
    long samples;
    long cpuNanos;
    long offCpuNanos;
  }

  TraceSummary(Profile profile) {
    this.profile = profile;
    for (Sample each : profile.samples()) {
      Sums sums = threads.computeIfAbsent(key(each), _ -> new Sums());
      sums.samples++;
      sums.cpuNanos += each.kind().equals(SampleKind.CPU) ? each.value() : 0;
      sums.offCpuNanos += each.kind().equals(SampleKind.OFF_CPU) ? each.value() : 0;
    }
  }

  private Key key(Sample sample) {
    TracedProcess process = profile.processAt(sample.pid(), sample.timeNanos());
    TracedThread thread = process == null ? null : process.thread(sample.tid());
    return new Key(
        sample.pid(),
        sample.tid(),
        process == null ? "" : process.name(),
        thread == null ? "" : thread.name());
  }

  /// @param written what the export says is missing
  void print(PrintWriter out, Losses written, long frames, Path file) {
    TextTable table =
        new TextTable("process", "pid", "thread", "tid", "samples", "on cpu", "off cpu");
    List<Map.Entry<Key, Sums>> most =
        threads.entrySet().stream()
            .sorted(Comparator.comparingLong(each -> -each.getValue().samples))
            .limit(MOST_THREADS)
            .toList();
    for (Map.Entry<Key, Sums> each : most) {
      Key key = each.getKey();
      Sums sums = each.getValue();
      table.add(
          key.process(),
          Integer.toString(key.pid()),
          key.thread(),
          Integer.toString(key.tid()),
          Long.toString(sums.samples),
          milliseconds(sums.cpuNanos),
          milliseconds(sums.offCpuNanos));
    }
    table.print(out);
    if (threads.size() > most.size()) {
      out.println("and %d threads more".formatted(threads.size() - most.size()));
    }
    out.println("lost: " + losses(written));
    out.println(named(written, frames));
    out.println(opens(file));
    out.flush();
  }

  private static String milliseconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f ms", nanos / MS_NANOS);
  }

  private static String losses(Losses written) {
    Map<Loss, Long> counts = new HashMap<>(written.counts());
    counts.remove(Loss.UNNAMED_FRAMES);
    return new Losses(counts).text();
  }

  private static String named(Losses written, long frames) {
    long unnamed = written.count(Loss.UNNAMED_FRAMES);
    return frames == 0
        ? "frames: none"
        : String.format(
            Locale.ROOT,
            "frames: %d, %.1f %% of them with a name",
            frames,
            100.0 * (frames - unnamed) / frames);
  }

  /// Frames of all samples, as the export counts those without a name.
  static long frames(Profile profile) {
    long frames = 0;
    for (Sample each : profile.samples()) {
      frames += profile.addresses(each.stack()).length;
    }
    return frames;
  }

  private static String opens(Path file) {
    String name = file.toString();
    String how;
    if (name.endsWith(".pb.gz")) {
      how = "go tool pprof -http=: " + file;
    } else if (name.endsWith(".folded")) {
      how = "flamegraph.pl %s > flame.svg, or https://speedscope.app".formatted(file);
    } else if (name.endsWith(".perfetto")) {
      how = "https://ui.perfetto.dev";
    } else {
      how = "https://speedscope.app";
    }
    return "wrote %s; open it with %s".formatted(file, how);
  }
}
