package io.photophone.events.symbols;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Finds the callers of a thread of x86-64 from its registers and a copy of its stack: by
/// `.eh_frame` in programs and libraries, by frame pointers in code made at run time, whatever the
/// order of both. aarch64 isn't unwound.
///
/// Compiled Java keeps frame pointers with `-XX:+PreserveFramePointer`; the interpreter and stubs
/// always do. A thread that is interrupted in compiled code before it has set its frame pointer
/// loses one caller.
///
/// One for each thread. `unwind` doesn't allocate, apart from what an image reads at its first use;
/// never reads outside the copy; and doesn't throw on bad data.
///
/// Contract: V19.
public final class HybridUnwinder {
  /// Why there are no more frames.
  public enum Stop {
    /// The thread's first function was reached.
    COMPLETE,
    /// There is no room for more.
    FULL,
    /// The rest is beyond the copy of the stack.
    STACK_TRUNCATED,
    /// The file has no entry for the function, or can't be read; `ElfImage.frames` tells why.
    NO_FRAME_INFORMATION,
    /// The entry needs a register that isn't known or an instruction that isn't supported.
    UNSUPPORTED,
    /// The entry contradicts itself.
    DAMAGED,
    /// There is no frame where the frame pointer or the entry says that there is one.
    BROKEN_CHAIN,
    /// The return address isn't one of code.
    UNMAPPED
  }

  private static final int[] SAVED_BY_CALLEE = {3, UnwindRow.RBP, 12, 13, 14, 15};

  private final FrameDecoder decoder = new FrameDecoder();
  private final DwarfExpression expression = new DwarfExpression();
  private final StackCopy memory = new StackCopy();
  private final Map<Stop, LongAdder> stops = new EnumMap<>(Stop.class);
  private Registers registers = new Registers();
  private Registers caller = new Registers();
  private Stop stop = Stop.COMPLETE;

  /// Whether the address of the frame is where the thread is, rather than where it returns to.
  private boolean exact;

  /// An unwinder with all its memory.
  public HybridUnwinder() {
    for (Stop reason : Stop.values()) {
      stops.put(reason, new LongAdder());
    }
  }

  /// Writes the address of the innermost frame and the return addresses of those around it.
  ///
  /// A return address is that of the instruction after the call: the name of its function is that
  /// at the address minus one.
  ///
  /// @param ip address of the next instruction (`rip`)
  /// @param sp stack pointer (`rsp`), address of the first byte of `stack`
  /// @param fp frame pointer (`rbp`)
  /// @return frames written; `stop` tells why there are no more
  public int unwind(
      AddressSpace space, long ip, long sp, long fp, MemorySegment stack, long[] into) {
    registers.clear();
    registers.set(UnwindRow.RETURN_ADDRESS, ip);
    registers.set(UnwindRow.RSP, sp);
    registers.set(UnwindRow.RBP, fp);
    memory.over(stack, sp);
    exact = true;
    int depth = 0;
    Stop found = null;
    while (found == null) {
      if (depth == into.length) {
        found = Stop.FULL;
      } else {
        long address = registers.get(UnwindRow.RETURN_ADDRESS);
        CodeRange range = space.rangeAt(exact ? address : address - 1);
        if (range != null || depth == 0) {
          into[depth++] = address;
        }
        found = range == null ? Stop.UNMAPPED : step(range);
      }
    }
    stop = found;
    counter(found).increment();
    return depth;
  }

  /// Why the last `unwind` ended.
  public Stop stop() {
    return stop;
  }

  /// How many ended so since this unwinder was made. Any thread may ask.
  public long count(Stop reason) {
    return counter(reason).sum();
  }

  private LongAdder counter(Stop reason) {
    return Objects.requireNonNull(stops.get(reason));
  }

  private @Nullable Stop step(CodeRange range) {
    return switch (range) {
      case CodeRange.InFile file -> stepByTable(file);
      case CodeRange.Anonymous _ -> stepByFramePointer();
    };
  }

  private @Nullable Stop stepByFramePointer() {
    long fp = registers.get(UnwindRow.RBP);
    long sp = registers.get(UnwindRow.RSP);
    memory.forgetOutside();
    long callersFp = memory.read(fp);
    long returnAddress = memory.read(fp + 8);
    if (memory.wasOutside()) {
      return outside();
    }
    if (Long.compareUnsigned(fp, sp) < 0 || returnAddress == 0) {
      return Stop.BROKEN_CHAIN;
    }
    // Compiled Java saves no other register.
    registers.clear();
    registers.set(UnwindRow.RSP, fp + 16);
    registers.set(UnwindRow.RBP, callersFp);
    registers.set(UnwindRow.RETURN_ADDRESS, returnAddress);
    exact = false;
    return null;
  }

  private @Nullable Stop stepByTable(CodeRange.InFile file) {
    EhFrame frames = file.image().framesOrNull();
    Segments segments = file.image().segmentsOrNull();
    if (frames == null || segments == null) {
      return Stop.NO_FRAME_INFORMATION;
    }
    long inProcess = registers.get(UnwindRow.RETURN_ADDRESS) - (exact ? 0 : 1);
    long address = segments.addressOf(inProcess - file.start() + file.fileOffset());
    return switch (frames.find(address, decoder)) {
      case NOT_COVERED -> Stop.NO_FRAME_INFORMATION;
      case DAMAGED -> Stop.DAMAGED;
      case UNSUPPORTED -> Stop.UNSUPPORTED;
      case YES -> apply(decoder.row(), frames.frames());
    };
  }

  private @Nullable Stop apply(UnwindRow row, MemorySegment frames) {
    memory.forgetOutside();
    long cfa;
    if (row.cfaRegister < 0) {
      cfa = expression.evaluate(frames, row.cfaValue, registers, memory, false, 0);
      if (memory.wasOutside()) {
        return outside();
      }
      if (expression.failed()) {
        return Stop.UNSUPPORTED;
      }
    } else {
      if (!registers.isKnown(row.cfaRegister)) {
        return Stop.UNSUPPORTED;
      }
      cfa = registers.get(row.cfaRegister) + row.cfaValue;
    }
    // A signal's handler may have a stack of its own, above or below.
    if (!row.signal && Long.compareUnsigned(cfa, registers.get(UnwindRow.RSP)) <= 0) {
      return Stop.BROKEN_CHAIN;
    }
    byte returnKind = row.kinds[UnwindRow.RETURN_ADDRESS];
    if (returnKind == UnwindRow.UNDEFINED) {
      return Stop.COMPLETE;
    }
    if (returnKind == UnwindRow.SAME) {
      return Stop.DAMAGED;
    }
    caller.clear();
    caller.set(UnwindRow.RSP, cfa);
    for (int register : SAVED_BY_CALLEE) {
      if (registers.isKnown(register)) {
        caller.set(register, registers.get(register));
      }
    }
    for (int register = 0; register < UnwindRow.RETURN_ADDRESS; register++) {
      if (row.kinds[register] != UnwindRow.SAME) {
        restore(row, register, cfa, frames);
      }
    }
    if (!restore(row, UnwindRow.RETURN_ADDRESS, cfa, frames)) {
      return memory.wasOutside() ? outside() : Stop.UNSUPPORTED;
    }
    Registers old = registers;
    registers = caller;
    caller = old;
    exact = row.signal;
    return registers.get(UnwindRow.RETURN_ADDRESS) == 0 ? Stop.COMPLETE : null;
  }

  private Stop outside() {
    return memory.wasTruncated() ? Stop.STACK_TRUNCATED : Stop.BROKEN_CHAIN;
  }

  /// Sets the caller's register by its rule.
  ///
  /// @return false if its value can't be known
  private boolean restore(UnwindRow row, int register, long cfa, MemorySegment frames) {
    memory.forgetOutside();
    long operand = row.values[register];
    boolean known = true;
    long value = 0;
    switch (row.kinds[register]) {
      case UnwindRow.AT_OFFSET -> value = memory.read(cfa + operand);
      case UnwindRow.IS_OFFSET -> value = cfa + operand;
      case UnwindRow.IN_REGISTER -> {
        known = operand < UnwindRow.REGISTERS && registers.isKnown((int) operand);
        value = known ? registers.get((int) operand) : 0;
      }
      case UnwindRow.AT_EXPRESSION -> {
        long at = expression.evaluate(frames, operand, registers, memory, true, cfa);
        known = !expression.failed();
        value = memory.read(at);
      }
      case UnwindRow.IS_EXPRESSION -> {
        value = expression.evaluate(frames, operand, registers, memory, true, cfa);
        known = !expression.failed();
      }
      default -> known = false;
    }
    if (!known || memory.wasOutside()) {
      caller.forget(register);
      return false;
    }
    caller.set(register, value);
    return true;
  }
}
