package io.photophone.events;

/// A part of a record that each record has elsewhere or not at all, such as the call chain of a
/// sample: whoever takes records apart sets it for each, callbacks read it through
/// [EventData#longOf(DataField, int)]. One thread at a time, that of the callbacks. Contract: V9.
public final class DataField {
  private static final int ABSENT = -1;

  private final String name;
  private int offset = ABSENT;
  private int length;

  public DataField(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  /// Says where the record has it.
  ///
  /// @param offset bytes from the start of the record
  /// @param length bytes
  public void set(int offset, int length) {
    this.offset = offset;
    this.length = length;
  }

  /// The record doesn't have it.
  public void clear() {
    offset = ABSENT;
    length = 0;
  }

  public boolean isPresent() {
    return offset != ABSENT;
  }

  /// Bytes from the start of the record; -1 where it doesn't have it.
  public int offset() {
    return offset;
  }

  /// Bytes; 0 where the record doesn't have it.
  public int length() {
    return length;
  }
}
