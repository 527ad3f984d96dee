package io.photophone.bench.load;

import io.photophone.app.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Two hours of signal at ten times real time, with clients that come and go, slow and stalled
/// ones, requests and commands. Exits with 0 if nothing has grown, failed or been lost uncounted,
/// else 1.
@Command(name = "soak", mixinStandardHelpOptions = true)
public final class Soak implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern ERROR = Pattern.compile("\\b(ERROR|SEVERE)\\b");
  private static final List<String> PAGES =
      List.of(
          "/api/audio/stream/stats",
          "/api/audio/stream/latest",
          "/api/channels",
          "/api/readings/recent",
          "/api/analysis",
          "/metrics");
  private static final String COMMANDS = "/api/acquisition";
  private static final long SLOW_BYTES_PER_SECOND = 200_000;
  private static final int SAMPLES = 60;
  private static final double MOST_GROWTH_MB = 2;

  /// The collections that measure the heap stop the program for a moment, as does the command.
  private static final double MOST_OFF = 0.05;

  private static final int MORE_THREADS = 6;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  @Option(names = "--minutes", description = "How long it takes (12).")
  private double minutes = 12;

  @Option(names = "--speed", description = "Times real time (10).")
  private int speed = 10;

  @Option(names = "--clients", description = "How many come and go (20).")
  private int clients = 20;

  private final List<Sample> samples = new ArrayList<>();
  private final List<Bar> bars = new ArrayList<>();
  private int commands;

  /// Runs it.
  ///
  /// @param args see `--help`
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    System.exit(new CommandLine(new Soak()).execute(args));
  }

  /// How the server is doing.
  ///
  /// @param liveHeapMb after a full collection
  private record Sample(
      double seconds, double liveHeapMb, double residentMb, int threads, int files) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("photophone-soak");
    try {
      Path recording = folder.resolve("cell.wav");
      ServerProcess.run(Main.class, "simulate", recording.toString(), "--for", "60");
      try (Program program =
          Program.start(
              folder,
              "--source",
              recording.toString(),
              "--loop",
              "--speed",
              Integer.toString(speed))) {
        program.frame();
        run(program);
        Duration stop = program.process().stop();
        bars.add(new Bar("seconds to stop", stop.toMillis() / 1e3, STOP_LIMIT.toSeconds()));
        List<String> errors = program.process().log().lines().filter(ERROR.asPredicate()).toList();
        errors.forEach(System.out::println);
        bars.add(new Bar("errors in the log", errors.size(), 0));
      }
    } finally {
      Folders.delete(folder);
    }
    System.err.printf("\r%70s\r", "");
    System.out.println(Machine.text());
    bars.forEach(System.out::println);
    return bars.stream().allMatch(Bar::holds) ? 0 : 1;
  }

  private void run(Program program) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    double seconds = minutes * 60;
    JsonNode first = latest(program);
    StreamRequest audio = program.audio(StreamRequest.Form.EVENTS);
    Visitors visitors = new Visitors(audio, speed, clients);
    PacedClient slow =
        new PacedClient(audio, StreamRequest.NOTHING_SEEN, speed, SLOW_BYTES_PER_SECOND);
    try (visitors;
        slow;
        StalledClients _ = new StalledClients(audio, 1)) {
      for (int i = 1; i <= SAMPLES; i++) {
        Duration left =
            Duration.ofNanos((long) (begin + seconds * i / SAMPLES * 1e9) - System.nanoTime());
        Thread.sleep(left.isNegative() ? Duration.ZERO : left);
        ask(program, i);
        sample(program.process(), (System.nanoTime() - begin) / 1e9);
      }
    }
    judge(first, latest(program), visitors, slow);
  }

  private static JsonNode latest(Program program) throws IOException, InterruptedException {
    return JSON.readTree(program.frame());
  }

  /// Looks at what a page looks at, changes the frames' length, and stops and starts the
  /// acquisition.
  private void ask(Program program, int step) throws IOException, InterruptedException {
    for (String page : PAGES) {
      Program.body(program.get(page));
    }
    int fps = step % 2 == 0 ? 30 : 25;
    command(program, "{\"command\": \"change_target_fps\", \"fps\": %d}".formatted(fps));
    if (step % 10 == 0) {
      command(program, "{\"command\": \"stop\"}");
      command(program, "{\"command\": \"start\"}");
    }
  }

  private void command(Program program, String json) throws IOException, InterruptedException {
    Program.body(program.post(COMMANDS, json));
    commands++;
  }

  private void sample(ServerProcess server, double seconds) throws IOException {
    Sample sample =
        new Sample(
            seconds,
            server.liveHeapBytes() / 1e6,
            server.residentBytes() / 1e6,
            server.threads(),
            server.fileDescriptors());
    samples.add(sample);
    String text =
        "%.0f s: %.2f MB of live objects, %.0f MB resident, %d threads, %d files"
            .formatted(
                sample.seconds(),
                sample.liveHeapMb(),
                sample.residentMb(),
                sample.threads(),
                sample.files());
    System.err.printf("\r%-70s", text);
    if (samples.size() % (SAMPLES / 6) == 0) {
      System.out.println(text);
    }
  }

  private void judge(JsonNode first, JsonNode last, Visitors visitors, PacedClient slow) {
    double signal = last.path("first_sample").asDouble() - first.path("first_sample").asDouble();
    double elapsedMs = last.path("timestamp").asDouble() - first.path("timestamp").asDouble();
    double played = signal / last.path("sample_rate").asDouble() / (elapsedMs / 1000);
    System.out.printf("%.2f times real time, %d commands%n", played, commands);
    bars.add(new Bar("distance from the speed asked for", Math.abs(played / speed - 1), MOST_OFF));

    List<Sample> settled = samples.subList(samples.size() / 3, samples.size());
    double span = settled.getLast().seconds() - settled.getFirst().seconds();
    Line heap =
        Line.through(
            settled.stream()
                .map(sample -> new Line.Point(sample.seconds(), sample.liveHeapMb()))
                .toList());
    System.out.printf(
        "live objects grow by %.3f ± %.3f MB over %.0f s (slope and its standard error)%n",
        heap.slope() * span, heap.standardError() * span, span);
    bars.add(
        new Bar(
            "growth of live objects and two standard errors, MB",
            (heap.slope() + 2 * heap.standardError()) * span,
            MOST_GROWTH_MB));
    bars.add(new Bar("more threads in the last third", growth(Sample::threads), MORE_THREADS));
    bars.add(new Bar("more files in the last third", growth(Sample::files), clients / 2));

    Tally tally = visitors.tally();
    Tally slowTally = slow.take();
    System.out.printf(
        "%d visits: %d frames delivered, %d missed and told, delay p50 %.1f ms, p99 %.1f ms%n",
        visitors.visits(), tally.frames, tally.told, tally.delayMs(50), tally.delayMs(99));
    System.out.printf(
        "the slow client: %d frames, %d missed and told, delay p99 %.0f ms%n",
        slowTally.frames, slowTally.told, slowTally.delayMs(99));
    visitors.failures().stream().distinct().limit(5).forEach(System.out::println);
    bars.add(new Bar("visits that failed", visitors.failures().size(), 0));
    bars.add(
        new Bar(
            "frames missing that a client was not told of, or told of without their missing",
            tally.unexplained + slowTally.unexplained,
            0));
  }

  /// Of the largest value from the middle third of the run to the last.
  private double growth(ToDoubleFunction<Sample> figure) {
    int third = samples.size() / 3;
    return largest(samples.subList(2 * third, samples.size()), figure)
        - largest(samples.subList(third, 2 * third), figure);
  }

  private static double largest(List<Sample> of, ToDoubleFunction<Sample> figure) {
    return of.stream().mapToDouble(figure).max().orElseThrow();
  }
}
