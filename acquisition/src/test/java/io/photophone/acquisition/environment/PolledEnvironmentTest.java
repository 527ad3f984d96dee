package io.photophone.acquisition.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.daemon.RecordedLogs;
import io.photophone.acquisition.stream.FakeClock;
import io.photophone.model.Environment;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("M8")
@Timeout(30)
class PolledEnvironmentTest {
  private static final Instant START = Instant.ofEpochSecond(0, FakeClock.START_EPOCH_NANOS);

  private final FakeSensor sensor = new FakeSensor();
  private final FakeClock clock = FakeClock.movedBySleepers();
  private final PolledEnvironment feed =
      PolledEnvironment.start(
          sensor, new Polling(Duration.ofSeconds(1), Duration.ofSeconds(3)), clock);

  @AfterEach
  void close() {
    feed.close();
    assertTrue(sensor.closed);
  }

  @Test
  void a_time_has_the_newest_value_that_is_not_after_it() throws Exception {
    assertEquals(Environment.UNKNOWN, feed.at(START));
    sensor.tells(20);
    sensor.tells(21);
    sensor.tells(22);
    assertEquals(FakeSensor.of(20), feed.at(START));
    assertEquals(FakeSensor.of(20), feed.at(START.plusNanos(999_999_999)));
    assertEquals(FakeSensor.of(21), feed.at(START.plusSeconds(1)));
    assertEquals(FakeSensor.of(22), feed.at(START.plusMillis(2500)));
    assertEquals(Environment.UNKNOWN, feed.at(START.minusNanos(1)));
    assertEquals(Environment.UNKNOWN, feed.at(null));
  }

  @Test
  void a_value_holds_no_longer_than_its_maximum_age() throws Exception {
    sensor.tells(20);
    assertEquals(FakeSensor.of(20), feed.at(START.plusSeconds(3)));
    assertEquals(Environment.UNKNOWN, feed.at(START.plusSeconds(3).plusNanos(1)));
  }

  @Test
  void a_value_with_a_time_of_its_own_holds_from_then_on() throws Exception {
    sensor.tells(START.minusSeconds(100), 18);
    assertEquals(FakeSensor.of(18), feed.at(START.minusSeconds(98)));
    assertEquals(Environment.UNKNOWN, feed.at(START));
    assertEquals(Environment.UNKNOWN, feed.state().environment());
    assertEquals(START.minusSeconds(100), feed.state().time());
  }

  @Test
  void what_was_answered_once_is_not_changed_by_what_comes_later() throws Exception {
    sensor.tells(20);
    Environment first = feed.at(START.plusMillis(500));
    sensor.tells(21);
    sensor.fails(new IOException("gone"));
    assertEquals(first, feed.at(START.plusMillis(500)));
  }

  @Test
  void a_clock_that_was_set_back_takes_the_values_of_its_future_along() throws Exception {
    sensor.tells(START.plusSeconds(3600), 18);
    sensor.tells(START, 20);
    assertEquals(Environment.UNKNOWN, feed.at(START.plusSeconds(3600)));
    assertEquals(FakeSensor.of(20), feed.at(START.plusSeconds(1)));
  }

  @Test
  void failures_are_counted_and_logged_when_they_begin_and_end() throws Exception {
    RecordedLogs.clear();
    sensor.tells(20);
    assertNull(feed.state().error());
    sensor.fails(new IOException("temperature_c is NaN"));
    sensor.fails(new IllegalStateException("a fault of a user's driver"));
    sensor.fails(new IOException("gone"));
    EnvironmentState failing = feed.state();
    assertEquals(1, failing.reads());
    assertEquals(3, failing.errors());
    assertEquals("gone", failing.error());
    assertEquals("a test", failing.sensor());
    assertEquals(START, failing.time());
    assertEquals(4, failing.ageS(), 1e-9);
    assertEquals(Environment.UNKNOWN, failing.environment());
    sensor.tells(21);
    assertNull(feed.state().error());
    assertEquals(3, feed.state().errors());
    assertEquals(
        List.of("the environment sensor failed: temperature_c is NaN"),
        RecordedLogs.of(PolledEnvironment.class, System.Logger.Level.WARNING));
    assertEquals(
        List.of("the environment sensor a test answers again"),
        RecordedLogs.of(PolledEnvironment.class, System.Logger.Level.INFO));
  }

  @Test
  void values_are_remembered_for_an_hour() throws Exception {
    sensor.tells(START, 20);
    sensor.tells(START.plusSeconds(3600), 21);
    assertEquals(FakeSensor.of(20), feed.at(START));
    sensor.tells(START.plusSeconds(3604), 22);
    assertEquals(Environment.UNKNOWN, feed.at(START));
    assertEquals(FakeSensor.of(21), feed.at(START.plusSeconds(3600)));
  }

  @Test
  void a_sensor_that_blocks_blocks_nobody_else_and_a_close_ends_it() throws Exception {
    assertEquals(Environment.UNKNOWN, feed.at(START));
    assertEquals(0, feed.state().reads());
    feed.close();
    assertTrue(sensor.closed);
    assertEquals(0, feed.state().errors());
  }

  @Test
  void a_constant_holds_at_all_times() {
    ConstantEnvironment constant = new ConstantEnvironment(FakeSensor.of(25));
    assertEquals(FakeSensor.of(25), constant.at(null));
    assertEquals(FakeSensor.of(25), constant.at(START));
    assertEquals("constant", constant.state().sensor());
    assertEquals("none", ConstantEnvironment.UNKNOWN.state().sensor());
    assertFalse(constant.state().ageS() >= 0);
  }
}
