package io.photophone.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// Drives many clients of the event stream of the program and of two plain servers, in rounds and
/// in shuffled order, so that what else the machine does falls on all alike. Exits with 0 if every
/// bar holds, 1 if one fails, 3 if time ran out.
@Command(name = "load", mixinStandardHelpOptions = true)
public final class Load implements Callable<Integer> {
  private static final Duration TIME_LIMIT = Duration.ofMinutes(10);
  private static final int BARS_AT = 1000;
  private static final int THROUGHPUT_AT = 5000;
  private static final double STALLED_SHARE = 0.01;
  private static final long SLOW_BYTES_PER_SECOND = 200_000;
  private static final double SLOW_AGE_LIMIT_MS = 1500;

  @Option(names = "--quick", description = "One round of 100 and 1000 clients, under 90 seconds.")
  private boolean quick;

  @Option(
      names = "--rounds",
      description = "How often everything is measured, if there is time (3).")
  private int rounds = 3;

  @Option(names = "--clients", split = ",", description = "Numbers of clients (100,1000,5000).")
  private int[] clients = {100, BARS_AT, THROUGHPUT_AT};

  @Option(names = "--json", description = "File for the results.")
  private @Nullable Path json;

  private final List<Measurement> measurements = new ArrayList<>();
  private final List<Bar> bars = new ArrayList<>();
  private Measurement.Span span =
      new Measurement.Span(Duration.ofSeconds(12), Duration.ofSeconds(3), Duration.ofSeconds(5));
  private int pairs = 5;
  private final long beganNanos = System.nanoTime();

  /// Runs it.
  ///
  /// @param args see `--help`
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    ScheduledExecutorService watch =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("time limit").daemon().factory());
    var _ =
        watch.schedule(
            () -> {
              System.err.println("load: not done within " + TIME_LIMIT);
              System.exit(3);
            },
            TIME_LIMIT.toSeconds(),
            TimeUnit.SECONDS);
    System.exit(new CommandLine(new Load()).execute(args));
  }

  /// What was measured, as it is written to the file.
  private record Results(
      String machine, List<Measurement> measurements, List<Bar> bars, boolean hold) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (quick) {
      rounds = 1;
      clients = new int[] {100, BARS_AT};
      pairs = 2;
      span =
          new Measurement.Span(Duration.ofSeconds(8), Duration.ofSeconds(2), Duration.ofSeconds(3));
    }
    OpenFiles.require(Arrays.stream(clients).max().orElseThrow());
    Path folder = Files.createTempDirectory("photophone-load");
    try {
      measure(folder);
    } finally {
      Folders.delete(folder);
    }
    judge();
    print();
    boolean hold = bars.stream().allMatch(Bar::holds);
    if (json != null) {
      Results results = new Results(Machine.text(), measurements, bars, hold);
      Files.writeString(
          json, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(results));
    }
    return hold ? 0 : 1;
  }

  private void measure(Path folder) throws IOException, InterruptedException {
    Path frame = folder.resolve("frame.json");
    try (Program program = Program.start(folder)) {
      Files.writeString(frame, program.frame());
      others(program);
    }
    Random random = new Random(1);
    long longest = 0;
    for (int round = 1; round <= rounds && TIME_LIMIT.toNanos() - elapsed() > longest; round++) {
      long began = elapsed();
      List<Contender> order = new ArrayList<>(List.of(Contender.values()));
      Collections.shuffle(order, random);
      for (Contender contender : order) {
        try (Contender.Running server = contender.start(folder, frame)) {
          long empty = server.process().residentBytes();
          for (int count : clients) {
            progress(
                "round %d of %d: %s, %d clients".formatted(round, rounds, contender.title, count));
            measurements.add(Measurement.of(contender, server, count, round, empty, span));
          }
        }
      }
      longest = Math.max(longest, elapsed() - began);
    }
  }

  private long elapsed() {
    return System.nanoTime() - beganNanos;
  }

  /// What clients that don't read or read slowly do to the others, and see themselves.
  private void others(Program program) throws IOException, InterruptedException {
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    StreamRequest stream = program.audio(StreamRequest.Form.EVENTS);
    int count = Math.min(BARS_AT, Arrays.stream(clients).max().orElseThrow());
    int stalled = Math.max(1, (int) (count * STALLED_SHARE));
    try (Subscribers subscribers = Subscribers.connect(stream, count, span.connectLimit())) {
      Thread.sleep(span.warmUp().multipliedBy(2));
      for (int i = 0; i < pairs; i++) {
        progress(
            "%d clients without and with %d stalled, %d of %d"
                .formatted(count, stalled, i + 1, pairs));
        without.add(p99(subscribers));
        try (StalledClients _ = new StalledClients(stream, stalled)) {
          with.add(p99(subscribers));
        }
      }
    }
    bars.add(
        new Bar(
            "p99 of %d clients beside %d stalled ones, times that without (%.1f ms)"
                .formatted(count, stalled, median(without)),
            median(with) / median(without),
            1.1));
    progress("a client that reads %d kB/s".formatted(SLOW_BYTES_PER_SECOND / 1000));
    try (PacedClient slow =
        new PacedClient(stream, StreamRequest.NOTHING_SEEN, 1, SLOW_BYTES_PER_SECOND)) {
      Thread.sleep(span.warmUp().plus(Duration.ofSeconds(2)));
      slow.take();
      Thread.sleep(span.window().multipliedBy(2));
      Tally tally = slow.take();
      if (tally.frames == 0) {
        throw new IOException("the slow client got no frame: " + slow.failure());
      }
      bars.add(
          new Bar(
              "oldest frame that a client sees which reads %d kB/s, ms (%d seen, %d missed and told)"
                  .formatted(SLOW_BYTES_PER_SECOND / 1000, tally.frames, tally.told),
              tally.delayMs(100),
              SLOW_AGE_LIMIT_MS));
    }
  }

  private double p99(Subscribers subscribers) throws InterruptedException {
    Thread.sleep(Duration.ofMillis(500));
    subscribers.take();
    Thread.sleep(span.window());
    Tally tally = subscribers.take();
    // So that the bar fails where nothing came.
    return tally.frames == 0 ? Double.NaN : tally.delayMs(99);
  }

  private void judge() {
    if (Arrays.stream(clients).anyMatch(count -> count == BARS_AT)) {
      bars.add(
          new Bar(
              "processor time a GB at 1000 clients, times the selector loop's",
              ratio(BARS_AT, Contender.SELECTOR, Measurement::cpuSPerGb),
              1.5));
      bars.add(
          new Bar(
              "processor time a GB at 1000 clients, times that of JSON for each client",
              ratio(BARS_AT, Contender.PER_CLIENT, Measurement::cpuSPerGb),
              0.1));
      bars.add(
          new Bar(
              "frames lost at 1000 clients",
              Stream.of(Contender.PHOTOPHONE, Contender.PHOTOPHONE_BYTES)
                  .flatMap(each -> of(each, BARS_AT).stream())
                  .mapToLong(Measurement::lost)
                  .sum(),
              0));
    }
    bars.add(
        new Bar(
            "frames missing that no client was told of, streams that ended, clients without answer",
            measurements.stream()
                .filter(each -> each.server().startsWith(Contender.PHOTOPHONE.title))
                .mapToLong(
                    each -> each.unexplained() + each.ended() + each.clients() - each.answered())
                .sum(),
            0));
    if (Arrays.stream(clients).anyMatch(count -> count == THROUGHPUT_AT)) {
      bars.add(
          new Bar(
              "what the selector loop delivers to 5000 clients, times what the program does",
              1 / ratio(THROUGHPUT_AT, Contender.SELECTOR, Measurement::share),
              1 / 0.9));
    }
  }

  /// Of the program to another, the median over the rounds.
  private double ratio(int count, Contender other, ToDoubleFunction<Measurement> figure) {
    List<Measurement> ours = of(Contender.PHOTOPHONE, count);
    List<Measurement> theirs = of(other, count);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(figure.applyAsDouble(ours.get(i)) / figure.applyAsDouble(theirs.get(i)));
    }
    return median(ratios);
  }

  private List<Measurement> of(Contender contender, int count) {
    return measurements.stream()
        .filter(each -> each.server().equals(contender.title) && each.clients() == count)
        .toList();
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static void progress(String text) {
    System.err.printf("\r%-70s", text);
  }

  private void print() throws IOException {
    System.err.printf("\r%70s\r", "");
    System.out.println(Machine.text());
    System.out.println();
    System.out.println(
        "| server | clients | delivered | lost | p50, ms | p99, ms | MB/s | cores | CPU s/GB | kB a"
            + " client |");
    System.out.println("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (int count : clients) {
      for (Contender contender : Contender.values()) {
        List<Measurement> of = of(contender, count);
        System.out.printf(
            "| %s | %d | %.1f %% | %.2f %% | %.1f | %.1f | %.0f | %.2f | %.2f | %.0f |%n",
            contender.title,
            count,
            100 * median(of, Measurement::share),
            100 * median(of, each -> (double) each.lost() / (each.lost() + each.frames())),
            median(of, Measurement::p50Ms),
            median(of, Measurement::p99Ms),
            median(of, each -> each.bytes() / 1e6 / each.seconds()),
            median(of, each -> each.cpuS() / each.seconds()),
            median(of, Measurement::cpuSPerGb),
            median(of, each -> each.bytesPerClient() / 1000));
      }
    }
    System.out.println();
    bars.forEach(System.out::println);
  }

  private static double median(List<Measurement> of, ToDoubleFunction<Measurement> figure) {
    return median(of.stream().map(figure::applyAsDouble).toList());
  }
}
