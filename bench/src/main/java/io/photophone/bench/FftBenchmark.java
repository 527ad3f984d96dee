package io.photophone.bench;

import io.photophone.dsp.RealFft;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;
import org.jtransforms.fft.FloatFFT_1D;
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

/// A real transform of 4096 samples by ours and by two libraries; each leaves its input as it is.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FftBenchmark {
  private static final int SIZE = 4096;

  private final float[] samples = new float[SIZE];
  private final double[] wideSamples = new double[SIZE];
  private final float[] inPlace = new float[SIZE];
  private final float[] real = new float[SIZE / 2 + 1];
  private final float[] imaginary = new float[SIZE / 2 + 1];
  private final RealFft ours = new RealFft(SIZE);
  private final FloatFFT_1D jTransforms = new FloatFFT_1D(SIZE);
  private final FastFourierTransformer commonsMath =
      new FastFourierTransformer(DftNormalization.STANDARD);

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int n = 0; n < SIZE; n++) {
      samples[n] = (float) random.nextGaussian();
      wideSamples[n] = samples[n];
    }
  }

  @Benchmark
  public float[] ours() {
    ours.transform(samples, real, imaginary);
    return real;
  }

  @Benchmark
  public float[] jTransforms() {
    System.arraycopy(samples, 0, inPlace, 0, SIZE);
    jTransforms.realForward(inPlace);
    return inPlace;
  }

  @Benchmark
  public Complex[] commonsMath() {
    return commonsMath.transform(wideSamples, TransformType.FORWARD);
  }
}
