package io.photophone.events.symbols;

/// A thread's registers by DWARF's numbers, as far as they are known.
final class Registers {
  private final long[] values = new long[UnwindRow.REGISTERS];
  private int known;

  void clear() {
    known = 0;
  }

  void set(int register, long value) {
    values[register] = value;
    known |= 1 << register;
  }

  void forget(int register) {
    known &= ~(1 << register);
  }

  boolean isKnown(int register) {
    return register >= 0 && register < UnwindRow.REGISTERS && (known & (1 << register)) != 0;
  }

  /// The value, or 0 if it isn't known.
  long get(int register) {
    return isKnown(register) ? values[register] : 0;
  }
}
