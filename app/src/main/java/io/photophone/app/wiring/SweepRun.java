package io.photophone.app.wiring;

import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.source.SimulatedCell;
import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.source.SimulationCommand;
import io.photophone.acquisition.source.SourceRead;
import io.photophone.analysis.resonance.SweepMeasurement;
import io.photophone.analysis.resonance.SweepPlan;
import io.photophone.analysis.resonance.SweepPoint;
import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import io.photophone.model.Range;
import java.io.IOException;
import java.util.List;
import java.util.function.LongConsumer;

/// Sweeps from a source to points, as fast as it can be read.
public final class SweepRun {
  private static final int READ_SAMPLES = 4096;

  /// Of a sweep of the simulated cell, which is computed while somebody waits.
  private static final Range CELL_S = Range.above(0, 600);

  private SweepRun() {}

  /// Refuses a sweep that is too long, or too high for the rate, for a simulated cell.
  public static void checkForCell(SweepPlan plan, int sampleRateHz) {
    plan.checkRate(sampleRateHz);
    CELL_S.check("steps times dwell_s", plan.dwell().multipliedBy(plan.steps()).toNanos() / 1e9);
  }

  /// A cell of this configuration whose laser follows a plan from its first sample on.
  ///
  /// @throws IllegalArgumentException if the cell's rate doesn't carry the sweep, or it is too long
  public static SimulatedCell cell(SimulatedCellConfig config, SweepPlan plan) {
    checkForCell(plan, config.sampleRateHz());
    SimulatedCell cell = new SimulatedCell(config);
    for (int step = 0; step < plan.steps(); step++) {
      cell.command(
          new SimulationCommand.SetModulation(plan.frequencyHz(step)),
          plan.firstSample(step, config.sampleRateHz()));
    }
    return cell;
  }

  /// The points of a sweep, on the caller's thread.
  ///
  /// @param startSample of the sweep in the source
  /// @param progress told now and then how many samples have been read
  /// @throws IOException if the source fails, or ends before the sweep does
  /// @throws InterruptedException if the thread was interrupted
  public static List<SweepPoint> measure(
      AudioSource source, SweepPlan plan, long startSample, LongConsumer progress)
      throws IOException, InterruptedException {
    SweepMeasurement sweep = new SweepMeasurement(plan, source.sampleRateHz(), startSample);
    long sample = 0;
    long frames = 0;
    while (!sweep.isComplete()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      switch (source.read(READ_SAMPLES)) {
        case SourceRead.Samples samples -> {
          AudioFrame frame =
              new AudioFrame(
                  samples.channelA(),
                  samples.channelB(),
                  source.sampleRateHz(),
                  frames,
                  sample + samples.lostBefore(),
                  CaptureTime.UNKNOWN);
          sweep.process(frame);
          frames++;
          sample = frame.endSampleIndex();
          progress.accept(sample);
        }
        case SourceRead.End() ->
            throw new IOException(
                "%s ends after %s s, in step %d of %d: the sweep lasts until %s s"
                    .formatted(
                        source.name(),
                        (double) sample / source.sampleRateHz(),
                        sweep.points().size() + 1,
                        plan.steps(),
                        (double) (startSample + plan.length(source.sampleRateHz()))
                            / source.sampleRateHz()));
      }
    }
    return sweep.points();
  }
}
