package io.photophone.model;

import java.util.Locale;

/// Where an alarm stands, after ANSI/ISA-18.2 and IEC 62682. `PENDING` is the on-delay, which both
/// count as normal.
public enum AlarmState {
  /// Nothing to tell.
  NORMAL,
  /// The condition holds, but not yet for as long as the rule asks.
  PENDING,
  /// The condition holds and nobody has acknowledged it.
  RAISED,
  /// The condition holds and somebody knows.
  ACKNOWLEDGED,
  /// The condition is gone, and nobody has acknowledged that there was one.
  CLEARED_UNACKNOWLEDGED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /// The name in answers and metrics, as in `cleared_unacknowledged`.
  public String wireName() {
    return wireName;
  }

  /// Whether somebody ought to look and say so.
  public boolean wantsAcknowledgement() {
    return this == RAISED || this == CLEARED_UNACKNOWLEDGED;
  }
}
