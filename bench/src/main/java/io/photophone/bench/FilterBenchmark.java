package io.photophone.bench;

import io.photophone.dsp.FilterBand;
import io.photophone.dsp.FilterShape;
import io.photophone.dsp.SosFilter;
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
import uk.me.berndporr.iirj.Butterworth;

/// A Butterworth band-pass of order 4, four second-order sections, over 1600 samples: by ours, by a
/// library, and an elliptic one of ours of order 4 that stops as much from nearer on.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FilterBenchmark {
  private static final int LENGTH = 1600;
  private static final double RATE_HZ = 48_000;
  private static final double LOW_HZ = 1900;
  private static final double HIGH_HZ = 2100;

  private final float[] samples = new float[LENGTH];
  private final double[] filtered = new double[LENGTH];
  private final SosFilter ours = filter(new FilterShape.Butterworth(4));
  private final SosFilter elliptic = filter(new FilterShape.Elliptic(4, 0.1, 60));
  private final Butterworth iirj = new Butterworth();

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int n = 0; n < LENGTH; n++) {
      samples[n] = (float) random.nextGaussian();
    }
    iirj.bandPass(4, RATE_HZ, (LOW_HZ + HIGH_HZ) / 2, HIGH_HZ - LOW_HZ);
  }

  @Benchmark
  public double[] ours() {
    return filtered(ours);
  }

  @Benchmark
  public double[] oursElliptic() {
    return filtered(elliptic);
  }

  @Benchmark
  public double[] iirj() {
    for (int n = 0; n < LENGTH; n++) {
      filtered[n] = iirj.filter(samples[n]);
    }
    return filtered;
  }

  private double[] filtered(SosFilter filter) {
    for (int n = 0; n < LENGTH; n++) {
      filtered[n] = filter.next(samples[n]);
    }
    return filtered;
  }

  private static SosFilter filter(FilterShape shape) {
    return SosFilter.of(shape, new FilterBand.BandPass(LOW_HZ, HIGH_HZ), RATE_HZ);
  }
}
