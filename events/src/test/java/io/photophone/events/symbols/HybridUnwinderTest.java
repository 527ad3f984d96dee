package io.photophone.events.symbols;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.photophone.events.symbols.HybridUnwinder.Stop;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V19")
final class HybridUnwinderTest {
  private static final long LIBRARY = 0x7f0000000000L;
  private static final long OUTER = LIBRARY;
  private static final long LAST = LIBRARY + 0x80;
  private static final long CODE = 0x7e0000000000L;
  private static final long STACK = 0x7fff00000000L;

  private final HybridUnwinder unwinder = new HybridUnwinder();
  private final ByteBuffer stack = ElfBytes.little(0x400);
  private final CodeRange library =
      new CodeRange.InFile(
          LIBRARY,
          LIBRARY + 0x100,
          ElfBytes.CONTENT_AT,
          ElfImage.of("library", MemorySegment.ofArray(ElfFixture.library())));
  private final CodeRange compiled = new CodeRange.Anonymous(CODE, CODE + 0x1000);

  @Test
  void a_stack_through_files_and_compiled_code_is_unwound_to_its_start() {
    // outer, called by compiled code, called by compiled code, called by outer, called by last.
    frame(0x10, 0x40, CODE + 0x100);
    frame(0x40, 0x80, CODE + 0x200);
    frame(0x80, 0xc0, OUTER + 0x30);
    frame(0xc0, 0x100, LAST + 0x10);
    assertUnwound(
        OUTER + 0x20,
        0,
        0x10,
        Stop.COMPLETE,
        OUTER + 0x20,
        CODE + 0x100,
        CODE + 0x200,
        OUTER + 0x30,
        LAST + 0x10);
  }

  @Test
  void the_rules_of_the_very_instruction_are_used() {
    // Nothing is pushed yet: the return address is on top.
    put(0, LAST + 1);
    assertUnwound(OUTER, 0, 0x7777, Stop.COMPLETE, OUTER, LAST + 1);
    // The frame pointer is pushed but not yet set.
    put(0, 0x1234);
    put(8, LAST + 1);
    assertUnwound(OUTER + 1, 0, 0x7777, Stop.COMPLETE, OUTER + 1, LAST + 1);
    assertUnwound(OUTER + 3, 0, 0x7777, Stop.COMPLETE, OUTER + 3, LAST + 1);
    // From here on the frame pointer is the frame.
    assertUnwound(OUTER + 4, 0, 0, Stop.COMPLETE, OUTER + 4, LAST + 1);
  }

  @Test
  void a_return_address_belongs_to_the_call_before_it() {
    // The address after the end of outer is still outer's.
    frame(0x10, 0x40, OUTER + 0x40);
    frame(0x40, 0x80, LAST + 1);
    assertUnwound(OUTER + 0x20, 0, 0x10, Stop.COMPLETE, OUTER + 0x20, OUTER + 0x40, LAST + 1);
    // But a thread that was interrupted there isn't in it.
    assertUnwound(OUTER + 0x40, 0, 0x10, Stop.NO_FRAME_INFORMATION, OUTER + 0x40);
  }

  @Test
  void a_call_that_is_the_last_instruction_of_its_mapping_returns_behind_it() {
    frame(0x10, 0x40, CODE + 0x1000);
    frame(0x40, 0x80, LAST + 1);
    assertUnwound(CODE, 0, 0x10, Stop.COMPLETE, CODE, CODE + 0x1000, LAST + 1);
    assertUnwound(CODE + 0x1000, 0, 0x10, Stop.UNMAPPED, CODE + 0x1000);
  }

  @Test
  void frames_beyond_the_copy_are_told() {
    frame(0x10, 0x400, CODE + 0x100);
    assertUnwound(OUTER + 0x20, 0, 0x10, Stop.STACK_TRUNCATED, OUTER + 0x20, CODE + 0x100);
    frame(0x10, 0x3f8, OUTER + 0x30);
    assertUnwound(OUTER + 0x20, 0, 0x10, Stop.STACK_TRUNCATED, OUTER + 0x20, OUTER + 0x30);
  }

  @Test
  void a_frame_pointer_that_points_elsewhere_is_a_broken_chain() {
    assertUnwound(CODE, 0, -8, Stop.BROKEN_CHAIN, CODE);
    assertUnwound(CODE, 0, 0x10_0000_0000L, Stop.BROKEN_CHAIN, CODE);
    // To itself.
    frame(0x10, 0x10, CODE + 0x100);
    assertUnwound(CODE, 0, 0x10, Stop.BROKEN_CHAIN, CODE, CODE + 0x100);
    // To a frame without a return address.
    frame(0x10, 0x40, 0);
    assertUnwound(CODE, 0, 0x10, Stop.BROKEN_CHAIN, CODE);
  }

  @Test
  void a_return_address_without_code_is_no_frame() {
    frame(0x10, 0x40, 0x1234);
    assertUnwound(CODE, 0, 0x10, Stop.UNMAPPED, CODE);
    assertUnwound(0x1234, 0, 0x10, Stop.UNMAPPED, 0x1234);
  }

  @Test
  void the_caller_s_array_bounds_the_frames() {
    frame(0x10, 0x40, CODE + 0x100);
    frame(0x40, 0x80, CODE + 0x200);
    long[] into = new long[2];
    assertEquals(2, unwinder.unwind(this::rangeAt, CODE, STACK, STACK + 0x10, copy(), into));
    assertEquals(Stop.FULL, unwinder.stop());
    assertEquals(CODE + 0x100, into[1]);
    assertEquals(1, unwinder.count(Stop.FULL));
    assertEquals(0, unwinder.unwind(this::rangeAt, CODE, STACK, 0, copy(), new long[0]));
  }

  @Test
  void an_image_that_cannot_be_read_has_no_frames_and_says_why() {
    ElfImage image = ElfImage.of(Path.of("none"));
    CodeRange range = new CodeRange.InFile(LIBRARY, LIBRARY + 0x100, 0, image);
    long[] into = new long[8];
    assertEquals(1, unwinder.unwind(_ -> range, OUTER, STACK, 0, copy(), into));
    assertEquals(Stop.NO_FRAME_INFORMATION, unwinder.stop());
    assertTrue(String.valueOf(image.failure()).contains("none"), "the reason");
  }

  @Test
  void unwinding_does_not_allocate() {
    frame(0x10, 0x40, CODE + 0x100);
    frame(0x40, 0x80, OUTER + 0x30);
    frame(0x80, 0xc0, LAST + 0x10);
    MemorySegment copy = copy();
    long[] into = new long[16];
    AddressSpace space = this::rangeAt;
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 10; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 20_000; i++) {
        unwinder.unwind(space, OUTER + 0x20, STACK, STACK + 0x10, copy, into);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least < 1000, least + " bytes for 20000 stacks");
  }

  @Test
  void a_waiting_java_thread_is_unwound_from_the_kernel_s_entry_to_the_thread_s_start()
      throws Exception {
    Binutils.jvmLibrary();
    try (var thread = new WaitingThread()) {
      ProcessSymbols process = ProcessSymbols.of(ProcessHandle.current().pid(), new ElfImages());
      long[] into = new long[256];
      int depth = unwinder.unwind(process, thread.ip(), thread.sp(), 0, thread.stack(), into);
      List<String> names =
          Arrays.stream(into, 0, depth)
              .mapToObj(address -> String.valueOf(process.nameAt(address - 1)))
              .toList();
      assertEquals(Stop.COMPLETE, unwinder.stop(), names::toString);
      assertTrue(names.contains("JVM_MonitorWait"), names::toString);
      assertTrue(names.stream().anyMatch(name -> name.contains("thread_native_entry")), "start");
      MemorySegment half = thread.stack().asSlice(0, 256);
      int fewer = unwinder.unwind(process, thread.ip(), thread.sp(), 0, half, into);
      assertTrue(fewer < depth, "frames in 256 bytes: " + fewer);
      assertEquals(Stop.STACK_TRUNCATED, unwinder.stop());
    }
  }

  @Test
  void every_function_of_the_running_jvm_has_rules_that_are_understood() throws IOException {
    Path library = Binutils.jvmLibrary();
    EhFrame frames = EhFrame.read(library);
    SymbolTable symbols = SymbolTable.read(ElfSymbols.of(library));
    var decoder = new FrameDecoder();
    int understood = 0;
    int refused = 0;
    for (int i = 0; i < symbols.size(); i++) {
      for (long address = symbols.start(i); address < symbols.end(i); address += 61) {
        switch (frames.find(address, decoder)) {
          case YES -> understood++;
          case NOT_COVERED -> {}
          case DAMAGED, UNSUPPORTED -> refused++;
        }
      }
    }
    assertTrue(understood > 10_000, understood + " addresses understood");
    assertEquals(0, refused);
  }

  private void assertUnwound(long ip, long sp, long fp, Stop stop, long... expected) {
    long[] into = new long[16];
    MemorySegment copy = copy().asSlice(sp);
    int depth = unwinder.unwind(this::rangeAt, ip, STACK + sp, STACK + fp, copy, into);
    assertArrayEquals(expected, Arrays.copyOf(into, depth));
    assertEquals(stop, unwinder.stop());
  }

  private @Nullable CodeRange rangeAt(long address) {
    if (address >= LIBRARY && address < LIBRARY + 0x100) {
      return library;
    }
    return address >= CODE && address < CODE + 0x1000 ? compiled : null;
  }

  private void frame(int at, int callersAt, long returnAddress) {
    put(at, STACK + callersAt);
    put(at + 8, returnAddress);
  }

  private void put(int at, long value) {
    stack.putLong(at, value);
  }

  private MemorySegment copy() {
    return MemorySegment.ofArray(ElfBytes.bytesOf(stack));
  }
}
