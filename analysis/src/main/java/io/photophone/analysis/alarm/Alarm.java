package io.photophone.analysis.alarm;

import io.photophone.model.AlarmEvent;
import io.photophone.model.AlarmState;
import io.photophone.model.AlarmStatus;
import io.photophone.model.Concentration;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One rule and where it stands.
///
/// ```
///            holds           for delay on           acknowledged
/// NORMAL ───────────► PENDING ───────────► RAISED ───────────────► ACKNOWLEDGED
///    ▲ ▲                 │                  │   │                        │
///    │ └── doesn't hold ─┘         latching │   │ not latching           │ gone for delay off
///    │                                      ▼   │                        │
///    │      acknowledged   CLEARED_UNACKNOWLEDGED                        │
///    ├─────────────────────────────┘            │                        │
///    └──────────────────────────────────────────┴────────────────────────┘
/// ```
///
/// The states are those of ANSI/ISA-18.2 and IEC 62682, with the on-delay shown. An alarm that
/// isn't latching acknowledges itself when its condition goes; a latching one waits for somebody.
///
/// A level holds when the concentration is beyond it, by the rule's standard uncertainties if it
/// asks for some, and is gone when it is not beyond the level less the hysteresis. Between the two
/// an alarm stays what it is. Delays run from the end of the first reading's window to that of the
/// last.
///
/// A reading with a gap, clipped, off resonance, without a concentration, or in another unit counts
/// as none. It neither raises nor clears a level's alarm, and what isn't known counts for the
/// alarm: a delay on runs on, and a delay off begins anew. When time goes back, running delays
/// begin anew.
///
/// One kind of those clipped or off resonance counts: where the rule is about concentrations above
/// a level, one beyond it holds. Clipping makes a signal look smaller, so the gas is there, and an
/// overload must not silence a high alarm.
///
/// The caller provides the time and for one thread at a time. Contract: M9.
public final class Alarm {
  private final AlarmRule rule;
  private AlarmState state = AlarmState.NORMAL;
  private Instant since;

  /// The time told last by a reading, or by its absence where the rule is about that.
  private Instant now;

  /// End of the newest reading's window.
  private Instant read;

  /// When the condition began to hold; null while it doesn't.
  private @Nullable Instant heldFrom;

  /// When the condition went from an alarm that is still up; null otherwise.
  private @Nullable Instant goneFrom;

  /// When there was a reading that counts, or when the watch began.
  private Instant heard;

  private @Nullable Concentration newest;
  private @Nullable String unusable;
  private @Nullable String acknowledgedBy;

  /// What a moment says about the condition.
  private enum Judgement {
    HOLDS,
    NEITHER,
    GONE,
    UNKNOWN
  }

  /// An alarm in its normal state.
  ///
  /// @param from when the watch begins, from which a missing reading is missed
  public Alarm(AlarmRule rule, Instant from) {
    this.rule = rule;
    this.since = from;
    this.now = from;
    this.read = from;
    this.heard = from;
  }

  public AlarmRule rule() {
    return rule;
  }

  /// Judges a reading; one of another gas only passes the time.
  ///
  /// @param time end of the reading's window
  public Optional<AlarmEvent> accept(Reading reading, Instant time) {
    if (!reading.gas().equals(rule.gas())) {
      return pass(time);
    }
    moveTo(time);
    unusable = whyUnusable(reading);
    Concentration concentration = reading.concentration();
    if (unusable != null || concentration == null) {
      return follow(judgeWithout());
    }
    newest = concentration;
    heard = now;
    return follow(
        switch (rule) {
          case AlarmRule.Level level -> judge(level, concentration);
          case AlarmRule.NoReading silence -> Judgement.GONE;
        });
  }

  /// Tells that it has become this late without a reading. Nothing to a level.
  public Optional<AlarmEvent> pass(Instant time) {
    if (rule instanceof AlarmRule.NoReading && time.isAfter(now)) {
      now = time;
      return follow(judgeWithout());
    }
    return Optional.empty();
  }

  /// Takes note that somebody knows; nothing happens unless [AlarmState#wantsAcknowledgement].
  public Optional<AlarmEvent> acknowledge(String who, Instant time) {
    Instant at = time.isAfter(now) ? time : now;
    return switch (state) {
      case RAISED -> Optional.of(change(AlarmState.ACKNOWLEDGED, at, who));
      case CLEARED_UNACKNOWLEDGED -> Optional.of(change(AlarmState.NORMAL, at, who));
      case NORMAL, PENDING, ACKNOWLEDGED -> Optional.empty();
    };
  }

  public AlarmStatus status() {
    return new AlarmStatus(
        rule.name(),
        rule.gas(),
        rule.words(),
        rule.latching(),
        state,
        since,
        newest == null ? null : newest.value(),
        newest == null ? null : finite(newest.standardUncertainty()),
        newest == null ? null : newest.unit().wireName(),
        acknowledgedBy,
        unusable);
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private void moveTo(Instant time) {
    if (time.isBefore(read)) {
      heldFrom = heldFrom == null ? null : time;
      goneFrom = goneFrom == null ? null : time;
      heard = time;
    }
    // Even if it was carried further without readings: a clock may have run ahead and come back.
    now = time;
    read = time;
  }

  private @Nullable String whyUnusable(Reading reading) {
    Concentration concentration = reading.concentration();
    if (concentration == null || !Double.isFinite(concentration.value())) {
      return "it has no concentration";
    }
    if (reading.has(ReadingFlag.GAP)) {
      return "it has a gap";
    }
    String why = rule instanceof AlarmRule.Level level ? whyUnusable(level, concentration) : null;
    if (why != null || isTooHigh(concentration)) {
      return why;
    }
    if (reading.has(ReadingFlag.CLIPPED)) {
      return "it is clipped";
    }
    return reading.has(ReadingFlag.OFF_RESONANCE) ? "it is off resonance" : null;
  }

  private boolean isTooHigh(Concentration concentration) {
    return rule instanceof AlarmRule.Level level
        && level.direction() == AlarmRule.Direction.ABOVE
        && judge(level, concentration) == Judgement.HOLDS;
  }

  private static @Nullable String whyUnusable(AlarmRule.Level level, Concentration concentration) {
    if (concentration.unit() != level.unit()) {
      return "it is in %s, the level in %s"
          .formatted(concentration.unit().wireName(), level.unit().wireName());
    }
    return level.uncertainties() > 0 && !Double.isFinite(concentration.standardUncertainty())
        ? "it has no uncertainty"
        : null;
  }

  private static Judgement judge(AlarmRule.Level level, Concentration concentration) {
    double beyond = level.beyond(concentration.value());
    double margin =
        level.uncertainties() == 0
            ? 0
            : level.uncertainties() * concentration.standardUncertainty();
    if (beyond > margin) {
      return Judgement.HOLDS;
    }
    return beyond <= -level.hysteresis() ? Judgement.GONE : Judgement.NEITHER;
  }

  private Judgement judgeWithout() {
    return switch (rule) {
      case AlarmRule.Level level -> Judgement.UNKNOWN;
      case AlarmRule.NoReading silence ->
          Duration.between(heard, now).compareTo(silence.after()) >= 0
              ? Judgement.HOLDS
              : Judgement.NEITHER;
    };
  }

  private Optional<AlarmEvent> follow(Judgement judgement) {
    return switch (judgement) {
      case HOLDS -> holds();
      case NEITHER -> {
        goneFrom = null;
        yield dropPending();
      }
      case GONE -> gone();
      case UNKNOWN -> {
        goneFrom = null;
        yield Optional.empty();
      }
    };
  }

  private Optional<AlarmEvent> holds() {
    goneFrom = null;
    Instant from = heldFrom == null ? now : heldFrom;
    heldFrom = from;
    boolean longEnough = Duration.between(from, now).compareTo(rule.delayOn()) >= 0;
    return switch (state) {
      case NORMAL ->
          Optional.of(change(longEnough ? AlarmState.RAISED : AlarmState.PENDING, now, null));
      case PENDING, CLEARED_UNACKNOWLEDGED ->
          longEnough ? Optional.of(change(AlarmState.RAISED, now, null)) : Optional.empty();
      case RAISED, ACKNOWLEDGED -> Optional.empty();
    };
  }

  private Optional<AlarmEvent> dropPending() {
    heldFrom = null;
    return state == AlarmState.PENDING
        ? Optional.of(change(AlarmState.NORMAL, now, null))
        : Optional.empty();
  }

  private Optional<AlarmEvent> gone() {
    if (state != AlarmState.RAISED && state != AlarmState.ACKNOWLEDGED) {
      return dropPending();
    }
    heldFrom = null;
    Instant from = goneFrom == null ? now : goneFrom;
    goneFrom = from;
    if (Duration.between(from, now).compareTo(rule.delayOff()) < 0) {
      return Optional.empty();
    }
    goneFrom = null;
    boolean remembered = rule.latching() && state == AlarmState.RAISED;
    return Optional.of(
        change(remembered ? AlarmState.CLEARED_UNACKNOWLEDGED : AlarmState.NORMAL, now, null));
  }

  private AlarmEvent change(AlarmState to, Instant at, @Nullable String who) {
    AlarmState from = state;
    state = to;
    since = at;
    acknowledgedBy = to == AlarmState.ACKNOWLEDGED ? who : null;
    AlarmStatus status = status();
    return new AlarmEvent(
        rule.name(),
        from,
        to,
        at,
        status.value(),
        status.standardUncertainty(),
        status.unit(),
        who);
  }
}
