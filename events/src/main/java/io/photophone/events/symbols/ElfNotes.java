package io.photophone.events.symbols;

import java.util.HexFormat;

/// Walks the notes of a section: words of name size, description size and type, then both, each
/// filled up to four bytes.
final class ElfNotes {
  private final Bytes section;
  private long next;
  private long nameAt;
  private long nameSize;
  private long descriptionAt;
  private long descriptionSize;
  private long type;

  ElfNotes(Bytes section) {
    this.section = section;
  }

  /// Moves to the next note.
  ///
  /// @return false at the end
  /// @throws SymbolException if the note reaches beyond the section
  boolean next() throws SymbolException {
    if (next > section.size() - 12) {
      return false;
    }
    nameSize = section.u32(next);
    descriptionSize = section.u32(next + 4);
    type = section.u32(next + 8);
    nameAt = next + 12;
    descriptionAt = nameAt + (nameSize + 3 & ~3L);
    next = descriptionAt + (descriptionSize + 3 & ~3L);
    section.slice(nameAt, nameSize, "name of a note");
    section.slice(descriptionAt, descriptionSize, "note");
    return true;
  }

  boolean is(String owner, int wantedType) throws SymbolException {
    return type == wantedType
        && nameSize == owner.length() + 1
        && section.stringLength(nameAt, (int) nameSize) == owner.length()
        && section.string(nameAt, (int) nameSize).equals(owner);
  }

  Bytes description() throws SymbolException {
    return section.slice(descriptionAt, descriptionSize, "note at 0x%x".formatted(descriptionAt));
  }

  /// The build id among the notes of an image as lower-case hexadecimal digits, or "".
  static String buildId(Elf elf) throws SymbolException {
    Elf.Section section = elf.sectionNamed(".note.gnu.build-id");
    if (section == null) {
      return "";
    }
    var notes = new ElfNotes(elf.content(section));
    while (notes.next()) {
      Bytes id = notes.description();
      if (notes.is("GNU", 3) && id.size() >= 2 && id.size() <= 64) {
        return HexFormat.of().formatHex(id.copy());
      }
    }
    return "";
  }
}
