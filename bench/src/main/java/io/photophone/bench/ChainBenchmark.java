package io.photophone.bench;

import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.SpectrumAnalyzer;
import io.photophone.analysis.graph.AnalysisGraph;
import io.photophone.analysis.graph.GraphContext;
import io.photophone.analysis.graph.GraphSpec;
import io.photophone.dsp.Window;
import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import io.photophone.model.Reading;
import io.photophone.model.Spectrum;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// The measurement's cost for a frame of 1600 samples of two microphones at 48 kHz, thirty of which
/// make a second: a core's share is 30 times the time for one.
///
/// Every invocation builds the frame object around two lasting arrays, which is the only allocation
/// where no reading is completed.
///
/// Contract: M13.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@org.openjdk.jmh.annotations.Measurement(iterations = 5, time = 1)
public class ChainBenchmark {
  private static final int RATE_HZ = 48_000;
  private static final int LENGTH = 1600;
  private static final CaptureTime CAPTURED = new CaptureTime(0, 0);

  private final float[] channelA = new float[LENGTH];
  private final float[] channelB = new float[LENGTH];
  private final float[] silence = new float[LENGTH];
  private final AnalysisGraph chain =
      AnalysisGraph.of(
          GraphSpec.standard(MeasurementConfig.DEFAULT, null, 4096, RATE_HZ),
          GraphContext.of("cell", RATE_HZ, false));
  private final AnalysisGraph measurement = measurementOver(Duration.ofSeconds(1));
  private final AnalysisGraph longMeasurement = measurementOver(Duration.ofHours(1));
  private final SpectrumAnalyzer spectra = new SpectrumAnalyzer(4096, Window.HANN);
  private long frames;

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int n = 0; n < LENGTH; n++) {
      float tone = (float) (0.05 * Math.cos(2 * Math.PI * 67 * n / LENGTH));
      channelA[n] = tone + (float) (0.001 * random.nextGaussian());
      channelB[n] = -tone + (float) (0.001 * random.nextGaussian());
    }
  }

  /// Readings once a second, and a spectrum with each frame.
  @Benchmark
  public void chain(Blackhole blackhole) {
    chain.process(nextFrame(channelA, channelB), blackhole::consume);
  }

  @Benchmark
  public void readings(Blackhole blackhole) {
    measurement.measure(nextFrame(channelA, channelB), reading -> consume(blackhole, reading));
  }

  /// Shows that samples allocate nothing.
  @Benchmark
  public void framesWithoutReading(Blackhole blackhole) {
    longMeasurement.measure(nextFrame(channelA, channelB), reading -> consume(blackhole, reading));
  }

  /// A second of signal, then digital silence: the filter dies away into subnormal numbers.
  @Benchmark
  public void silence(Blackhole blackhole) {
    boolean tone = frames < 30;
    AudioFrame frame = tone ? nextFrame(channelA, channelB) : nextFrame(silence, silence);
    longMeasurement.measure(frame, reading -> consume(blackhole, reading));
  }

  @Benchmark
  public @Nullable Spectrum spectra() {
    return spectra.process(nextFrame(channelA, channelB));
  }

  private AudioFrame nextFrame(float[] a, float[] b) {
    AudioFrame frame = new AudioFrame(a, b, RATE_HZ, frames, frames * LENGTH, CAPTURED);
    frames++;
    return frame;
  }

  private static void consume(Blackhole blackhole, Reading reading) {
    blackhole.consume(reading);
  }

  private static AnalysisGraph measurementOver(Duration integration) {
    MeasurementConfig defaults = MeasurementConfig.DEFAULT;
    MeasurementConfig config =
        new MeasurementConfig(
            defaults.instrument(),
            defaults.gas(),
            defaults.modulationHz(),
            integration,
            defaults.bandwidthHz(),
            defaults.channel());
    return AnalysisGraph.of(
        GraphSpec.measuring(config, null, RATE_HZ), GraphContext.of("cell", RATE_HZ, false));
  }
}
