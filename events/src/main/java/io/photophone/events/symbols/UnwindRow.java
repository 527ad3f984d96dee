package io.photophone.events.symbols;

import java.util.Arrays;

/// How to find the caller's registers at one address: a row of the table that `.eh_frame`
/// describes. Reused from frame to frame; owned by one thread.
///
/// Registers have DWARF's numbers for x86-64: 3 rbx, 6 rbp, 7 rsp, 12 to 15, 16 return address.
final class UnwindRow {
  static final int REGISTERS = 17;
  static final int RBP = 6;
  static final int RSP = 7;
  static final int RETURN_ADDRESS = 16;

  /// The value is what it was.
  static final byte SAME = 0;

  /// There is no value: for a return address, the end of the stack.
  static final byte UNDEFINED = 1;

  /// Saved at CFA plus `value`.
  static final byte AT_OFFSET = 2;

  /// Is CFA plus `value`.
  static final byte IS_OFFSET = 3;

  /// In register `value`.
  static final byte IN_REGISTER = 4;

  /// Saved at the address that the expression at `value` gives.
  static final byte AT_EXPRESSION = 5;

  /// What the expression at `value` gives.
  static final byte IS_EXPRESSION = 6;

  final byte[] kinds = new byte[REGISTERS];
  final long[] values = new long[REGISTERS];

  /// Register of the canonical frame address, or -1 if an expression at `cfaValue` gives it.
  int cfaRegister;

  long cfaValue;

  /// The frame of a signal: its return address is where the thread was interrupted.
  boolean signal;

  void clear() {
    Arrays.fill(kinds, SAME);
    cfaRegister = RSP;
    cfaValue = 0;
    signal = false;
  }

  void set(int register, byte kind, long value) {
    kinds[register] = kind;
    values[register] = value;
  }

  void copyRules(UnwindRow from) {
    System.arraycopy(from.kinds, 0, kinds, 0, REGISTERS);
    System.arraycopy(from.values, 0, values, 0, REGISTERS);
    cfaRegister = from.cfaRegister;
    cfaValue = from.cfaValue;
  }

  void copyRule(UnwindRow from, int register) {
    kinds[register] = from.kinds[register];
    values[register] = from.values[register];
  }
}
