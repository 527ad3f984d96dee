package io.photophone.events.symbols;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Runs the call frame instructions of one entry of `.eh_frame` up to an address. One for each
/// unwinding thread; doesn't allocate after its first uses, and doesn't throw on bad data.
///
/// Source: DWARF 5, section 6.4; Linux Standard Base, "Exception Frames".
final class FrameDecoder {
  /// More are seen in no real file.
  private static final int DEEPEST_REMEMBERED = 8;

  private static final int GNU_ARGS_SIZE = 0x2e;

  private final DwarfCursor cursor = new DwarfCursor();
  private final UnwindRow row = new UnwindRow();
  private final UnwindRow initial = new UnwindRow();
  private final UnwindRow[] remembered = new UnwindRow[DEEPEST_REMEMBERED];
  private int depth;

  // Of the common entry (CIE) of the entry that is read.
  private long codeAlignment;
  private long dataAlignment;
  private int pointerEncoding;
  private boolean hasAugmentation;
  private long initialFrom;
  private long initialTo;

  FrameDecoder() {
    for (int i = 0; i < DEEPEST_REMEMBERED; i++) {
      remembered[i] = new UnwindRow();
    }
  }

  /// What `decode` found; valid until the next call.
  UnwindRow row() {
    return row;
  }

  /// Reads the entry (FDE) at `entryAt` for the address.
  ///
  /// @param frames the bytes of `.eh_frame`
  /// @param base address of its first byte
  EhFrame.Found decode(MemorySegment frames, long base, long entryAt, long address) {
    cursor.over(frames, entryAt, frames.byteSize());
    long bodyAt = body(cursor);
    long distance = cursor.u32();
    long end = bodyEnd;
    if (cursor.failed() || distance == 0 || !commonEntry(frames, bodyAt - distance)) {
      return EhFrame.Found.DAMAGED;
    }
    cursor.over(frames, bodyAt + 4, end);
    long start = cursor.pointer(pointerEncoding, base, 0);
    long size = cursor.pointer(pointerEncoding & 0x0f, base, 0);
    if (hasAugmentation) {
      cursor.skip(cursor.uleb());
    }
    if (cursor.failed()) {
      return EhFrame.Found.DAMAGED;
    }
    if (Long.compareUnsigned(address - start, size) >= 0) {
      return EhFrame.Found.NOT_COVERED;
    }
    return run(frames, cursor.position(), end, address - start);
  }

  private long bodyEnd;

  /// Reads the length before an entry's body and sets its end.
  ///
  /// @return where the body starts
  private long body(DwarfCursor at) {
    long length = at.u32();
    if (length == 0xffffffffL) {
      length = at.i64();
    }
    long start = at.position();
    bodyEnd = start + length;
    if (length <= 0 || bodyEnd < start) {
      at.fail();
    } else {
      at.limit(bodyEnd);
    }
    return start;
  }

  /// Reads the common entry at `at`.
  private boolean commonEntry(MemorySegment frames, long at) {
    cursor.over(frames, at, frames.byteSize());
    body(cursor);
    initialTo = bodyEnd;
    long id = cursor.u32();
    int version = cursor.u8();
    if (cursor.failed() || id != 0 || (version != 1 && version != 3)) {
      return false;
    }
    long letters = cursor.position();
    int letter = cursor.u8();
    while (letter != 0 && !cursor.failed()) {
      letter = cursor.u8();
    }
    codeAlignment = cursor.uleb();
    dataAlignment = cursor.sleb();
    long returnRegister = version == 1 ? cursor.u8() : cursor.uleb();
    boolean good = !cursor.failed() && returnRegister == UnwindRow.RETURN_ADDRESS;
    return good && augmentation(frames, letters);
  }

  private boolean augmentation(MemorySegment frames, long letters) {
    pointerEncoding = 0;
    hasAugmentation = false;
    row.clear();
    long dataEnd = cursor.position();
    for (long i = letters; ; i++) {
      switch (frames.get(ValueLayout.JAVA_BYTE, i)) {
        case 0 -> {
          if (hasAugmentation) {
            cursor.moveTo(dataEnd);
          }
          initialFrom = cursor.position();
          return !cursor.failed();
        }
        case 'z' -> {
          hasAugmentation = true;
          long size = cursor.uleb();
          dataEnd = cursor.position() + size;
        }
        case 'R' -> pointerEncoding = cursor.u8();
        case 'L' -> cursor.u8();
        case 'P' -> {
          int encoding = cursor.u8();
          // The personality is passed over, also if it is indirect.
          cursor.pointer(encoding & 0x0f, 0, 0);
        }
        case 'S' -> row.signal = true;
        default -> {
          return false;
        }
      }
    }
  }

  private EhFrame.Found run(MemorySegment frames, long from, long to, long distance) {
    depth = 0;
    initial.copyRules(row);
    if (!execute(frames, initialFrom, initialTo, Long.MAX_VALUE)) {
      return problem();
    }
    initial.copyRules(row);
    return execute(frames, from, to, distance) ? EhFrame.Found.YES : problem();
  }

  private EhFrame.Found problem() {
    return cursor.failed() ? EhFrame.Found.DAMAGED : EhFrame.Found.UNSUPPORTED;
  }

  /// Runs instructions until their place passes `distance`.
  private boolean execute(MemorySegment frames, long from, long to, long distance) {
    cursor.over(frames, from, to);
    long place = 0;
    while (cursor.hasMore()) {
      int instruction = cursor.u8();
      int operand = instruction & 0x3f;
      switch (instruction >>> 6) {
        case 1 -> place += operand * codeAlignment;
        case 2 -> set(operand, UnwindRow.AT_OFFSET, cursor.uleb() * dataAlignment);
        case 3 -> restore(operand);
        default -> {
          if (operand >= 0x02 && operand <= 0x04) {
            place += advance(operand) * codeAlignment;
          } else if (!other(operand)) {
            return false;
          }
        }
      }
      if (place < 0) {
        cursor.fail();
      }
      if (place > distance) {
        break;
      }
    }
    return !cursor.failed();
  }

  private long advance(int instruction) {
    return switch (instruction) {
      case 0x02 -> cursor.u8();
      case 0x03 -> cursor.u16();
      default -> cursor.u32();
    };
  }

  /// @return false if the instruction is unknown
  private boolean other(int instruction) {
    switch (instruction) {
      case 0x00 -> {}
      case 0x05 -> set(register(), UnwindRow.AT_OFFSET, cursor.uleb() * dataAlignment);
      case 0x06 -> restore(register());
      case 0x07 -> set(register(), UnwindRow.UNDEFINED, 0);
      case 0x08 -> set(register(), UnwindRow.SAME, 0);
      case 0x09 -> set(register(), UnwindRow.IN_REGISTER, register());
      case 0x0a -> remember();
      case 0x0b -> recall();
      case 0x0c -> cfa(register(), cursor.uleb());
      case 0x0d -> row.cfaRegister = register();
      case 0x0e -> row.cfaValue = cursor.uleb();
      case 0x0f -> cfa(-1, expression());
      case 0x10 -> set(register(), UnwindRow.AT_EXPRESSION, expression());
      case 0x11 -> set(register(), UnwindRow.AT_OFFSET, cursor.sleb() * dataAlignment);
      case 0x12 -> cfa(register(), cursor.sleb() * dataAlignment);
      case 0x13 -> row.cfaValue = cursor.sleb() * dataAlignment;
      case 0x14 -> set(register(), UnwindRow.IS_OFFSET, cursor.uleb() * dataAlignment);
      case 0x15 -> set(register(), UnwindRow.IS_OFFSET, cursor.sleb() * dataAlignment);
      case 0x16 -> set(register(), UnwindRow.IS_EXPRESSION, expression());
      case GNU_ARGS_SIZE -> cursor.uleb();
      default -> {
        return false;
      }
    }
    return true;
  }

  private int register() {
    long register = cursor.uleb();
    return register >= 0 && register < UnwindRow.REGISTERS
        ? (int) register
        // Vector registers: their rules are read and dropped.
        : UnwindRow.REGISTERS;
  }

  /// @return where the expression's length is
  private long expression() {
    long at = cursor.position();
    cursor.skip(cursor.uleb());
    return at;
  }

  private void cfa(int register, long value) {
    row.cfaRegister = register;
    row.cfaValue = value;
  }

  private void set(int register, byte kind, long value) {
    if (register < UnwindRow.REGISTERS) {
      row.set(register, kind, value);
    }
  }

  private void restore(int register) {
    if (register < UnwindRow.REGISTERS) {
      row.copyRule(initial, register);
    }
  }

  private void remember() {
    if (depth == DEEPEST_REMEMBERED) {
      cursor.fail();
    } else {
      remembered[depth++].copyRules(row);
    }
  }

  private void recall() {
    if (depth == 0) {
      cursor.fail();
    } else {
      row.copyRules(remembered[--depth]);
    }
  }
}
