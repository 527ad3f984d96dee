package io.photophone.bench.channels;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Traffic of one pattern through one pipe. The time of a message is that of the whole burst, until
/// every receiver has accounted for it, over its messages.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public abstract class PatternBenchmark {
  static final int BURST = 131_072;
  static final int CAPACITY = 4096;

  private final int senders;
  private final int receivers;
  private final boolean toAll;
  private Traffic traffic;

  /// Traffic of one pattern.
  ///
  /// @param toAll whether each receiver gets every message
  protected PatternBenchmark(int senders, int receivers, boolean toAll) {
    this.senders = senders;
    this.receivers = receivers;
    this.toAll = toAll;
  }

  /// The pipe of a name.
  abstract Pipe open(String pipe);

  /// The name of the pipe that is measured.
  abstract String pipe();

  /// Starts the threads.
  @Setup(Level.Trial)
  public void start() {
    int ranks = this instanceof Benchmarks.PriorityFiveClasses ? 5 : 1;
    traffic =
        new Traffic(
            open(pipe()), senders, receivers, pipe().contains("virtual"), BURST, ranks, toAll);
  }

  /// Ends the threads.
  @TearDown(Level.Trial)
  public void end() throws InterruptedException {
    traffic.close();
  }

  final long burst() {
    traffic.burst();
    return traffic.sums();
  }
}
