package io.photophone.events.symbols;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The functions of a program or library in an ELF file of 64 bits, little-endian: from `.symtab`,
/// or if that was stripped from the debug file, and from `.dynsym`. Addresses are those that the
/// file speaks of; `Segments` tells them from offsets.
///
/// Names are as the linker knows them; `Demangler` makes some readable. The compressed
/// `.gnu_debugdata` that some distributions use isn't read.
///
/// Contract: V11.
public final class ElfSymbols implements SymbolReader {
  private static final int SYMBOL_BYTES = 24;
  private static final int FUNCTION = 2;
  private static final int INDIRECT_FUNCTION = 10;
  private static final int NO_TYPE = 0;
  private static final int FIRST_RESERVED_SECTION = 0xff00;

  /// How often, on average, the bytes of names may be read: names share their ends, and symbols
  /// their names, but a file in which each symbol has the same endless name would take hours.
  private static final int MOST_READINGS = 16;

  private final ElfSource source;
  private final DebugFiles debugFiles;

  ElfSymbols(ElfSource source, DebugFiles debugFiles) {
    this.source = source;
    this.debugFiles = debugFiles;
  }

  public static ElfSymbols of(Path file) {
    return new ElfSymbols(new ElfSource.File(file), DebugFiles.ofSystem());
  }

  @Override
  public String source() {
    return source.name();
  }

  @Override
  public long read(Sink sink) throws IOException {
    DebugFiles.Wanted[] wanted = new DebugFiles.Wanted[1];
    long skipped =
        source.parse(elf -> {
          if (elf.sectionOfType(Elf.SYMTAB) == null) {
            wanted[0] = DebugFiles.Wanted.of(elf);
          }
          return readTables(elf, sink);
        });
    return wanted[0] == null ? skipped : skipped + readDebugFile(wanted[0], sink);
  }

  private long readDebugFile(DebugFiles.Wanted wanted, Sink sink) throws IOException {
    if (!(source instanceof ElfSource.File(Path path))) {
      return 0;
    }
    Optional<Path> found = debugFiles.find(path, wanted);
    if (found.isEmpty()) {
      return 0;
    }
    return new ElfSource.File(found.get())
        .parse(elf -> {
          String id = ElfNotes.buildId(elf);
          if (!id.isEmpty() && !wanted.buildId().isEmpty() && !id.equals(wanted.buildId())) {
            throw SymbolException.of(elf.place() + ": build id", id, wanted.buildId());
          }
          return readTables(elf, sink);
        });
  }

  private static long readTables(Elf elf, Sink sink) throws SymbolException {
    return readTable(elf, elf.sectionOfType(Elf.SYMTAB), sink)
        + readTable(elf, elf.sectionOfType(Elf.DYNSYM), sink);
  }

  private static long readTable(Elf elf, Elf.@Nullable Section table, Sink sink)
      throws SymbolException {
    if (table == null) {
      return 0;
    }
    boolean[] executable = executableSections(elf);
    Bytes symbols = elf.content(table);
    Bytes strings = elf.content(elf.section((int) Math.min(table.link(), Integer.MAX_VALUE)));
    long budgetBytes = MOST_READINGS * (strings.size() + NamePool.LONGEST_NAME_BYTES);
    long skipped = 0;
    for (long at = 0; at <= symbols.size() - SYMBOL_BYTES; at += SYMBOL_BYTES) {
      int type = symbols.u8(at + 4) & 0xf;
      int section = symbols.u16(at + 6);
      if (!isCode(type, section, executable)) {
        continue;
      }
      long start = symbols.i64(at + 8);
      long size = symbols.i64(at + 16);
      long nameAt = symbols.u32(at);
      int length = strings.stringLength(nameAt, NamePool.LONGEST_NAME_BYTES + 1);
      budgetBytes -= length < 0 ? NamePool.LONGEST_NAME_BYTES : length;
      if (budgetBytes < 0) {
        throw SymbolException.of(
            "%s: names up to the symbol at 0x%x".formatted(symbols.place(), at),
            "longer than %d times their section".formatted(MOST_READINGS),
            "names that are read fewer times");
      }
      if (length <= 0 || Long.compareUnsigned(start + size, start) < 0) {
        skipped++;
      } else if (!sink.symbol(start, start + size, strings.data(), nameAt, length)) {
        break;
      }
    }
    return skipped;
  }

  private static boolean isCode(int type, int section, boolean[] executable) {
    if (section == 0 || section >= FIRST_RESERVED_SECTION) {
      return false;
    }
    // Labels of assembler code have no type.
    return type == FUNCTION
        || type == INDIRECT_FUNCTION
        || (type == NO_TYPE && section < executable.length && executable[section]);
  }

  private static boolean[] executableSections(Elf elf) throws SymbolException {
    boolean[] executable = new boolean[elf.sectionCount()];
    for (int i = 0; i < executable.length; i++) {
      executable[i] = elf.section(i).isExecutable();
    }
    return executable;
  }
}
