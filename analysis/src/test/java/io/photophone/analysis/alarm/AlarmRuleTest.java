package io.photophone.analysis.alarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.photophone.analysis.alarm.AlarmRule.Direction;
import io.photophone.model.ConcentrationUnit;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

@Tag("M9")
class AlarmRuleTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static AlarmRule level(String name, double level, double hysteresis, Duration delay) {
    return new AlarmRule.Level(
        name,
        "gas",
        Direction.ABOVE,
        level,
        ConcentrationUnit.PPM,
        hysteresis,
        0,
        delay,
        Duration.ZERO,
        false);
  }

  private static AlarmRule silence(Duration after) {
    return new AlarmRule.NoReading("silent", "gas", after, true);
  }

  private static String refusal(Executable refused) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, refused).getMessage());
  }

  @Test
  void a_rule_says_itself_in_words() {
    assertEquals("above 50 ppm", level("a", 50, 1, Duration.ZERO).words());
    assertEquals("above 0.5 ppm for 1.5 s", level("a", 0.5, 1, Duration.ofMillis(1500)).words());
    assertEquals("no valid reading for 5 s", silence(Duration.ofSeconds(5)).words());
  }

  @Test
  void a_value_out_of_range_is_refused_by_name() {
    assertEquals("an alarm has no name", refusal(() -> level(" ", 1, 0, SECOND)));
    assertEquals(
        "level is NaN, allowed: [-1000000000000, 1000000000000]",
        refusal(() -> level("a", Double.NaN, 0, SECOND)));
    assertEquals(
        "hysteresis is -1, allowed: [0, 1000000000000]", refusal(() -> level("a", 1, -1, SECOND)));
    assertEquals(
        "delay_on_s is -1, allowed: [0, 604800]",
        refusal(() -> level("a", 1, 0, SECOND.negated())));
    assertEquals("after_s is 0, allowed: (0, 604800]", refusal(() -> silence(Duration.ZERO)));
  }

  @Test
  void rules_that_the_readings_can_not_answer_are_refused_by_place() {
    AlarmRule high = level("high", 50, 1, SECOND);
    AlarmRule silent = silence(Duration.ofSeconds(5));
    AlarmRule.check(List.of(high, silent), Set.of("gas"), ConcentrationUnit.PPM, SECOND);
    AlarmRule.check(List.of(high, silent), Set.of("gas"), null, SECOND);
    assertEquals(
        "alarms[2].name is high, allowed: a name of its own, not that of alarms[0]",
        refusal(() -> AlarmRule.check(List.of(high, silent, high), Set.of("gas"), null, SECOND)));
    assertEquals(
        "alarms[0].gas is gas, allowed: CO, NO2, which is measured",
        refusal(() -> AlarmRule.check(List.of(silent), Set.of("NO2", "CO"), null, SECOND)));
    assertEquals(
        "alarms[0].unit is ppm, allowed: ppb, the unit of the calibration",
        refusal(() ->
            AlarmRule.check(List.of(high, silent), Set.of("gas"), ConcentrationUnit.PPB, SECOND)));
    assertEquals(
        "alarms[1].after_s is 5, allowed: above 5, the span of one reading",
        refusal(() ->
            AlarmRule.check(List.of(high, silent), Set.of("gas"), null, Duration.ofSeconds(5))));
  }
}
