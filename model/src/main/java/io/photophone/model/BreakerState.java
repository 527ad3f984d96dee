package io.photophone.model;

import java.util.Locale;

/// Whether a source that fails is tried.
public enum BreakerState {
  /// It is tried whenever it is due.
  CLOSED,
  /// It failed too often in a row and is left alone for a while.
  OPEN,
  /// One attempt is under way that decides between the two.
  HALF_OPEN;

  /// The name in answers, as in `half_open`.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
