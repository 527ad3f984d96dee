package io.photophone.analysis.alarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.analysis.TestReadings;
import io.photophone.analysis.alarm.AlarmRule.Direction;
import io.photophone.model.AlarmEvent;
import io.photophone.model.AlarmState;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M9")
class AlarmPropertyTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final int STEPS = 5000;

  private static AlarmRule.Level rule(Random random) {
    return new AlarmRule.Level(
        "any",
        "gas",
        random.nextBoolean() ? Direction.ABOVE : Direction.BELOW,
        10 * random.nextGaussian(),
        ConcentrationUnit.PPM,
        4 * random.nextDouble(),
        random.nextInt(3),
        Duration.ofSeconds(random.nextInt(4)),
        Duration.ofSeconds(random.nextInt(4)),
        random.nextBoolean());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void it_comes_and_goes_at_most_once_for_each_crossing_of_the_hysteresis(long seed) {
    Random random = new Random(seed);
    AlarmRule.Level rule = rule(random);
    Alarm alarm = new Alarm(rule, START);
    int raised = 0;
    int crossings = 0;
    boolean onBadSide = false;
    double value = rule.level();
    for (int second = 0; second < STEPS; second++) {
      value += 1.5 * random.nextGaussian() + 0.05 * (rule.level() - value);
      double beyond =
          rule.direction() == Direction.ABOVE ? value - rule.level() : rule.level() - value;
      if (!onBadSide && beyond > 0) {
        onBadSide = true;
        crossings++;
      } else if (onBadSide && beyond <= -rule.hysteresis()) {
        onBadSide = false;
      }
      Optional<AlarmEvent> event =
          alarm.accept(TestReadings.ppm(second, value), START.plusSeconds(second + 1));
      raised += event.filter(e -> e.to() == AlarmState.RAISED).isPresent() ? 1 : 0;
    }
    assertTrue(crossings > 20, crossings + " crossings");
    assertTrue(raised > 0 && raised <= crossings, raised + " of " + crossings);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void every_change_of_state_is_an_event_and_every_event_a_change(long seed) {
    Random random = new Random(seed);
    AlarmRule rule =
        seed % 4 == 0
            ? new AlarmRule.NoReading("any", "gas", Duration.ofSeconds(3), random.nextBoolean())
            : rule(random);
    Alarm alarm = new Alarm(rule, START);
    AlarmState state = alarm.status().state();
    int events = 0;
    long second = 0;
    for (int step = 0; step < STEPS; step++) {
      second += random.nextInt(50) == 0 ? -random.nextInt(20) : 1;
      second = Math.max(0, second);
      Instant time = START.plusSeconds(second + 1);
      Optional<AlarmEvent> event =
          switch (random.nextInt(10)) {
            case 0 -> alarm.acknowledge("Ada", time);
            case 1, 2 -> alarm.pass(time);
            default -> alarm.accept(reading(random, second), time);
          };
      AlarmState next = alarm.status().state();
      assertEquals(next != state, event.isPresent(), "step " + step);
      if (event.isPresent()) {
        events++;
        assertEquals(state, event.get().from());
        assertEquals(next, event.get().to());
        assertEquals(alarm.status().since(), event.get().time());
      }
      assertEquals(
          next == AlarmState.ACKNOWLEDGED, alarm.status().acknowledgedBy() != null, "step " + step);
      state = next;
    }
    assertTrue(events > 10, events + " events");
  }

  private static Reading reading(Random random, long second) {
    double value = 10 * random.nextGaussian();
    return random.nextInt(3) == 0
        ? TestReadings.ppm(second, value, ReadingFlag.GAP)
        : TestReadings.ppm(second, value);
  }
}
