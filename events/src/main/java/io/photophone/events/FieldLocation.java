package io.photophone.events;

/// Where the bytes of a field are found.
public enum FieldLocation {
  /// In the field's place, always as many.
  FIXED,
  /// In the field's place, up to and with the first zero byte.
  TERMINATED,
  /// In the field's place, up to and with the first zero unit of two bytes.
  TERMINATED_UTF16,
  /// In the field's place, behind their number, an unsigned integer of 1, 2 or 4 bytes.
  LENGTH_PREFIXED,
  /// The field is four bytes: the low 16 bits say where its content begins, counted from the start
  /// of the event, the high 16 how long it is. Linux: `__data_loc`.
  DATA_LOC,
  /// The same, counted from the end of the field. Linux: `__rel_loc`.
  REL_LOC;

  /// Whether what follows the field in its event begins at a place that the data says.
  boolean isVariable() {
    return this == TERMINATED || this == TERMINATED_UTF16 || this == LENGTH_PREFIXED;
  }

  /// Whether the content lies elsewhere in the event.
  boolean isElsewhere() {
    return this == DATA_LOC || this == REL_LOC;
  }
}
