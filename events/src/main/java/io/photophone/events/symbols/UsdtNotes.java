package io.photophone.events.symbols;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads the static probes (USDT) of an ELF file from its section `.note.stapsdt`.
///
/// ```
/// note   0 address   8 address of .stapsdt.base when linked   16 semaphore
///       24 provider NUL   name NUL   arguments NUL
/// ```
///
/// Contract: V19.
public final class UsdtNotes {
  private static final int PROBE = 3;
  private static final int LONGEST_TEXT = 4096;

  private UsdtNotes() {}

  /// All probes of a file; none if it has no such section.
  public static List<UsdtProbe> read(Path file) throws IOException {
    return new ElfSource.File(file).parse(UsdtNotes::of);
  }

  static List<UsdtProbe> of(Elf elf) throws SymbolException {
    var probes = new ArrayList<UsdtProbe>();
    Elf.Section section = elf.sectionNamed(".note.stapsdt");
    if (section == null) {
      return probes;
    }
    Elf.Section base = elf.sectionNamed(".stapsdt.base");
    Segments segments = Segments.of(elf);
    var notes = new ElfNotes(elf.content(section));
    while (notes.next()) {
      if (notes.is("stapsdt", PROBE)) {
        probes.add(probe(notes.description(), base == null ? 0 : base.address(), segments));
      }
    }
    return probes;
  }

  private static UsdtProbe probe(Bytes note, long base, Segments segments) throws SymbolException {
    long linkedBase = note.i64(8);
    // A file that was moved after linking has its base elsewhere than the note says.
    long moved = base == 0 || linkedBase == 0 ? 0 : base - linkedBase;
    long address = note.i64(0) + moved;
    long semaphore = note.i64(16) == 0 ? 0 : note.i64(16) + moved;
    int providerAt = 24;
    int nameAt = providerAt + length(note, providerAt) + 1;
    int argumentsAt = nameAt + length(note, nameAt) + 1;
    return new UsdtProbe(
        note.string(providerAt, LONGEST_TEXT),
        note.string(nameAt, LONGEST_TEXT),
        address,
        segments.offsetOf(address),
        semaphore,
        semaphore == 0 ? Segments.NONE : segments.offsetOf(semaphore),
        argumentsAt == note.size() ? "" : note.string(argumentsAt, LONGEST_TEXT));
  }

  private static int length(Bytes note, int at) throws SymbolException {
    note.string(at, LONGEST_TEXT);
    return note.stringLength(at, LONGEST_TEXT);
  }
}
