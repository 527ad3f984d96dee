package io.photophone.acquisition.environment;

import io.photophone.acquisition.stream.StreamClock;
import io.photophone.model.Environment;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// Asks a sensor every period, on a virtual thread, and remembers its answers of the last hour with
/// their times.
///
/// A time is answered with the newest value that is not after it, and not older than the maximum
/// age; so the same answers of the sensor give the same values, whenever they are asked for. A
/// sensor that fails is asked again after a period; its failures are counted, and logged when they
/// begin and when they end. Contract: M8.
public final class PolledEnvironment implements EnvironmentFeed {
  private static final System.Logger LOG = System.getLogger(PolledEnvironment.class.getName());
  private static final Duration REMEMBERED = Duration.ofHours(1);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

  private final EnvironmentSensor sensor;
  private final Polling polling;
  private final StreamClock clock;
  private final Thread thread;

  /// Written by the thread alone, read by all, as is what follows.
  private final ConcurrentSkipListMap<Instant, Environment> values = new ConcurrentSkipListMap<>();

  private volatile Progress progress = new Progress(null, 0, 0, null);

  private record Progress(
      @Nullable Instant newest, long reads, long errors, @Nullable String error) {}

  private PolledEnvironment(EnvironmentSensor sensor, Polling polling, StreamClock clock) {
    this.sensor = sensor;
    this.polling = polling;
    this.clock = clock;
    thread = Thread.ofVirtual().name("environment").unstarted(this::poll);
  }

  /// Asks the sensor from now on, and closes it in the end.
  public static PolledEnvironment start(
      EnvironmentSensor sensor, Polling polling, StreamClock clock) {
    PolledEnvironment feed = new PolledEnvironment(sensor, polling, clock);
    feed.thread.start();
    return feed;
  }

  @Override
  public Environment at(@Nullable Instant time) {
    if (time == null) {
      return Environment.UNKNOWN;
    }
    Map.Entry<Instant, Environment> newest = values.floorEntry(time);
    return newest != null && !newest.getKey().plus(polling.maxAge()).isBefore(time)
        ? newest.getValue()
        : Environment.UNKNOWN;
  }

  @Override
  public EnvironmentState state() {
    Progress now = progress;
    Instant time = clock.now().instant();
    Instant newest = now.newest;
    double ageS = newest == null ? Double.NaN : Duration.between(newest, time).toNanos() / 1e9;
    return new EnvironmentState(
        sensor.name(), at(time), newest, ageS, now.reads, now.errors, now.error);
  }

  private void poll() {
    long due = clock.now().monotonicNanos();
    try (sensor) {
      while (!Thread.currentThread().isInterrupted()) {
        ask();
        // Periods that a slow sensor has taken are not made up for.
        due = Math.max(due + polling.period().toNanos(), clock.now().monotonicNanos());
        clock.sleepUntil(due);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask() {
    try {
      remember(sensor.read(clock.now().instant()));
    } catch (IOException e) {
      failed(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      failed(e.toString());
    }
  }

  private void remember(TimedEnvironment told) {
    // Later ones are of a clock that has been set back since.
    values.tailMap(told.time(), false).clear();
    values.put(told.time(), told.environment());
    values.headMap(told.time().minus(REMEMBERED).minus(polling.maxAge())).clear();
    Progress before = progress;
    progress = new Progress(told.time(), before.reads + 1, before.errors, null);
    if (before.error != null) {
      LOG.log(System.Logger.Level.INFO, "the environment sensor {0} answers again", sensor.name());
    }
  }

  private void failed(String error) {
    if (Thread.currentThread().isInterrupted()) {
      return;
    }
    Progress before = progress;
    progress = new Progress(before.newest, before.reads, before.errors + 1, error);
    if (before.error == null) {
      LOG.log(System.Logger.Level.WARNING, "the environment sensor failed: {0}", error);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      if (!thread.join(STOP_LIMIT)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "the environment sensor {0} didn''t stop within {1}",
            sensor.name(),
            STOP_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
