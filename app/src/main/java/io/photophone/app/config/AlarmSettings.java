package io.photophone.app.config;

import static io.photophone.app.config.Scalar.decimal;
import static io.photophone.app.config.Scalar.line;
import static io.photophone.app.config.Scalar.named;
import static io.photophone.app.config.Scalar.seconds;
import static io.photophone.app.config.Scalar.trueOrFalse;

import io.photophone.analysis.alarm.AlarmRule;
import io.photophone.analysis.alarm.AlarmRule.Direction;
import io.photophone.analysis.alarm.AlarmRule.Level;
import io.photophone.analysis.alarm.AlarmRule.NoReading;
import io.photophone.app.config.OneOf.Variant;
import io.photophone.app.config.Section.Draft;
import io.photophone.model.ConcentrationUnit;
import java.time.Duration;
import java.util.List;

/// The part of [Settings] that is about one alarm.
final class AlarmSettings {
  static final OneOf<AlarmRule> RULE =
      new OneOf<>(
          "type",
          List.of(
              new Variant<>("level", level(), l -> l, rule -> rule instanceof Level l ? l : null),
              new Variant<>(
                  "no_reading",
                  noReading(),
                  n -> n,
                  rule -> rule instanceof NoReading n ? n : null)));

  private AlarmSettings() {}

  /// What isn't set asks for nothing; what has no such value is required.
  private static Section<Level> level() {
    var s =
        Draft.from(
            new Level(
                "high",
                "gas",
                Direction.ABOVE,
                0,
                ConcentrationUnit.PPM,
                0,
                0,
                Duration.ZERO,
                Duration.ZERO,
                false));
    var name = s.required("name", line(), Level::name, "what people call it");
    var gas = s.required("gas", line(), Level::gas, "the gas that is measured");
    var direction =
        s.required(
            "direction",
            named(List.of(Direction.values()), Direction::configName),
            Level::direction,
            "on which side of the level there is an alarm");
    var level =
        s.required("level", decimal(Level.LEVEL), Level::level, "concentration, in the unit");
    var unit =
        s.required(
            "unit",
            named(List.of(ConcentrationUnit.values()), ConcentrationUnit::wireName),
            Level::unit,
            "that of the readings");
    var hysteresis =
        s.add(
            "hysteresis",
            decimal(Level.HYSTERESIS),
            Level::hysteresis,
            "how far back from the level the concentration must come, in the unit");
    var uncertainties =
        s.add(
            "uncertainties",
            decimal(Level.UNCERTAINTIES),
            Level::uncertainties,
            "by how many of its standard uncertainties it must be beyond the level");
    var delayOn =
        s.add(
            "delay_on_s",
            seconds(AlarmRule.DELAY_S),
            Level::delayOn,
            "how long it must be beyond the level before the alarm is raised, s");
    var delayOff =
        s.add(
            "delay_off_s",
            seconds(AlarmRule.DELAY_S),
            Level::delayOff,
            "how long it must be back before the alarm is cleared, s");
    var latching =
        s.add(
            "latching",
            trueOrFalse(),
            Level::latching,
            "whether it must be acknowledged to go away");
    return s.make(v ->
        new Level(
            v.get(name),
            v.get(gas),
            v.get(direction),
            v.get(level),
            v.get(unit),
            v.get(hysteresis),
            v.get(uncertainties),
            v.get(delayOn),
            v.get(delayOff),
            v.get(latching)));
  }

  private static Section<NoReading> noReading() {
    var s = Draft.from(new NoReading("silent", "gas", Duration.ofSeconds(10), false));
    var name = s.required("name", line(), NoReading::name, "what people call it");
    var gas = s.required("gas", line(), NoReading::gas, "the gas that is measured");
    var after =
        s.add(
            "after_s",
            seconds(NoReading.AFTER_S),
            NoReading::after,
            "how long there must have been no valid reading, s");
    var latching =
        s.add(
            "latching",
            trueOrFalse(),
            NoReading::latching,
            "whether it must be acknowledged to go away");
    return s.make(v -> new NoReading(v.get(name), v.get(gas), v.get(after), v.get(latching)));
  }
}
