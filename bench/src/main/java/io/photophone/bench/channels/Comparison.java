package io.photophone.bench.channels;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs the patterns in rounds, each pipe once a round in a process of its own and in shuffled
/// order, so that what else the machine does falls on all alike; then prints a table for each
/// pattern.
public final class Comparison {
  private Comparison() {}

  private static final String ROUND_TRIP = RoundTrip.class.getSimpleName();

  private record Case(String pattern, String pipe) {}

  private record Sample(double nanos, double bytes) {}

  /// Runs it.
  ///
  /// @param args rounds, then names of patterns; all if none
  public static void main(String[] args) throws RunnerException {
    int rounds = args.length == 0 ? 5 : Integer.parseInt(args[0]);
    List<String> names = List.of(args).subList(Math.min(1, args.length), args.length);
    List<Case> cases = cases(names);
    Map<Case, List<Sample>> samples = new LinkedHashMap<>();
    cases.forEach(each -> samples.put(each, new ArrayList<>()));
    Random random = new Random(1);
    int done = 0;
    for (int round = 0; round < rounds; round++) {
      List<Case> order = new ArrayList<>(cases);
      Collections.shuffle(order, random);
      for (Case each : order) {
        samples.get(each).add(run(each));
        done++;
        System.err.printf("\r%d of %d  ", done, rounds * cases.size());
      }
    }
    System.err.println();
    print(samples);
  }

  private static List<Case> cases(List<String> names) {
    List<Case> cases = new ArrayList<>();
    for (Patterns.Pattern pattern : Patterns.ALL) {
      pattern.pipes.keySet().forEach(pipe -> cases.add(new Case(pattern.name, pipe)));
    }
    RoundTrip.PIPES.forEach(pipe -> cases.add(new Case(ROUND_TRIP, pipe)));
    return cases.stream()
        .filter(each -> names.isEmpty() || names.contains(each.pattern()))
        .toList();
  }

  private static Sample run(Case each) throws RunnerException {
    boolean isRoundTrip = each.pattern().equals(ROUND_TRIP);
    Class<?> benchmark = isRoundTrip ? RoundTrip.class : PatternBenchmark.class;
    ChainedOptionsBuilder options = new OptionsBuilder().param("pipe", each.pipe());
    if (!isRoundTrip) {
      options.param("pattern", each.pattern());
    }
    Collection<RunResult> results =
        new Runner(
                options
                    .include(benchmark.getName() + "\\.")
                    .addProfiler("gc")
                    .jvmArgsAppend(
                        "-XX:+UseParallelGC",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
                    .timeout(TimeValue.seconds(60))
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    if (results.isEmpty()) {
      throw new IllegalStateException(each + " did not end: see its output above");
    }
    RunResult result = results.iterator().next();
    return new Sample(
        result.getPrimaryResult().getScore(),
        result.getSecondaryResults().get("gc.alloc.rate.norm").getScore());
  }

  private static void print(Map<Case, List<Sample>> samples) {
    String pattern = "";
    double ours = 0;
    for (Map.Entry<Case, List<Sample>> entry : samples.entrySet()) {
      Case each = entry.getKey();
      double[] nanos = entry.getValue().stream().mapToDouble(Sample::nanos).sorted().toArray();
      double[] bytes = entry.getValue().stream().mapToDouble(Sample::bytes).sorted().toArray();
      double median = median(nanos);
      if (!each.pattern().equals(pattern)) {
        pattern = each.pattern();
        ours = median;
        System.out.printf(
            "%n%s%n%n| pipe | ns a message | least–most | ratio | B a message"
                + " |%n|---|---|---|---|---|%n",
            pattern);
      }
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %.1f–%.1f | %.2f | %.2f |%n",
          each.pipe(),
          median,
          nanos[0],
          nanos[nanos.length - 1],
          median / ours,
          median(bytes));
    }
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
