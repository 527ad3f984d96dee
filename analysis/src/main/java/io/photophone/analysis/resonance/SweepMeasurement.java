package io.photophone.analysis.resonance;

import io.photophone.model.AudioFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The frames of a stepped sweep as a point for each step: a lock-in on A − B at the step's
/// frequency, once it has settled.
///
/// Points depend on the samples and their indices alone. Samples outside the sweep are left out.
/// For one thread; a sample allocates nothing.
///
/// Contract: M10.
public final class SweepMeasurement {
  /// A sample from here on is at its converter's end, with 16 bits or more.
  private static final double FULL_SCALE = 1 - 0x1p-15;

  private final SweepPlan plan;
  private final int sampleRateHz;
  private final long startSample;
  private final List<SweepPoint> points = new ArrayList<>();
  private int step;
  private long stepBegin;
  private long stepEnd;
  private boolean clipped;
  private @Nullable StepBlocks blocks;

  /// A sweep of which nothing has come yet.
  ///
  /// @param startSample index of the sweep's first sample in the stream
  /// @throws IllegalArgumentException if the rate doesn't carry the sweep
  public SweepMeasurement(SweepPlan plan, int sampleRateHz, long startSample) {
    plan.checkRate(sampleRateHz);
    if (startSample < 0) {
      throw new IllegalArgumentException(
          "start sample is %d, allowed: from 0".formatted(startSample));
    }
    this.plan = plan;
    this.sampleRateHz = sampleRateHz;
    this.startSample = startSample;
    begin();
  }

  private void begin() {
    stepBegin = plan.firstSample(step, sampleRateHz);
    stepEnd = plan.firstSample(step + 1, sampleRateHz);
    clipped = false;
    blocks =
        new StepBlocks(
            plan.frequencyHz(step),
            sampleRateHz,
            plan.settlingSamples(step, sampleRateHz),
            stepEnd - stepBegin,
            plan.cyclesAtStart(step, sampleRateHz));
  }

  /// Takes the stream's next frame, which may have a gap before it.
  ///
  /// @throws IllegalArgumentException if its rate is another
  public void process(AudioFrame frame) {
    if (frame.sampleRateHz() != sampleRateHz) {
      throw new IllegalArgumentException(
          "frame %d has a rate of %d Hz in a sweep at %d Hz"
              .formatted(frame.frameNumber(), frame.sampleRateHz(), sampleRateHz));
    }
    float[] a = frame.channelA();
    float[] b = frame.channelB();
    for (int i = 0; i < a.length && blocks != null; i++) {
      long sample = frame.firstSampleIndex() + i - startSample;
      while (blocks != null && sample >= stepEnd) {
        end(blocks);
      }
      if (sample >= stepBegin && blocks != null) {
        clipped |= Math.abs(a[i]) >= FULL_SCALE || Math.abs(b[i]) >= FULL_SCALE;
        blocks.add(sample - stepBegin, (double) a[i] - b[i]);
      }
    }
    if (blocks != null && frame.endSampleIndex() - startSample >= stepEnd) {
      end(blocks);
    }
  }

  private void end(StepBlocks done) {
    points.add(new SweepPoint(plan.frequencyHz(step), done.phasor(), done.settled(), clipped));
    step++;
    if (step < plan.steps()) {
      begin();
    } else {
      blocks = null;
    }
  }

  /// Whether the last step has ended.
  public boolean isComplete() {
    return blocks == null;
  }

  /// Those of the steps that have ended.
  public List<SweepPoint> points() {
    return List.copyOf(points);
  }
}
