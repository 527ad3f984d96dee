package io.photophone.app.wiring;

import io.photophone.acquisition.source.SimulatedCell;
import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.source.SimulatedSource;
import io.photophone.acquisition.source.SimulationState;
import io.photophone.analysis.resonance.SweepPlan;
import io.photophone.analysis.resonance.SweepResult;
import io.photophone.server.Sweeps;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An instrument's sweeps: those that are kept, and one on a copy of its simulated cell, which goes
/// on playing meanwhile.
///
/// A sweep runs on a thread of its own. Contract: M10.
final class CellSweeps implements Sweeps, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(CellSweeps.class.getName());
  private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

  private final String instrument;
  private final @Nullable SimulatedSource source;
  private final SweepStore store;
  private final Clock clock;

  /// The sweep under way or the last one; guarded by this, as is all below.
  private @Nullable Thread thread;

  private boolean closed;

  /// Written by the sweep's thread alone while one is under way.
  private volatile Progress progress = new Progress(false, 0, null);

  /// @param source null if the instrument's source isn't simulated
  CellSweeps(String instrument, @Nullable SimulatedSource source, SweepStore store, Clock clock) {
    this.instrument = instrument;
    this.source = source;
    this.store = store;
    this.clock = clock;
  }

  @Override
  public byte @Nullable [] latest() throws IOException {
    return store.latest();
  }

  @Override
  public Progress progress() {
    return progress;
  }

  @Override
  public synchronized @Nullable String begin(Order order) {
    SimulatedSource simulated = source;
    if (simulated == null) {
      return "the source isn't simulated, and Photophone doesn't set a laser's frequency: record a"
          + " stepped sweep and use `photophone sweep FILE.wav --store`";
    }
    if (closed) {
      return "the server stops";
    }
    if (progress.running()) {
      return "a sweep is under way";
    }
    SweepPlan plan =
        SweepPlan.DEFAULT.with(order.fromHz(), order.toHz(), order.steps(), order.dwellS(), null);
    SweepRun.checkForCell(plan, simulated.config().sampleRateHz());
    SimulationState now = simulated.state();
    SimulatedCellConfig copy =
        simulated
            .config()
            .steadyAt(now.scripted() ? simulated.config().highestPpm() : now.ppm())
            .withTemperatureC(now.temperatureC());
    progress = new Progress(true, 0, null);
    thread =
        Thread.ofPlatform().name("sweep of " + instrument).daemon().start(() -> run(copy, plan));
    return null;
  }

  private void run(SimulatedCellConfig config, SweepPlan plan) {
    double total = plan.length(config.sampleRateHz());
    try (SimulatedCell cell = SweepRun.cell(config, plan)) {
      SweepResult result =
          SweepResult.of(
              plan,
              SweepRun.measure(
                  cell,
                  plan,
                  0,
                  samples -> progress = new Progress(true, Math.min(1, samples / total), null)),
              true);
      store.add(new SweepReport(instrument, clock.instant(), cell.name(), plan, result).json());
      progress = new Progress(false, 1, null);
    } catch (InterruptedException e) {
      progress = new Progress(false, progress.done(), "the sweep was stopped");
    } catch (Exception e) {
      LOG.log(System.Logger.Level.ERROR, "a sweep failed", e);
      progress = new Progress(false, progress.done(), e.getMessage());
    }
  }

  /// Stops a sweep that is under way. Idempotent.
  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      closed = true;
      running = thread;
    }
    if (running == null) {
      return;
    }
    running.interrupt();
    try {
      running.join(STOP_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
