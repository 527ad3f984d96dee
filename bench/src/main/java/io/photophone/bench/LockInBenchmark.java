package io.photophone.bench;

import io.photophone.dsp.BoxcarLockIn;
import io.photophone.dsp.Complex;
import io.photophone.dsp.Goertzel;
import io.photophone.dsp.LockIn;
import io.photophone.dsp.RcLockIn;
import io.photophone.dsp.RcLowPass;
import io.photophone.dsp.Reference;
import io.photophone.dsp.RunningLockIn;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Amplitude and phase at one frequency over 1600 samples, by ours; no library has a lock-in.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LockInBenchmark {
  private static final int LENGTH = 1600;
  private static final Reference REFERENCE = new Reference(2010, 48_000);

  private final double[] samples = new double[LENGTH];
  private final LockIn stretch = new LockIn(REFERENCE);
  private final RunningLockIn rc = new RcLockIn(REFERENCE, new RcLowPass(4, 0.1));
  private final RunningLockIn boxcar = new BoxcarLockIn(REFERENCE, 67);
  private final Goertzel goertzel = new Goertzel(2010, 48_000);

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int n = 0; n < LENGTH; n++) {
      samples[n] = random.nextGaussian();
    }
  }

  @Benchmark
  public Complex stretch() {
    stretch.start(0);
    for (double sample : samples) {
      stretch.add(sample);
    }
    return stretch.sum();
  }

  @Benchmark
  public Complex rcOfOrderFour() {
    return running(rc);
  }

  @Benchmark
  public Complex boxcar() {
    return running(boxcar);
  }

  @Benchmark
  public Complex goertzel() {
    goertzel.reset();
    for (double sample : samples) {
      goertzel.add(sample);
    }
    return goertzel.sum();
  }

  private Complex running(RunningLockIn lockIn) {
    for (double sample : samples) {
      lockIn.add(sample);
    }
    return lockIn.signal();
  }
}
