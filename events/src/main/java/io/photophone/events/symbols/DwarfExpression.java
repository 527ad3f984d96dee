package io.photophone.events.symbols;

import java.lang.foreign.MemorySegment;

/// Evaluates the few kinds of expressions that `.eh_frame` has on x86-64: those of procedure
/// linkage tables, of signal frames and of realigned stacks.
///
/// Source: DWARF 5, section 2.5.
final class DwarfExpression {
  private static final int DEEPEST = 16;

  private final DwarfCursor cursor = new DwarfCursor();
  private final long[] stack = new long[DEEPEST];
  private int depth;
  private boolean unsupported;

  /// Evaluates the expression whose length is at `at`; `failed` tells whether that worked.
  ///
  /// @param initial is on the stack at the start, if `hasInitial`
  long evaluate(
      MemorySegment bytes,
      long at,
      Registers registers,
      StackCopy memory,
      boolean hasInitial,
      long initial) {
    depth = 0;
    unsupported = false;
    cursor.over(bytes, at, bytes.byteSize());
    long length = cursor.uleb();
    cursor.limit(cursor.position() + length);
    if (hasInitial) {
      push(initial);
    }
    while (cursor.hasMore() && !unsupported) {
      step(cursor.u8(), registers, memory);
    }
    return pop();
  }

  boolean failed() {
    return unsupported || cursor.failed();
  }

  private void step(int operation, Registers registers, StackCopy memory) {
    if (operation >= 0x30 && operation <= 0x4f) {
      push(operation - 0x30L);
    } else if (operation >= 0x70 && operation <= 0x8f) {
      long offset = cursor.sleb();
      int register = operation - 0x70;
      unsupported |= !registers.isKnown(register);
      push(registers.get(register) + offset);
    } else {
      switch (operation) {
        case 0x06 -> push(memory.read(pop()));
        case 0x08 -> push(cursor.u8());
        case 0x09 -> push(cursor.s8());
        case 0x0a -> push(cursor.u16());
        case 0x0b -> push((short) cursor.u16());
        case 0x0c -> push(cursor.u32());
        case 0x0d -> push(cursor.i32());
        case 0x0e, 0x0f -> push(cursor.i64());
        case 0x10 -> push(cursor.uleb());
        case 0x11 -> push(cursor.sleb());
        case 0x23 -> push(pop() + cursor.uleb());
        default -> twoOperands(operation);
      }
    }
  }

  private void twoOperands(int operation) {
    long right = pop();
    long left = pop();
    switch (operation) {
      case 0x1a -> push(left & right);
      case 0x1c -> push(left - right);
      case 0x22 -> push(left + right);
      case 0x24 -> push(right >= 0 && right < 64 ? left << right : 0);
      case 0x29 -> push(left == right ? 1 : 0);
      case 0x2a -> push(left >= right ? 1 : 0);
      case 0x2b -> push(left > right ? 1 : 0);
      case 0x2c -> push(left <= right ? 1 : 0);
      case 0x2d -> push(left < right ? 1 : 0);
      default -> unsupported = true;
    }
  }

  private void push(long value) {
    if (depth == DEEPEST) {
      unsupported = true;
    } else {
      stack[depth++] = value;
    }
  }

  private long pop() {
    if (depth == 0) {
      unsupported = true;
      return 0;
    }
    return stack[--depth];
  }
}
