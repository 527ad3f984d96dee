package io.photophone.events.trace;

import io.photophone.events.EventData;
import io.photophone.events.linux.PerfEvents;
import io.photophone.events.symbols.HybridUnwinder;
import java.lang.foreign.MemorySegment;

/// The call stack of a sample: of the kernel as it tells, of the program from its registers and the
/// copy of its stack if the sample has them, and by its frame pointers if not.
///
/// Used by one thread; what was read stays until the next.
final class StackReader {
  private static final int DEEPEST = 1 << 10;

  /// The kernel's marks between addresses are above it.
  private static final long FIRST_MARK = -4095;

  private static final long USER_MARK = -512;

  /// Registers as the kernel numbers them.
  private static final int RBP = 6;

  private static final int RSP = 7;
  private static final int RIP = 8;

  private final PerfEvents events;
  private final CodeRanges code;
  private final boolean unwinds = System.getProperty("os.arch").equals("amd64");
  private final HybridUnwinder unwinder = new HybridUnwinder();
  private final long[] addresses = new long[DEEPEST];
  private final long[] unwound = new long[DEEPEST];
  private final int frame;
  private final int stackPointer;
  private final int instruction;
  private long copies;
  private long incomplete;

  StackReader(PerfEvents events, CodeRanges code) {
    this.events = events;
    this.code = code;
    long mask = events.userRegisterMask();
    frame = place(mask, RBP);
    stackPointer = place(mask, RSP);
    instruction = place(mask, RIP);
  }

  private static int place(long mask, int register) {
    return Long.bitCount(mask & ((1L << register) - 1));
  }

  /// Reads the stack of the event that is told of now. Where a call returns to, the address is that
  /// of the byte before, which is the call's.
  ///
  /// @return how many of [#addresses] it has
  int read(EventData data) {
    int longs = events.callChain().isPresent() ? data.longsOf(events.callChain()) : 0;
    int count = 0;
    int user = -1;
    boolean exact = true;
    for (int i = 0; i < longs && count < DEEPEST; i++) {
      long address = data.longOf(events.callChain(), i);
      if (address < 0 && address >= FIRST_MARK) {
        exact = true;
        if (address == USER_MARK) {
          user = count;
        }
      } else {
        addresses[count++] = exact ? address : address - 1;
        exact = false;
      }
    }
    boolean copied =
        unwinds && events.userStack().isPresent() && events.userRegisters().isPresent();
    return copied ? unwind(data, user < 0 ? count : user, count) : count;
  }

  /// @param from where the program's frames by its frame pointers begin
  private int unwind(EventData data, int from, int count) {
    MemorySegment stack =
        data.segment()
            .asSlice(
                data.recordOffset() + events.userStack().offset(), events.userStack().length());
    int depth =
        unwinder.unwind(
            code.at(data.pid(), data.timeNanos()),
            data.longOf(events.userRegisters(), instruction),
            data.longOf(events.userRegisters(), stackPointer),
            data.longOf(events.userRegisters(), frame),
            stack,
            unwound);
    copies++;
    boolean whole = unwinder.stop() == HybridUnwinder.Stop.COMPLETE;
    incomplete += whole ? 0 : 1;
    if (!whole && depth < count - from) {
      return count;
    }
    int kept = Math.min(depth, DEEPEST - from);
    for (int i = 0; i < kept; i++) {
      addresses[from + i] = i == 0 ? unwound[i] : unwound[i] - 1;
    }
    return from + kept;
  }

  long[] addresses() {
    return addresses;
  }

  /// Stacks that were copied.
  long copies() {
    return copies;
  }

  /// Copied stacks whose end was not reached.
  long incomplete() {
    return incomplete;
  }
}
