package io.photophone.events.symbols;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How to unwind the functions of an x86-64 program or library: a copy of its `.eh_frame` and of
/// the sorted table in `.eh_frame_hdr`. Immutable; look-ups take no lock.
///
/// ```
/// .eh_frame_hdr   version 1   encodings of pointer, count, table   pointer to .eh_frame   count
///                 table of (start of function, its entry), both 32 bits relative to the section
/// ```
///
/// Source: Linux Standard Base, "Exception Frames". aarch64 isn't unwound: another machine is
/// refused.
public final class EhFrame {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int ENTRY_BYTES = 8;

  /// The largest known are a tenth of it.
  private static final long MOST_BYTES = 1 << 28;

  /// An image without any.
  static final EhFrame NONE = new EhFrame(new byte[0], 0, 0, 0, new byte[0], 0);

  private final MemorySegment header;
  private final long headerAddress;
  private final int tableAt;
  private final int count;
  private final MemorySegment frames;
  private final long framesAddress;

  /// What a look-up found.
  enum Found {
    YES,
    NOT_COVERED,
    DAMAGED,
    UNSUPPORTED
  }

  private EhFrame(
      byte[] header,
      long headerAddress,
      int tableAt,
      int count,
      byte[] frames,
      long framesAddress) {
    this.header = MemorySegment.ofArray(header);
    this.headerAddress = headerAddress;
    this.tableAt = tableAt;
    this.count = count;
    this.frames = MemorySegment.ofArray(frames);
    this.framesAddress = framesAddress;
  }

  /// Reads an ELF file's; one without a sorted table unwinds nothing.
  public static EhFrame read(Path file) throws IOException {
    return new ElfSource.File(file).parse(EhFrame::of);
  }

  static EhFrame of(Elf elf) throws SymbolException {
    if (elf.machine() != Elf.X86_64) {
      throw SymbolException.of(
          elf.place() + ": machine", Integer.toString(elf.machine()), "62 (x86-64)");
    }
    Elf.Segment segment = elf.segmentOfType(Elf.EH_FRAME_HEADER);
    if (segment == null) {
      return NONE;
    }
    Bytes header = elf.part(segment.offset(), segment.fileSize(), ".eh_frame_hdr");
    var cursor = new DwarfCursor();
    cursor.over(header.data(), 0, header.size());
    int version = cursor.u8();
    int pointerEncoding = cursor.u8();
    int countEncoding = cursor.u8();
    int tableEncoding = cursor.u8();
    if (version != 1 || tableEncoding != 0x3b || countEncoding == DwarfCursor.OMITTED) {
      throw SymbolException.of(
          header.place() + ": version, encodings of the count and the table",
          "%d, 0x%02x, 0x%02x".formatted(version, countEncoding, tableEncoding),
          "1, a count, 0x3b");
    }
    long framesAddress = cursor.pointer(pointerEncoding, segment.address(), segment.address());
    long count = cursor.pointer(countEncoding, segment.address(), segment.address());
    if (cursor.failed()) {
      throw SymbolException.of(header.place(), "damaged", "pointer and count in known encodings");
    }
    long most = (header.size() - cursor.position()) / ENTRY_BYTES;
    if (count < 0 || count > most) {
      throw SymbolException.outOfRange(header.place() + ": count", count, 0, most);
    }
    Bytes frames = frames(elf, framesAddress);
    checkSize(header);
    checkSize(frames);
    return new EhFrame(
        header.copy(),
        segment.address(),
        (int) cursor.position(),
        (int) count,
        frames.copy(),
        framesAddress);
  }

  private static Bytes frames(Elf elf, long address) throws SymbolException {
    Elf.Section section = elf.sectionNamed(".eh_frame");
    if (section != null && section.address() == address) {
      return elf.content(section);
    }
    Elf.Segment segment = loaded(elf, address);
    if (segment == null) {
      throw SymbolException.of(
          elf.place() + ": address of .eh_frame", "0x%x".formatted(address), "a loaded address");
    }
    long skipped = address - segment.address();
    return elf.part(segment.offset() + skipped, segment.fileSize() - skipped, ".eh_frame");
  }

  private static Elf.@Nullable Segment loaded(Elf elf, long address) throws SymbolException {
    for (int i = 0; i < elf.segmentCount(); i++) {
      Elf.Segment segment = elf.segment(i);
      if (segment.type() == Elf.LOAD
          && Long.compareUnsigned(address - segment.address(), segment.fileSize()) < 0) {
        return segment;
      }
    }
    return null;
  }

  private static void checkSize(Bytes bytes) throws SymbolException {
    if (bytes.size() > MOST_BYTES) {
      throw SymbolException.outOfRange(bytes.place() + ": size", bytes.size(), 0, MOST_BYTES);
    }
  }

  /// Functions that can be unwound.
  public int size() {
    return count;
  }

  /// Bytes of memory held.
  public long memoryBytes() {
    return header.byteSize() + frames.byteSize();
  }

  /// Finds the rules at an address that the file speaks of; `decoder` has them on `YES`.
  Found find(long address, FrameDecoder decoder) {
    long wanted = address - headerAddress;
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (header.get(INT, tableAt + (long) middle * ENTRY_BYTES) <= wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return Found.NOT_COVERED;
    }
    int entry = header.get(INT, tableAt + (low - 1L) * ENTRY_BYTES + 4);
    return decoder.decode(frames, framesAddress, headerAddress + entry - framesAddress, address);
  }

  MemorySegment frames() {
    return frames;
  }
}
