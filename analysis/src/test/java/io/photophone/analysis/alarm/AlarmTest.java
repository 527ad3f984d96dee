package io.photophone.analysis.alarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.photophone.analysis.TestReadings;
import io.photophone.analysis.alarm.AlarmRule.Direction;
import io.photophone.model.AlarmEvent;
import io.photophone.model.AlarmState;
import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("M9")
class AlarmTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private final List<AlarmEvent> events = new ArrayList<>();

  /// Level 50 ppm, gone at 45 ppm.
  private static AlarmRule.Level level(
      Direction direction, double uncertainties, int onS, int offS, boolean latching) {
    return new AlarmRule.Level(
        "high",
        "gas",
        direction,
        50,
        ConcentrationUnit.PPM,
        5,
        uncertainties,
        Duration.ofSeconds(onS),
        Duration.ofSeconds(offS),
        latching);
  }

  private static Alarm above(int onS, int offS, boolean latching) {
    return new Alarm(level(Direction.ABOVE, 0, onS, offS, latching), START);
  }

  private static Alarm silence(boolean latching) {
    return new Alarm(
        new AlarmRule.NoReading("silent", "gas", Duration.ofSeconds(5), latching), START);
  }

  /// The end of a second's window.
  private static Instant end(long second) {
    return START.plusSeconds(second + 1);
  }

  private void note(Optional<AlarmEvent> event) {
    event.ifPresent(events::add);
  }

  /// Feeds readings of successive seconds, the first of them at a second; `-` is one with a gap, a
  /// space passes a second without any.
  private void feed(Alarm alarm, long second, String values) {
    for (String value : values.split(",", -1)) {
      if (value.equals("-")) {
        note(alarm.accept(TestReadings.ppm(second, 1e6, ReadingFlag.GAP), end(second)));
      } else if (value.isBlank()) {
        note(alarm.pass(end(second)));
      } else {
        note(alarm.accept(TestReadings.ppm(second, Double.parseDouble(value)), end(second)));
      }
      second++;
    }
  }

  @AfterEach
  void each_event_goes_on_from_where_the_one_before_it_led() {
    AlarmState state = AlarmState.NORMAL;
    for (AlarmEvent event : events) {
      assertEquals(state, event.from());
      state = event.to();
    }
  }

  @ParameterizedTest(name = "on {0} s, off {1} s, latching {2}: {3} gives {4} with {5} events")
  @CsvSource(
      delimiter = '|',
      value = {
        // on, off, latching | readings, acknowledged at the end of those before a slash | state
        "0 | 0 | false | 50             | NORMAL                 | 0",
        "0 | 0 | false | 50.001         | RAISED                 | 1",
        "0 | 0 | false | 60,49          | RAISED                 | 1",
        "0 | 0 | false | 60,45.001      | RAISED                 | 1",
        "0 | 0 | false | 60,45          | NORMAL                 | 2",
        "0 | 0 | false | 60,45,48       | NORMAL                 | 2",
        "3 | 0 | false | 60,60,60       | PENDING                | 1",
        "3 | 0 | false | 60,60,60,60    | RAISED                 | 2",
        "3 | 0 | false | 60,60,60,50    | NORMAL                 | 2",
        "3 | 0 | false | 60,60,50,60    | PENDING                | 3",
        "3 | 0 | false | 60,40          | NORMAL                 | 2",
        "0 | 3 | false | 60,40,40,40    | RAISED                 | 1",
        "0 | 3 | false | 60,40,40,40,40 | NORMAL                 | 2",
        "0 | 3 | false | 60,40,40,48,40 | RAISED                 | 1",
        "0 | 3 | false | 60,40,40,60,40 | RAISED                 | 1",
        "0 | 0 | true  | 60,40          | CLEARED_UNACKNOWLEDGED | 2",
        "0 | 0 | true  | 60,40,48       | CLEARED_UNACKNOWLEDGED | 2",
        "0 | 0 | true  | 60,40,60       | RAISED                 | 3",
        "2 | 0 | true  | 60,60,60,40,60 | CLEARED_UNACKNOWLEDGED | 3",
        "2 | 0 | true  | 60,60,60,40,60,60,60 | RAISED           | 4",
        "0 | 0 | false | 60/60          | ACKNOWLEDGED           | 2",
        "0 | 0 | false | 60/40          | NORMAL                 | 3",
        "0 | 0 | true  | 60/60          | ACKNOWLEDGED           | 2",
        "0 | 0 | true  | 60/40          | NORMAL                 | 3",
        "0 | 0 | true  | 60,40/40       | NORMAL                 | 3",
        "0 | 0 | true  | 60,40/60       | RAISED                 | 4",
        "0 | 0 | true  | 40/40          | NORMAL                 | 0",
        "3 | 0 | true  | 60/60          | PENDING                | 1",
        "0 | 3 | true  | 60/40,40,40    | ACKNOWLEDGED           | 2",
        "0 | 3 | true  | 60/40,40,40,40 | NORMAL                 | 3",
        "0 | 0 | true  | 60/60/60       | ACKNOWLEDGED           | 2",
      })
  void level_above(
      int onS, int offS, boolean latching, String readings, AlarmState state, int count) {
    Alarm alarm = above(onS, offS, latching);
    long second = 0;
    String[] parts = readings.split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      if (i > 0) {
        note(alarm.acknowledge("Ada", end(second - 1)));
      }
      feed(alarm, second, parts[i]);
      second += parts[i].split(",", -1).length;
    }
    assertEquals(state, alarm.status().state());
    assertEquals(count, events.size(), events::toString);
  }

  @ParameterizedTest
  @CsvSource({"50, NORMAL", "49.9, RAISED", "'40,55', NORMAL", "'40,54.9', RAISED"})
  void level_below_is_the_mirror_image(String readings, AlarmState state) {
    Alarm alarm = new Alarm(level(Direction.BELOW, 0, 0, 0, false), START);
    feed(alarm, 0, readings);
    assertEquals(state, alarm.status().state());
  }

  @ParameterizedTest
  @CsvSource({"51.9, NORMAL", "52, NORMAL", "52.001, RAISED", "'53,46', RAISED", "'53,45', NORMAL"})
  void a_level_may_have_to_be_exceeded_by_two_uncertainties_of_1_ppm(
      String readings, AlarmState state) {
    Alarm alarm = new Alarm(level(Direction.ABOVE, 2, 0, 0, false), START);
    feed(alarm, 0, readings);
    assertEquals(state, alarm.status().state());
  }

  @Test
  void an_event_tells_when_from_what_reading_and_who() {
    Alarm alarm = above(0, 0, true);
    feed(alarm, 0, "40,60");
    note(alarm.acknowledge("Ada", START.plusMillis(2500)));
    assertEquals(
        List.of(
            new AlarmEvent(
                "high", AlarmState.NORMAL, AlarmState.RAISED, end(1), 60.0, 1.0, "ppm", null),
            new AlarmEvent(
                "high",
                AlarmState.RAISED,
                AlarmState.ACKNOWLEDGED,
                START.plusMillis(2500),
                60.0,
                1.0,
                "ppm",
                "Ada")),
        events);
    assertEquals("Ada", alarm.status().acknowledgedBy());
    assertEquals(START.plusMillis(2500), alarm.status().since());
    feed(alarm, 2, "40");
    assertNull(alarm.status().acknowledgedBy());
  }

  @ParameterizedTest
  @EnumSource(value = ReadingFlag.class, names = "GAP")
  void a_reading_with_this_flag_neither_raises_nor_clears(ReadingFlag flag) {
    Alarm alarm = above(0, 0, false);
    note(alarm.accept(TestReadings.ppm(0, 60, flag), end(0)));
    assertEquals(AlarmState.NORMAL, alarm.status().state());
    assertNull(alarm.status().value());
    feed(alarm, 1, "60");
    note(alarm.accept(TestReadings.ppm(2, 40, flag), end(2)));
    assertEquals(AlarmState.RAISED, alarm.status().state());
    assertEquals(60, alarm.status().value());
  }

  @ParameterizedTest(name = "{0} by {1} uncertainties: clipped at {2} is {3}, {4}")
  @CsvSource({
    "ABOVE, 0, 60, RAISED, ",
    "ABOVE, 0, 50, NORMAL, it is clipped",
    "ABOVE, 0, 40, NORMAL, it is clipped",
    "ABOVE, 2, 52.1, RAISED, ",
    "ABOVE, 2, 51.9, NORMAL, it is clipped",
    "BELOW, 0, 40, NORMAL, it is clipped",
    "BELOW, 0, 60, NORMAL, it is clipped"
  })
  void a_clipped_reading_raises_an_alarm_above_a_level_and_no_other(
      Direction direction,
      double uncertainties,
      double value,
      AlarmState state,
      @Nullable String unusable) {
    Alarm alarm = new Alarm(level(direction, uncertainties, 0, 0, false), START);
    note(alarm.accept(TestReadings.ppm(0, value, ReadingFlag.CLIPPED), end(0)));
    assertEquals(state, alarm.status().state());
    assertEquals(unusable, alarm.status().unusable());
  }

  @Test
  void a_clipped_reading_clears_nothing_and_one_with_a_gap_too_is_not_known() {
    Alarm alarm = above(0, 0, false);
    note(alarm.accept(TestReadings.ppm(0, 60, ReadingFlag.CLIPPED, ReadingFlag.GAP), end(0)));
    assertEquals(AlarmState.NORMAL, alarm.status().state());
    feed(alarm, 1, "60");
    note(alarm.accept(TestReadings.ppm(2, 40, ReadingFlag.CLIPPED), end(2)));
    assertEquals(AlarmState.RAISED, alarm.status().state());
    assertEquals(60, alarm.status().value());
  }

  @Test
  void a_reading_off_the_resonance_reads_low_and_clears_nothing() {
    Alarm alarm = above(0, 0, false);
    feed(alarm, 0, "60");
    note(alarm.accept(TestReadings.ppm(1, 3, ReadingFlag.OFF_RESONANCE), end(1)));
    assertEquals(AlarmState.RAISED, alarm.status().state());
    assertEquals("it is off resonance", alarm.status().unusable());
  }

  @ParameterizedTest
  @EnumSource(
      value = ReadingFlag.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"GAP", "CLIPPED"})
  void a_reading_with_another_flag_counts(ReadingFlag flag) {
    Alarm alarm = above(0, 0, false);
    note(alarm.accept(TestReadings.ppm(0, 60, flag), end(0)));
    assertEquals(AlarmState.RAISED, alarm.status().state());
  }

  @Test
  void a_reading_that_does_not_count_says_why() {
    Alarm alarm = new Alarm(level(Direction.ABOVE, 1, 0, 0, false), START);
    assertNull(alarm.status().unusable());
    assertEquals("it has no concentration", unusable(alarm, null));
    assertEquals("it has no concentration", unusable(alarm, ppm(Double.NaN, 1)));
    assertEquals("it has no concentration", unusable(alarm, ppm(Double.POSITIVE_INFINITY, 1)));
    assertEquals("it has no uncertainty", unusable(alarm, ppm(60, Double.NaN)));
    assertEquals(
        "it is in ppb, the level in ppm",
        unusable(alarm, new Concentration(60_000, 1, ConcentrationUnit.PPB, "test")));
    assertEquals(AlarmState.NORMAL, alarm.status().state());
    assertNull(unusable(alarm, ppm(60, 1)));
    assertEquals(AlarmState.RAISED, alarm.status().state());
  }

  private static Concentration ppm(double value, double uncertainty) {
    return new Concentration(value, uncertainty, ConcentrationUnit.PPM, "test");
  }

  private @Nullable String unusable(Alarm alarm, @Nullable Concentration concentration) {
    note(alarm.accept(TestReadings.of("gas", 0, concentration), end(0)));
    return alarm.status().unusable();
  }

  @Test
  void a_delay_on_runs_on_through_what_is_not_known_and_a_delay_off_begins_anew() {
    Alarm alarm = above(3, 3, false);
    feed(alarm, 0, "60,-,-");
    assertEquals(AlarmState.PENDING, alarm.status().state());
    feed(alarm, 3, "60");
    assertEquals(AlarmState.RAISED, alarm.status().state());
    feed(alarm, 4, "40,-,-,40,40,40");
    assertEquals(AlarmState.RAISED, alarm.status().state());
    feed(alarm, 10, "40");
    assertEquals(AlarmState.NORMAL, alarm.status().state());
  }

  @Test
  void a_level_does_not_change_while_no_reading_comes() {
    Alarm alarm = above(3, 0, false);
    feed(alarm, 0, "60, , , , , ");
    assertEquals(AlarmState.PENDING, alarm.status().state());
  }

  @Test
  void a_reading_of_another_gas_does_not_concern_it() {
    Alarm alarm = above(0, 0, false);
    Reading other = TestReadings.of("NO2", 0, ppm(60, 1));
    assertFalse(alarm.accept(other, end(0)).isPresent());
    assertNull(alarm.status().value());

    Alarm silence = silence(false);
    for (int second = 0; second < 5; second++) {
      note(silence.accept(TestReadings.of("NO2", second, ppm(60, 1)), end(second)));
    }
    assertEquals(AlarmState.RAISED, silence.status().state());
  }

  @ParameterizedTest(name = "latching {0}: {1} gives {2} with {3} events")
  @CsvSource(
      delimiter = '|',
      value = {
        "false | ' , , , '            | NORMAL                 | 0",
        "false | ' , , , , '          | RAISED                 | 1",
        "false | '1, , , , '          | NORMAL                 | 0",
        "false | '1, , , , , '        | RAISED                 | 1",
        "false | '1,-,-,-,-'          | NORMAL                 | 0",
        "false | '1,-,-,-,-,-'        | RAISED                 | 1",
        "false | '1,-, ,-, ,1,-,-,-,-'| NORMAL                 | 0",
        "false | ' , , , , ,1'        | NORMAL                 | 2",
        "false | ' , , , , ,-'        | RAISED                 | 1",
        "true  | ' , , , , ,1'        | CLEARED_UNACKNOWLEDGED | 2",
        "true  | ' , , , , ,1, , , , , ' | RAISED              | 3"
      })
  void no_valid_reading_for_five_seconds(
      boolean latching, String readings, AlarmState state, int count) {
    Alarm alarm = silence(latching);
    feed(alarm, 0, readings);
    assertEquals(state, alarm.status().state());
    assertEquals(count, events.size(), events::toString);
  }

  @Test
  void a_clock_that_runs_a_little_ahead_of_the_readings_hides_no_silence() {
    Alarm alarm = silence(false);
    feed(alarm, 0, "1");
    for (int second = 1; second <= 5; second++) {
      note(alarm.pass(end(second).plusMillis(30)));
      note(alarm.accept(TestReadings.ppm(second, 1, ReadingFlag.GAP), end(second)));
    }
    assertEquals(AlarmState.RAISED, alarm.status().state());
    assertEquals(end(5).plusMillis(30), alarm.status().since());
  }

  @Test
  void a_clock_that_ran_an_hour_ahead_and_came_back_hides_no_silence() {
    Alarm alarm =
        new Alarm(new AlarmRule.NoReading("silent", "gas", Duration.ofSeconds(10), false), START);
    feed(alarm, 0, "1");
    note(alarm.pass(START.plusSeconds(3600)));
    assertEquals(AlarmState.RAISED, alarm.status().state());
    feed(alarm, 59, "1,1,1,1,1,1,1,1,1,1");
    assertEquals(AlarmState.NORMAL, alarm.status().state());
    feed(alarm, 69, " , , , , , , , , ");
    assertEquals(AlarmState.NORMAL, alarm.status().state());
    feed(alarm, 78, " ");
    assertEquals(AlarmState.RAISED, alarm.status().state());
    assertEquals(START.plusSeconds(79), alarm.status().since());
  }

  @Test
  void when_time_goes_back_running_delays_begin_anew_and_the_state_stays() {
    Alarm pending = above(3, 0, false);
    feed(pending, 100, "60,60,60");
    feed(pending, 0, "60,60,60");
    assertEquals(AlarmState.PENDING, pending.status().state());
    feed(pending, 3, "60");
    assertEquals(AlarmState.RAISED, pending.status().state());
    assertEquals(end(3), events.getLast().time());
    events.clear();

    Alarm raised = above(0, 3, false);
    feed(raised, 100, "60,40,40,40");
    feed(raised, 0, "40,40,40");
    assertEquals(AlarmState.RAISED, raised.status().state());
    feed(raised, 3, "40");
    assertEquals(AlarmState.NORMAL, raised.status().state());
    events.clear();

    Alarm silence = silence(false);
    feed(silence, 100, "1,-,-");
    feed(silence, 0, "-,-,-,-,-");
    assertEquals(AlarmState.NORMAL, silence.status().state());
    feed(silence, 5, "-");
    assertEquals(AlarmState.RAISED, silence.status().state());
  }
}
