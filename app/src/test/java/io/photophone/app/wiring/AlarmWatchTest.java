package io.photophone.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.stream.StreamClock;
import io.photophone.acquisition.supervision.TaskSupervisor;
import io.photophone.analysis.alarm.AlarmRule;
import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import io.photophone.model.AlarmEvent;
import io.photophone.model.AlarmState;
import io.photophone.model.CaptureTime;
import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import io.photophone.model.Phasor;
import io.photophone.model.Reading;
import io.photophone.model.Streamed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("M9")
@Timeout(30)
final class AlarmWatchTest {
  private static final int RATE_HZ = 48_000;
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final List<AlarmRule> RULES =
      List.of(
          new AlarmRule.Level(
              "high",
              "gas",
              AlarmRule.Direction.ABOVE,
              50,
              ConcentrationUnit.PPM,
              0,
              0,
              Duration.ZERO,
              Duration.ZERO,
              true),
          new AlarmRule.NoReading("silent", "gas", Duration.ofSeconds(5), false));

  private final Clock clock = new Clock();
  private final AlarmWatch watch = new AlarmWatch("cell", RULES, clock);

  /// Both clocks stand still until a test moves them.
  private static final class Clock implements StreamClock {
    private final AtomicLong wallStepNanos = new AtomicLong();
    private final AtomicLong elapsedNanos = new AtomicLong();

    @Override
    public CaptureTime now() {
      long start = START.getEpochSecond() * 1_000_000_000L;
      long elapsed = elapsedNanos.get();
      return new CaptureTime(start + wallStepNanos.get() + elapsed, 42 + elapsed);
    }

    @Override
    public void sleepUntil(long monotonicNanos) {
      throw new UnsupportedOperationException("alarms don't sleep by the clock");
    }
  }

  private void advance(Duration by) {
    clock.elapsedNanos.addAndGet(by.toNanos());
  }

  private static Reading reading(long second, double ppm, @Nullable Instant start) {
    return new Reading(
        "cell",
        "gas",
        second * RATE_HZ,
        (second + 1) * RATE_HZ,
        RATE_HZ,
        start,
        2000,
        Phasor.NONE,
        Double.NaN,
        Environment.UNKNOWN,
        null,
        new Concentration(ppm, 1, ConcentrationUnit.PPM, "test"),
        Set.of());
  }

  private List<AlarmEvent> events() {
    List<AlarmEvent> all = new ArrayList<>();
    for (Streamed<AlarmEvent> each : watch.events().retained()) {
      if (each instanceof Streamed.Item<AlarmEvent>(AlarmEvent event)) {
        all.add(event);
      }
    }
    return all;
  }

  @Test
  void an_event_bears_the_time_of_the_reading_not_of_the_clock() {
    Instant longAgo = Instant.parse("2019-05-05T05:05:05Z");
    watch.accept(reading(0, 60, longAgo));
    assertEquals(List.of(longAgo.plusSeconds(1)), events().stream().map(AlarmEvent::time).toList());
  }

  @Test
  void silence_is_measured_from_the_end_of_the_newest_reading_by_the_monotonic_clock() {
    Instant longAgo = Instant.parse("2019-05-05T05:05:05Z");
    watch.accept(reading(0, 1, longAgo));
    clock.wallStepNanos.set(Duration.ofHours(1).toNanos());
    advance(Duration.ofSeconds(5).minusNanos(1));
    watch.passTime();
    assertEquals(List.of(), events());
    advance(Duration.ofNanos(1));
    watch.passTime();
    assertEquals("silent", events().getFirst().alarm());
    assertEquals(longAgo.plusSeconds(6), events().getFirst().time());
  }

  @Test
  void silence_from_the_start_on_is_noticed() {
    advance(Duration.ofSeconds(5));
    watch.passTime();
    assertEquals(AlarmState.RAISED, watch.statuses().getLast().state());
  }

  @Test
  void a_reading_that_does_not_tell_its_time_is_of_now() {
    advance(Duration.ofSeconds(3));
    watch.accept(reading(0, 60, null));
    assertEquals(START.plusSeconds(3), events().getFirst().time());
    advance(Duration.ofSeconds(5));
    watch.passTime();
    assertEquals(START.plusSeconds(8), events().getLast().time());
  }

  @Test
  void another_thread_acknowledges_while_readings_are_watched() throws Exception {
    BroadcastChannel<Streamed<Reading>> readings = new BroadcastChannel<>("readings", 10);
    Receiver<Streamed<AlarmEvent>> events = watch.events().subscribe("test", Resume.OLDEST);
    watch.start(readings, new TaskSupervisor());
    readings.send(new Streamed.Item<>(reading(0, 60, START)));
    assertEquals(AlarmState.RAISED, next(events).to());
    assertFalse(watch.acknowledge("silent", "Ada"), "it is normal");
    assertFalse(watch.acknowledge("nothing", "Ada"), "there is no such alarm");
    assertTrue(watch.acknowledge("high", "Ada"));
    assertFalse(watch.acknowledge("high", "Ada"), "it was acknowledged before");
    assertEquals("Ada", next(events).who());
    readings.send(new Streamed.End<>("the end of the file"));
    readings.send(new Streamed.Item<>(reading(1, 40, START.plusSeconds(1))));
    AlarmEvent gone = next(events);
    assertEquals(AlarmState.NORMAL, gone.to());
    assertEquals(START.plusSeconds(2), gone.time());
    readings.close();
    assertInstanceOf(Received.Closed.class, events.receive());
    watch.join(Duration.ofSeconds(10));
  }

  @Test
  void silence_is_noticed_by_the_thread_itself() throws Exception {
    BroadcastChannel<Streamed<Reading>> readings = new BroadcastChannel<>("readings", 10);
    Receiver<Streamed<AlarmEvent>> events = watch.events().subscribe("test", Resume.OLDEST);
    watch.start(readings, new TaskSupervisor());
    advance(Duration.ofSeconds(7));
    AlarmEvent event = next(events);
    assertEquals("silent", event.alarm());
    assertEquals(START.plusSeconds(7), event.time());
    readings.close();
  }

  private static AlarmEvent next(Receiver<Streamed<AlarmEvent>> events)
      throws InterruptedException {
    if (events.receive() instanceof Received.Message<Streamed<AlarmEvent>> message
        && message.value() instanceof Streamed.Item<AlarmEvent>(AlarmEvent event)) {
      return event;
    }
    throw new AssertionError("no event");
  }
}
