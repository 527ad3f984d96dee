package io.photophone.events;

/// What the bytes of a field mean.
public enum FieldKind {
  /// One integer of 1, 2, 4 or 8 bytes.
  INTEGER,
  /// Integers of 1, 2, 4 or 8 bytes each, side by side.
  INTEGERS,
  /// One number of IEEE 754, of 4 or 8 bytes.
  FLOAT,
  /// UTF-8, up to the first zero byte or the end of the field.
  TEXT,
  /// UTF-16 in the order of the format, up to the first zero unit or the end of the field.
  TEXT_UTF16,
  /// Anything else.
  BYTES
}
