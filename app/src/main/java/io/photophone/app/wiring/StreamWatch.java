package io.photophone.app.wiring;

import io.photophone.acquisition.daemon.AcquisitionDaemon;
import io.photophone.acquisition.daemon.AcquisitionState.Phase;
import io.photophone.acquisition.stream.StreamClock;
import io.photophone.acquisition.stream.StreamStats;
import io.photophone.acquisition.supervision.Task;
import io.photophone.model.SystemEvent;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Watches an instrument's source: every second that it doesn't hang, every ten seconds that frames
/// come as fast as they should. What changes is told once. Contract: A38.
final class StreamWatch {
  private static final System.Logger LOG = System.getLogger(StreamWatch.class.getName());
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /// Looks at the source between two at the rate.
  private static final int LOOKS = 10;

  /// Less than this part of the expected frames is told.
  private static final double SLOW = 0.9;

  private final String instrument;
  private final AcquisitionDaemon daemon;
  private final double speed;
  private final Consumer<SystemEvent> events;
  private final StreamClock clock;
  private final CountDownLatch stopping = new CountDownLatch(1);

  /// Below: of the watching thread.
  private int looks;

  private boolean healthy = true;
  private boolean atWork;
  private long frames;
  private long nanos;

  /// @param speed how many times faster than real time the source is read; 0 for as fast as
  ///   possible, when no rate is expected
  StreamWatch(
      String instrument,
      AcquisitionDaemon daemon,
      double speed,
      Consumer<SystemEvent> events,
      StreamClock clock) {
    this.instrument = instrument;
    this.daemon = daemon;
    this.speed = speed;
    this.events = events;
    this.clock = clock;
    begin(clock.now().monotonicNanos());
  }

  /// The task that watches until it is stopped.
  Task task() {
    return new Task(
        "watch of " + instrument,
        Task.Kind.RESTARTABLE,
        true,
        () -> {
          while (!stopping.await(PERIOD.toNanos(), TimeUnit.NANOSECONDS)) {
            look();
          }
        },
        this::stop);
  }

  /// Ends the task.
  void stop() {
    stopping.countDown();
  }

  /// What is due each second.
  void look() {
    daemon.checkSource();
    looks++;
    if (looks % LOOKS == 0) {
      judge();
    }
  }

  private void begin(long now) {
    nanos = now;
    frames = daemon.frameCount();
    atWork = isAtWork();
  }

  private boolean isAtWork() {
    Phase phase = daemon.state().phase();
    return switch (phase) {
      case RUNNING, RETRYING, STALLED -> true;
      case STOPPED, STARTING, STOPPING, ENDED, ERROR -> false;
    };
  }

  private void judge() {
    long now = clock.now().monotonicNanos();
    double rate = (daemon.frameCount() - frames) * 1e9 / Math.max(1, now - nanos);
    double expected = daemon.targetFps() * speed;
    StreamStats stats = daemon.stream().stats();
    LOG.log(
        System.Logger.Level.DEBUG,
        "{0}: {1} frames a second of {2}, {3} subscribers, {4} frames",
        instrument,
        rate,
        expected,
        stats.activeSubscribers(),
        stats.totalFrames());
    // A source that was at rest at either end was not meant to deliver all the time.
    if (atWork && isAtWork()) {
      tell(rate, expected);
    }
    begin(now);
  }

  private void tell(double rate, double expected) {
    boolean well = rate >= SLOW * expected;
    if (well == healthy) {
      return;
    }
    healthy = well;
    String detail = "%.1f frames a second, expected: %.1f".formatted(rate, expected);
    LOG.log(
        well ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
        "{0}: {1}",
        instrument,
        detail);
    events.accept(new SystemEvent.HealthChanged(clock.now().instant(), instrument, well, detail));
  }
}
