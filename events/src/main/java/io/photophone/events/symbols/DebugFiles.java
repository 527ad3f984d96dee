package io.photophone.events.symbols;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/// Finds the file with the symbols that were stripped from a program: by its build id, or by the
/// name and checksum that its `.gnu_debuglink` gives.
final class DebugFiles {
  private static final int LONGEST_NAME = 4096;
  static final Path GLOBAL = Path.of("/usr/lib/debug");

  private final Path root;

  private DebugFiles(Path root) {
    this.root = root;
  }

  /// The places where distributions put such files.
  static DebugFiles ofSystem() {
    return of(GLOBAL);
  }

  /// @param root the directory which is otherwise `/usr/lib/debug`
  static DebugFiles of(Path root) {
    return new DebugFiles(root);
  }

  /// What an image says of its debug file.
  ///
  /// @param buildId digits, or ""
  /// @param link name of the file, or ""
  /// @param checksum CRC-32 of the linked file
  record Wanted(String buildId, String link, long checksum) {
    static Wanted of(Elf elf) throws SymbolException {
      Elf.Section section = elf.sectionNamed(".gnu_debuglink");
      String buildId = ElfNotes.buildId(elf);
      if (section == null) {
        return new Wanted(buildId, "", 0);
      }
      Bytes content = elf.content(section);
      String link = content.string(0, LONGEST_NAME);
      long checksum = content.u32(content.size() - 4);
      // A name, never a way out of the directories that are searched.
      boolean isName = !link.isEmpty() && link.indexOf('/') < 0 && !link.equals("..");
      return new Wanted(buildId, isName ? link : "", checksum);
    }
  }

  /// @param image the file itself, which is never its own debug file
  Optional<Path> find(Path image, Wanted wanted) throws IOException {
    if (wanted.buildId().length() > 2) {
      String id = wanted.buildId();
      Path byId = root.resolve(".build-id", id.substring(0, 2), id.substring(2) + ".debug");
      if (Files.isRegularFile(byId)) {
        return Optional.of(byId);
      }
    }
    Path directory = image.toAbsolutePath().getParent();
    if (wanted.link().isEmpty() || directory == null) {
      return Optional.empty();
    }
    List<Path> places =
        List.of(
            directory.resolve(wanted.link()),
            directory.resolve(".debug", wanted.link()),
            root.resolve(directory.toString().substring(1), wanted.link()));
    for (Path place : places) {
      if (Files.isRegularFile(place)
          && !Files.isSameFile(place, image)
          && checksum(place) == wanted.checksum()) {
        return Optional.of(place);
      }
    }
    return Optional.empty();
  }

  private static long checksum(Path file) throws IOException {
    var checksum = new CRC32();
    byte[] buffer = new byte[1 << 16];
    try (var input = Files.newInputStream(file)) {
      for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
        checksum.update(buffer, 0, count);
      }
    }
    return checksum.getValue();
  }
}
