package io.photophone.analysis.alarm;

import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Range;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// When an alarm is raised and when it goes away.
public sealed interface AlarmRule {
  /// Up to a week of anything is worth waiting for.
  Range DELAY_S = Range.closed(0, 604_800);

  /// What a person calls it; no two rules of an instrument share a name.
  String name();

  /// Readings of any other gas don't concern it.
  String gas();

  /// Whether it must be acknowledged to go away.
  boolean latching();

  /// How long the condition must hold before the alarm is raised.
  Duration delayOn();

  /// How long the condition must be gone before the alarm is cleared.
  Duration delayOff();

  /// The rule in words, as in `above 50 ppm for 3 s`.
  String words();

  /// The side of the level on which there is an alarm.
  enum Direction {
    ABOVE,
    BELOW;

    private final String configName = name().toLowerCase(Locale.ROOT);

    /// The name in configurations.
    public String configName() {
      return configName;
    }
  }

  /// The concentration is beyond a level. Above one, a clipped reading counts too if it is beyond.
  ///
  /// @param level in the unit
  /// @param unit that of the readings
  /// @param hysteresis how far back from the level the concentration must come for the condition to
  ///   be gone, in the unit
  /// @param uncertainties by how many of its standard uncertainties the concentration must be
  ///   beyond the level
  record Level(
      String name,
      String gas,
      Direction direction,
      double level,
      ConcentrationUnit unit,
      double hysteresis,
      double uncertainties,
      Duration delayOn,
      Duration delayOff,
      boolean latching)
      implements AlarmRule {
    public static final Range LEVEL = Range.closed(-1e12, 1e12);
    public static final Range HYSTERESIS = Range.closed(0, 1e12);
    public static final Range UNCERTAINTIES = Range.closed(0, 100);

    public Level {
      checkNames(name, gas);
      LEVEL.check("level", level);
      HYSTERESIS.check("hysteresis", hysteresis);
      UNCERTAINTIES.check("uncertainties", uncertainties);
      DELAY_S.check("delay_on_s", seconds(delayOn));
      DELAY_S.check("delay_off_s", seconds(delayOff));
    }

    /// By how much a concentration is beyond the level; below zero on the good side.
    double beyond(double value) {
      return switch (direction) {
        case ABOVE -> value - level;
        case BELOW -> level - value;
      };
    }

    @Override
    public String words() {
      String text = "%s %s %s".formatted(direction.configName(), number(level), unit.wireName());
      return delayOn.isZero() ? text : "%s for %s s".formatted(text, number(seconds(delayOn)));
    }
  }

  /// There was no valid reading for a while.
  ///
  /// @param after for so long
  record NoReading(String name, String gas, Duration after, boolean latching) implements AlarmRule {
    public static final Range AFTER_S = Range.above(0, DELAY_S.highest());

    public NoReading {
      checkNames(name, gas);
      AFTER_S.check("after_s", seconds(after));
    }

    /// None: [#after] is the condition itself.
    @Override
    public Duration delayOn() {
      return Duration.ZERO;
    }

    /// None: the first valid reading ends the condition.
    @Override
    public Duration delayOff() {
      return Duration.ZERO;
    }

    @Override
    public String words() {
      return "no valid reading for %s s".formatted(number(seconds(after)));
    }
  }

  /// Refuses rules that share a name, or that the instrument's readings can't answer.
  ///
  /// @param gases that the instrument measures
  /// @param unit of its concentrations; null where nobody knows yet
  /// @param span of one reading
  static void check(
      List<AlarmRule> rules, Set<String> gases, @Nullable ConcentrationUnit unit, Duration span) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < rules.size(); i++) {
      AlarmRule rule = rules.get(i);
      Integer other = places.putIfAbsent(rule.name(), i);
      if (other != null) {
        throw new IllegalArgumentException(
            "alarms[%d].name is %s, allowed: a name of its own, not that of alarms[%d]"
                .formatted(i, rule.name(), other));
      }
      if (!gases.contains(rule.gas())) {
        throw new IllegalArgumentException(
            "alarms[%d].gas is %s, allowed: %s, which is measured"
                .formatted(i, rule.gas(), String.join(", ", new TreeSet<>(gases))));
      }
      if (rule instanceof Level level && unit != null && level.unit() != unit) {
        throw new IllegalArgumentException(
            "alarms[%d].unit is %s, allowed: %s, the unit of the calibration"
                .formatted(i, level.unit().wireName(), unit.wireName()));
      }
      if (rule instanceof NoReading silence && silence.after().compareTo(span) <= 0) {
        throw new IllegalArgumentException(
            "alarms[%d].after_s is %s, allowed: above %s, the span of one reading"
                .formatted(i, number(seconds(silence.after())), number(seconds(span))));
      }
    }
  }

  private static void checkNames(String name, String gas) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("an alarm has no name");
    }
    if (gas.isBlank()) {
      throw new IllegalArgumentException("alarm %s has no gas".formatted(name));
    }
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
