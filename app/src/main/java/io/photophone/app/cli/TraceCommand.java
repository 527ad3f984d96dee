package io.photophone.app.cli;

import io.photophone.events.filter.FilterException;
import io.photophone.events.linux.Privileges;
import io.photophone.events.linux.StackCapture;
import io.photophone.events.profile.Losses;
import io.photophone.events.profile.export.Exports;
import io.photophone.events.trace.Trace;
import io.photophone.events.trace.TraceBuilder;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `photophone trace`: where any program spends its time, on processors and off them, and what it
/// asks of the kernel.
@Command(
    name = "trace",
    description = {
      "Records where programs spend their time, with call stacks of Java, native code and kernel,",
      "until Ctrl+C, the end of the time, or the end of the programs. Needs Linux; --check says"
          + " what",
      "else is missing."
    },
    mixinStandardHelpOptions = true)
final class TraceCommand implements Callable<Integer> {
  private static final Duration STEP = Duration.ofMillis(100);
  private static final Duration AFTER_LATE_FRAME = Duration.ofSeconds(1);
  private static final Duration LONGEST_KEPT = Duration.ofMinutes(10);
  private static final int DEFAULT_RATE_HZ = 99;
  private static final int HIGHEST_RATE_HZ = 10_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--pid",
      paramLabel = "N",
      description = "Trace this process with its threads and children; may be repeated.")
  private List<Integer> pids = new ArrayList<>();

  @Option(names = "--all", description = "Trace all processes.")
  private boolean all;

  @Option(
      names = "--cpu",
      description = "Sample what runs on the processors (if nothing else is asked for).")
  private boolean cpu;

  @Option(
      names = "--rate",
      paramLabel = "HZ",
      description =
          "Samples a second and processor (99, which doesn't beat in time with timers at 100 Hz).")
  private @Nullable Integer rateHz;

  @Option(
      names = "--off-cpu",
      description = "Record how long threads wait, and where: each switch with its stack.")
  private boolean offCpu;

  @ArgGroup(exclusive = false, multiplicity = "0..*")
  private List<EventOption> events = new ArrayList<>();

  /// An event and its filter.
  static final class EventOption {
    @Option(
        names = "--event",
        required = true,
        paramLabel = "NAME",
        description = "Record a tracepoint, as in syscalls:sys_enter_openat; may be repeated.")
    private String name = "";

    @Option(
        names = "--filter",
        paramLabel = "TEXT",
        description = "Of the --event before it: only where this holds, as in \"ret < 0\".")
    private String filter = "";
  }

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = LengthOfTime.class,
      description = "How long, as in 500ms, 10s, 2m (until Ctrl+C).")
  private @Nullable Duration length;

  @Option(
      names = "--until-late-frame",
      description = "Keep the last seconds alone, until the server at --server had a late frame.")
  private boolean untilLateFrame;

  @Option(
      names = "--keep",
      paramLabel = "TIME",
      converter = LengthOfTime.class,
      description = "With --until-late-frame: how much of the past to keep (10s).")
  private @Nullable Duration keep;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "With --until-late-frame: the running server (http://127.0.0.1:8080/).")
  private @Nullable URI server;

  @Mixin private ServerToken token;
  @Mixin private ServerTrust trust;

  @Option(
      names = "--stacks",
      paramLabel = "HOW",
      description =
          "copy: unwind copies of 8 KiB; call_chain: by frame pointers, cheaper; none (of --pid"
              + " copy, of --all and events call_chain).")
  private @Nullable StackCapture stacks;

  @Option(
      names = "--no-ask",
      description =
          "Don't ask JVMs for the names of what they compiled before: asking makes them write a"
              + " file.")
  private boolean noAsk;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "Where to: .pb.gz (pprof), .folded (flame graph), .perfetto, or .json (speedscope).")
  private @Nullable Path output;

  @Option(
      names = "--list",
      arity = "0..1",
      paramLabel = "WORD",
      fallbackValue = "",
      description = "List this machine's events, those with WORD in their name.")
  private @Nullable String list;

  @Option(names = "--check", description = "Say what may be traced, and what allows the rest.")
  private boolean check;

  /// Written by the thread that gets the signal, read by the one that traces.
  private volatile boolean told;

  private final Set<String> remarks = new HashSet<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (check) {
      return TracePossible.print(out(), Privileges.probe()) ? 0 : PhotophoneCommand.FAILED;
    }
    if (list != null) {
      TracePossible.list(out(), list);
      return 0;
    }
    Path file = checked();
    try (LateFrames late = untilLateFrame ? lateFrames() : null;
        Trace trace = builder().build()) {
      if (late != null) {
        late.begin();
      }
      trace.remarks().forEach(this::remark);
      record(trace, late);
      write(trace, file);
    } catch (FilterException e) {
      // On lines of its own, so that the caret stands below what it points at.
      throw new IllegalArgumentException("--filter can't be meant:\n" + e.getMessage(), e);
    }
    return 0;
  }

  private Path checked() throws IOException {
    if (pids.isEmpty() == !all) {
      throw wrong("whom to trace? allowed: --pid N, which may be repeated, or --all");
    }
    for (int pid : pids) {
      if (ProcessHandle.of(pid).isEmpty()) {
        throw wrong("--pid is %d, but there is no such process".formatted(pid));
      }
      if (pid == ProcessHandle.current().pid()) {
        throw wrong("--pid is %d, which is this command itself".formatted(pid));
      }
    }
    if (rateHz != null && (rateHz < 1 || rateHz > HIGHEST_RATE_HZ)) {
      throw wrong("--rate is %d Hz, allowed: 1 to %d".formatted(rateHz, HIGHEST_RATE_HZ));
    }
    if (rateHz != null && !samplesCpu()) {
      throw wrong("--rate is given without --cpu");
    }
    if (untilLateFrame && length != null) {
      throw wrong("--for and --until-late-frame are given, allowed: one of them");
    }
    if (!untilLateFrame && (keep != null || server != null)) {
      throw wrong("--keep and --server have a meaning with --until-late-frame alone");
    }
    if (keep != null && keep.compareTo(LONGEST_KEPT) > 0) {
      throw wrong("--keep is %s, allowed: up to 10m".formatted(keep));
    }
    return checkedFile();
  }

  private Path checkedFile() throws IOException {
    Path file = output;
    if (file == null) {
      throw wrong("-o FILE is missing: where to write? allowed: " + suffixes());
    }
    try {
      Exports.standard().of(file);
    } catch (IllegalArgumentException e) {
      throw wrong("-o is %s, allowed: %s".formatted(file, suffixes()));
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new IOException(
          "%s can't be written: no writable folder is %s".formatted(file, folder));
    }
    if (Files.isDirectory(file)) {
      throw new IOException("%s can't be written: it is a folder".formatted(file));
    }
    return file;
  }

  private static String suffixes() {
    return "names that end in .pb.gz (pprof), .folded (flame graph), .perfetto or .json"
        + " (speedscope)";
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private boolean samplesCpu() {
    return cpu || (!offCpu && events.isEmpty());
  }

  private LateFrames lateFrames() throws IOException {
    URI address = server == null ? URI.create("http://127.0.0.1:8080/") : server;
    return new LateFrames(trust.client().build(), address, token.text());
  }

  private TraceBuilder builder() {
    TraceBuilder builder = Trace.builder();
    pids.forEach(builder::pid);
    if (all) {
      builder.wholeMachine();
    }
    if (samplesCpu()) {
      builder.cpu(rateHz == null ? DEFAULT_RATE_HZ : rateHz);
    }
    if (offCpu) {
      builder.offCpu();
    }
    events.forEach(each -> builder.event(each.name, each.filter));
    if (stacks != null) {
      builder.stacks(stacks);
    } else if (all) {
      // Copies of all threads' stacks fill the rings faster than they are read.
      builder.stacks(StackCapture.CALL_CHAIN);
    }
    if (noAsk) {
      builder.withoutAskingJvms();
    }
    if (untilLateFrame) {
      builder.keep(keep == null ? Duration.ofSeconds(10) : keep);
    }
    return builder;
  }

  private void record(Trace trace, @Nullable LateFrames late) throws IOException {
    Signals.register("INT", () -> told = true);
    Signals.register("TERM", () -> told = true);
    trace.start();
    long began = System.nanoTime();
    TraceProgress progress = new TraceProgress(err(), isTerminal(), began);
    long end = length == null ? Long.MAX_VALUE : began + length.toNanos();
    String why = null;
    while (!told && !trace.ended() && System.nanoTime() < end) {
      trace.read(STEP.toNanos() < end - System.nanoTime() ? STEP : untilEnd(end));
      progress.at(System.nanoTime(), trace.counts());
      if (late != null && late.found() != null && why == null) {
        why = late.found();
        end = System.nanoTime() + AFTER_LATE_FRAME.toNanos();
      }
    }
    trace.finish();
    progress.end(System.nanoTime(), trace.counts());
    if (why != null) {
      remark("late frame: " + why);
    } else if (late != null && late.failure() != null) {
      remark("the server could not be asked at last: " + late.failure());
    }
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  private static Duration untilEnd(long endNanos) {
    return Duration.ofNanos(Math.max(endNanos - System.nanoTime(), 1));
  }

  private void write(Trace trace, Path file) throws IOException {
    Losses losses = Exports.standard().write(trace.profile(), trace.names(), file);
    trace.remarks().forEach(this::remark);
    new TraceSummary(trace.profile())
        .print(err(), losses, TraceSummary.frames(trace.profile()), file);
  }

  /// Once each.
  private void remark(String text) {
    if (remarks.add(text)) {
      err().println("photophone: " + text);
      err().flush();
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
