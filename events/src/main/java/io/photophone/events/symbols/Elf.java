package io.photophone.events.symbols;

import org.jspecify.annotations.Nullable;

/// A little-endian ELF image of 64 bits while it is parsed: its header, sections and segments.
///
/// ```
/// header    0 7f 'E' 'L' 'F'   4 class   5 byte order   16 type   18 machine
///          32 program headers at   40 section headers at   54 size of a program header, 56 their count
///          58 size of a section header, 60 their count, 62 index of the section of names
/// section   0 name   4 type   8 flags   16 address   24 offset   32 size   40 link   44 info   56 entry size
/// segment   0 type   4 flags   8 offset   16 address   32 size in the file   40 size in memory
/// ```
///
/// Source: System V ABI, chapters 4 and 5.
final class Elf {
  static final int SYMTAB = 2;
  static final int NOTE = 7;
  static final int NOBITS = 8;
  static final int DYNSYM = 11;
  static final int EXECUTABLE = 4;
  static final int LOAD = 1;
  static final int EH_FRAME_HEADER = 0x6474e550;
  static final int X86_64 = 62;

  private static final int HEADER_BYTES = 64;
  private static final int SECTION_BYTES = 64;
  private static final int SEGMENT_BYTES = 56;
  private static final int LONGEST_SECTION_NAME = 256;

  /// Real files have under a hundred; object files with a section for each function, which no
  /// process maps, have many.
  private static final long MOST_SECTIONS = 1 << 16;

  private final Bytes bytes;
  private final long sectionsAt;
  private final int sectionCount;
  private final int namesIndex;
  private final long segmentsAt;
  private final int segmentCount;

  private Elf(
      Bytes bytes,
      long sectionsAt,
      int sectionCount,
      int namesIndex,
      long segmentsAt,
      int segmentCount) {
    this.bytes = bytes;
    this.sectionsAt = sectionsAt;
    this.sectionCount = sectionCount;
    this.namesIndex = namesIndex;
    this.segmentsAt = segmentsAt;
    this.segmentCount = segmentCount;
  }

  /// A section header.
  record Section(
      String place,
      int index,
      long nameAt,
      long type,
      long flags,
      long address,
      long offset,
      long size,
      long link,
      long info) {
    boolean isExecutable() {
      return (flags & EXECUTABLE) != 0;
    }
  }

  /// A program header.
  record Segment(long type, long flags, long offset, long address, long fileSize) {}

  static Elf of(Bytes bytes) throws SymbolException {
    String place = bytes.place();
    if (bytes.size() < HEADER_BYTES) {
      throw SymbolException.of(
          place, bytes.size() + " bytes long", "an ELF file of " + HEADER_BYTES + " bytes or more");
    }
    if (bytes.u32(0) != 0x464c457fL) {
      throw SymbolException.of(
          place + ": the first four bytes", "0x%08x".formatted(bytes.u32(0)), "7f 45 4c 46 (ELF)");
    }
    expect(place + ": class", bytes.u8(4), 2, "2 (64 bits)");
    expect(place + ": byte order", bytes.u8(5), 1, "1 (little-endian; big-endian isn't read)");
    expect(place + ": version", bytes.u8(6), 1, "1");
    long sectionsAt = bytes.i64(40);
    long sectionCount = bytes.u16(60);
    long namesIndex = bytes.u16(62);
    if (sectionsAt != 0) {
      expect(place + ": size of a section header", bytes.u16(58), SECTION_BYTES, "64");
      Bytes first = bytes.slice(sectionsAt, SECTION_BYTES, "section header 0");
      // Counts that don't fit into the header are in the first section.
      sectionCount = sectionCount == 0 ? first.i64(32) : sectionCount;
      namesIndex = namesIndex == 0xffff ? first.u32(40) : namesIndex;
      long most = Math.min(MOST_SECTIONS, (bytes.size() - sectionsAt) / SECTION_BYTES);
      checkCount(place + ": count of section headers", sectionCount, most);
    } else {
      sectionCount = 0;
    }
    long segmentsAt = bytes.i64(32);
    long segmentCount = segmentsAt == 0 ? 0 : bytes.u16(56);
    if (segmentCount > 0) {
      expect(place + ": size of a program header", bytes.u16(54), SEGMENT_BYTES, "56");
      bytes.slice(segmentsAt, segmentCount * SEGMENT_BYTES, "program headers");
    }
    return new Elf(
        bytes,
        sectionsAt,
        (int) sectionCount,
        (int) Math.min(namesIndex, Integer.MAX_VALUE),
        segmentsAt,
        (int) segmentCount);
  }

  String place() {
    return bytes.place();
  }

  int machine() throws SymbolException {
    return bytes.u16(18);
  }

  int sectionCount() {
    return sectionCount;
  }

  Section section(int index) throws SymbolException {
    if (index < 0 || index >= sectionCount) {
      throw SymbolException.outOfRange(place() + ": section", index, 0, sectionCount - 1L);
    }
    long at = sectionsAt + (long) index * SECTION_BYTES;
    return new Section(
        "section " + index,
        index,
        bytes.u32(at),
        bytes.u32(at + 4),
        bytes.i64(at + 8),
        bytes.i64(at + 16),
        bytes.i64(at + 24),
        bytes.i64(at + 32),
        bytes.u32(at + 40),
        bytes.u32(at + 44));
  }

  /// The first section of a type.
  @Nullable Section sectionOfType(int type) throws SymbolException {
    for (int i = 0; i < sectionCount; i++) {
      Section section = section(i);
      if (section.type() == type) {
        return section;
      }
    }
    return null;
  }

  @Nullable Section sectionNamed(String name) throws SymbolException {
    if (sectionCount == 0 || namesIndex == 0) {
      return null;
    }
    Section names = section(namesIndex);
    if (names.type() == NOBITS) {
      return null;
    }
    Bytes strings = content(names);
    for (int i = 0; i < sectionCount; i++) {
      Section section = section(i);
      if (strings.stringLength(section.nameAt(), LONGEST_SECTION_NAME) == name.length()
          && strings.string(section.nameAt(), LONGEST_SECTION_NAME).equals(name)) {
        return section;
      }
    }
    return null;
  }

  /// What a section holds in the file.
  Bytes content(Section section) throws SymbolException {
    if (section.type() == NOBITS) {
      return new Bytes(bytes.data().asSlice(0, 0), place() + ": " + section.place());
    }
    return bytes.slice(section.offset(), section.size(), section.place());
  }

  Bytes part(long offset, long length, String what) throws SymbolException {
    return bytes.slice(offset, length, what);
  }

  int segmentCount() {
    return segmentCount;
  }

  Segment segment(int index) throws SymbolException {
    long at = segmentsAt + (long) index * SEGMENT_BYTES;
    return new Segment(
        bytes.u32(at),
        bytes.u32(at + 4),
        bytes.i64(at + 8),
        bytes.i64(at + 16),
        bytes.i64(at + 32));
  }

  @Nullable Segment segmentOfType(int type) throws SymbolException {
    for (int i = 0; i < segmentCount; i++) {
      Segment segment = segment(i);
      if (segment.type() == type) {
        return segment;
      }
    }
    return null;
  }

  private static void expect(String place, int value, int allowed, String words)
      throws SymbolException {
    if (value != allowed) {
      throw SymbolException.of(place, Integer.toString(value), words);
    }
  }

  private static void checkCount(String place, long count, long most) throws SymbolException {
    if (count < 0 || count > most) {
      throw SymbolException.of(
          place, Long.toUnsignedString(count), "at most %d in this file".formatted(most));
    }
  }
}
