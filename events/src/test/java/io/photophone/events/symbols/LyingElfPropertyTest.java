package io.photophone.events.symbols;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Files that lie, made of a small built library and a real one by changing headers, notes, symbols
/// and frames: each is read or refused by a `SymbolException`, in a time and with memory that the
/// file's size bounds, whatever it claims.
///
/// System properties: `events.fuzz.files`, their number, and `events.seed`.
@Tag("V11")
@Tag("V19")
final class LyingElfPropertyTest {
  private static final int FILES = Integer.getInteger("events.fuzz.files", 20_000);
  private static final long SEED = Long.getLong("events.seed", System.nanoTime());

  /// A pause of the collector or of the machine is no hang.
  private static final long LONGEST_NANOS = 2_000_000_000L;

  private static final long STACK = 0x7ff0_0000_0000L;

  private static final long[] EXTREMES = {
    0,
    1,
    2,
    7,
    0x7f,
    0x80,
    0xff,
    0xffff,
    0x7fffffffL,
    0x80000000L,
    0xffffffffL,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -8,
    -0x1000
  };

  private final HybridUnwinder unwinder = new HybridUnwinder();
  private final long[] frames = new long[64];
  private final MemorySegment stack = MemorySegment.ofArray(new byte[512]);
  private int refused;
  private int symbols;
  private int unwound;

  @Test
  void a_file_that_lies_is_read_or_refused_but_never_trusted() throws IOException {
    System.out.printf("-Devents.seed=%d -Devents.fuzz.files=%d%n", SEED, FILES);
    List<byte[]> originals = originals();
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < FILES; i++) {
      var random = new Random(SEED + i);
      byte[] file = originals.get(i % originals.size()).clone();
      byte[] lying = lie(file, random);
      long allocated = threads.getCurrentThreadAllocatedBytes();
      long nanos = System.nanoTime();
      try {
        read(lying, random);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("-Devents.seed=%d".formatted(SEED + i), e);
      }
      nanos = System.nanoTime() - nanos;
      allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
      String which = "-Devents.seed=%d: ".formatted(SEED + i);
      assertTrue(nanos < LONGEST_NANOS, which + nanos + " ns");
      assertTrue(allocated < (4L << 20) + 64L * file.length, which + allocated + " bytes");
    }
    System.out.printf(
        "%d parts refused, %d symbols, %d frames unwound%n", refused, symbols, unwound);
    // Lies of all kinds: some are seen, some can't be.
    assertTrue(refused > FILES / 10 && symbols > FILES / 10 && unwound > FILES / 50, "too tame");
  }

  private void read(byte[] file, Random random) {
    ElfSource source = ElfBytes.source(file);
    refusing(() -> {
      SymbolTable table = SymbolTable.read(new ElfSymbols(source, DebugFiles.ofSystem()));
      symbols += table.size();
      for (int i = 0; i < 8; i++) {
        int found = table.find(address(random));
        if (found >= 0) {
          table.name(found);
        }
      }
    });
    refusing(() -> source.parse(UsdtNotes::of).forEach(UsdtProbe::operands));
    refusing(() -> source.parse(ElfNotes::buildId));
    refusing(() -> source.parse(DebugFiles.Wanted::of));
    ElfImage image = ElfImage.of("lying", MemorySegment.ofArray(file));
    if (image.framesOrNull() == null) {
      refused++;
      return;
    }
    CodeRange range = new CodeRange.InFile(0, 0x8000, 0, image);
    for (int i = 0; i < 64; i++) {
      // Return addresses into the file's code, and frame pointers.
      long value = random.nextBoolean() ? random.nextInt(0x1200) : STACK + random.nextInt(512);
      stack.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, value);
    }
    for (int i = 0; i < 8; i++) {
      long ip = random.nextInt(0x1200);
      unwound +=
          unwinder.unwind(
                  address -> address >= 0 && address < 0x8000 ? range : null,
                  ip,
                  STACK,
                  STACK + 0x40,
                  stack,
                  frames)
              - 1;
    }
    image.nameAt(random.nextInt(0x1000));
  }

  private void refusing(Reading reading) {
    try {
      reading.read();
    } catch (SymbolException e) {
      refused++;
      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains(" is ") && message.contains("allowed: "), message);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @FunctionalInterface
  private interface Reading {
    void read() throws IOException;
  }

  private static long address(Random random) {
    return random.nextBoolean() ? random.nextInt(0x2000) : random.nextLong();
  }

  private static byte[] lie(byte[] file, Random random) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int headersAt = (int) bytes.getLong(40);
    int headers = bytes.getShort(60);
    int segments = bytes.getShort(56);
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      switch (random.nextInt(5)) {
        case 0 -> put(bytes, 4 + random.nextInt(60), random);
        case 1 -> put(bytes, 64 + random.nextInt(56 * segments + 1), random);
        case 2 -> put(bytes, headersAt + random.nextInt(64 * headers), random);
        case 3 -> put(bytes, random.nextInt(file.length), random);
        default -> garble(bytes, headersAt + 64 * random.nextInt(headers), random);
      }
    }
    return random.nextInt(20) > 0 ? file : Arrays.copyOf(file, random.nextInt(file.length));
  }

  /// Changes a few bytes of a section's content.
  private static void garble(ByteBuffer bytes, int header, Random random) {
    long offset = bytes.getLong(header + 24);
    long size = bytes.getLong(header + 32);
    if (size > 0 && size <= bytes.capacity() && offset >= 0 && offset < bytes.capacity() - size) {
      for (int i = random.nextInt(8); i >= 0; i--) {
        bytes.put((int) (offset + random.nextLong(size)), (byte) random.nextInt(256));
      }
    }
  }

  private static void put(ByteBuffer bytes, int at, Random random) {
    long value =
        random.nextBoolean() ? EXTREMES[random.nextInt(EXTREMES.length)] : random.nextInt(0x1000);
    switch (random.nextInt(4)) {
      case 0 -> bytes.put(Math.min(at, bytes.capacity() - 1), (byte) value);
      case 1 -> bytes.putShort(Math.min(at, bytes.capacity() - 2), (short) value);
      case 2 -> bytes.putInt(Math.min(at & ~3, bytes.capacity() - 4), (int) value);
      default -> bytes.putLong(Math.min(at & ~7, bytes.capacity() - 8), value);
    }
  }

  private static List<byte[]> originals() throws IOException {
    var originals = new ArrayList<byte[]>();
    originals.add(ElfFixture.library());
    Path libraries = Path.of(System.getProperty("java.home"), "lib");
    try (Stream<Path> files = Files.list(libraries)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".so")).toList()) {
        byte[] bytes = Files.size(file) < 20_000 ? Files.readAllBytes(file) : new byte[64];
        if (bytes[0] == 0x7f && bytes[4] == 2 && bytes[18] == 62 && originals.size() < 3) {
          originals.add(bytes);
        }
      }
    }
    return originals;
  }
}
