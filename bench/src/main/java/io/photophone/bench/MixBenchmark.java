package io.photophone.bench;

import io.photophone.dsp.Mix;
import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
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

/// Gain and mix over 1600 samples, each beside the same code in a JVM whose compiler makes no
/// vector instructions of loops: the ratio is the vector width reached.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MixBenchmark {
  private static final int LENGTH = 1600;
  private static final String SCALAR = "-XX:-UseSuperWord";

  private final double[] from = new double[LENGTH];
  private final double[] to = new double[LENGTH];
  private final float[] window = new float[LENGTH];
  private AudioFrame frame =
      new AudioFrame(new float[1], new float[1], 48_000, 0, 0, new CaptureTime(0, 0));

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    float[] a = new float[LENGTH];
    float[] b = new float[LENGTH];
    for (int n = 0; n < LENGTH; n++) {
      from[n] = random.nextGaussian();
      a[n] = (float) random.nextGaussian();
      b[n] = (float) random.nextGaussian();
      window[n] = (float) random.nextDouble();
    }
    frame = new AudioFrame(a, b, 48_000, 0, 0, new CaptureTime(0, 0));
  }

  @Benchmark
  public double[] gain() {
    Mix.gain(0.5, from, to, LENGTH);
    return to;
  }

  @Benchmark
  @Fork(value = 1, jvmArgsAppend = SCALAR)
  public double[] gainScalar() {
    return gain();
  }

  @Benchmark
  public double[] mix() {
    Mix.add(0.5, from, to, LENGTH);
    return to;
  }

  @Benchmark
  @Fork(value = 1, jvmArgsAppend = SCALAR)
  public double[] mixScalar() {
    return mix();
  }

  /// Two channels of floats, with the arrays of the new frame.
  @Benchmark
  public AudioFrame applyWindow() {
    return frame.applyWindow(window);
  }

  @Benchmark
  @Fork(value = 1, jvmArgsAppend = SCALAR)
  public AudioFrame applyWindowScalar() {
    return applyWindow();
  }

  @Benchmark
  public float peakAmplitude() {
    return frame.peakAmplitude();
  }

  @Benchmark
  @Fork(value = 1, jvmArgsAppend = SCALAR)
  public float peakAmplitudeScalar() {
    return peakAmplitude();
  }
}
