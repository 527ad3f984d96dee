package io.photophone.bench;

import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.graph.AnalysisGraph;
import io.photophone.analysis.graph.GraphContext;
import io.photophone.analysis.graph.GraphSpec;
import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// What many instruments cost one thread: a frame of 1600 samples for each of them in turn, through
/// the standard graph with its spectra. It is linear if the time over the number of instruments
/// stays.
///
/// Contract: M13.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InstrumentsBenchmark {
  private static final int RATE_HZ = 48_000;
  private static final int LENGTH = 1600;
  private static final CaptureTime CAPTURED = new CaptureTime(0, 0);

  @Param({"1", "10", "50"})
  public int instruments;

  private final List<AnalysisGraph> graphs = new ArrayList<>();
  private final List<float[]> channels = new ArrayList<>();
  private long frames;

  @Setup
  public void make() {
    SplittableRandom random = new SplittableRandom(1);
    GraphSpec spec = GraphSpec.standard(MeasurementConfig.DEFAULT, null, 4096, RATE_HZ);
    for (int k = 0; k < instruments; k++) {
      graphs.add(AnalysisGraph.of(spec, GraphContext.of("cell " + k, RATE_HZ, false)));
      for (int sign = -1; sign <= 1; sign += 2) {
        float[] channel = new float[LENGTH];
        for (int n = 0; n < LENGTH; n++) {
          double tone = 0.05 * Math.cos(2 * Math.PI * 67 * n / LENGTH);
          channel[n] = (float) (sign * tone + 0.001 * random.nextGaussian());
        }
        channels.add(channel);
      }
    }
  }

  @Benchmark
  public void frames(Blackhole blackhole) {
    for (int k = 0; k < instruments; k++) {
      AudioFrame frame =
          new AudioFrame(
              channels.get(2 * k),
              channels.get(2 * k + 1),
              RATE_HZ,
              frames,
              frames * LENGTH,
              CAPTURED);
      graphs.get(k).process(frame, blackhole::consume);
    }
    frames++;
  }
}
