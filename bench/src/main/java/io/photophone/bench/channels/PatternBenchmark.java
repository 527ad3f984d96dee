package io.photophone.bench.channels;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Traffic of one of the [Patterns] through one of its pipes. The time of a message is that of the
/// whole burst, until every receiver has accounted for it, over its messages.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class PatternBenchmark {
  static final int BURST = 131_072;

  /// Name of the pattern.
  @Param("OneToOneSpinning")
  public String pattern;

  /// Name of its pipe.
  @Param("photophone poll")
  public String pipe;

  private Traffic traffic;

  /// Starts the threads.
  @Setup(Level.Trial)
  public void start() {
    traffic = new Traffic(Patterns.named(pattern), pipe, BURST);
  }

  /// One message of many.
  @Benchmark
  @OperationsPerInvocation(BURST)
  public long message() {
    traffic.burst();
    return traffic.sums();
  }

  /// Ends the threads.
  @TearDown(Level.Trial)
  public void end() throws InterruptedException {
    traffic.close();
  }
}
