package io.photophone.events.hotspot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// The `libjvm.so` that a process runs in.
///
/// @param pid of a process that has it mapped
/// @param path as that process sees it
/// @param file by which we reach the same file
public record JvmLibrary(long pid, String path, Path file) {
  private static final String NAME = "/libjvm.so";
  private static final String DELETED = " (deleted)";

  /// The library of a process; empty if it runs no HotSpot JVM.
  ///
  /// @throws IOException if its mappings can't be read: it is gone, or another user's
  public static Optional<JvmLibrary> ofProcess(long pid) throws IOException {
    Path process = Path.of("/proc/" + pid);
    try (Stream<String> lines = Files.lines(process.resolve("maps"))) {
      return lines.flatMap(line -> ofLine(pid, process, line).stream()).findFirst();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// `START-END rwxp OFFSET DEVICE INODE PATH`, of code alone.
  static Optional<JvmLibrary> ofLine(long pid, Path process, String line) {
    String[] fields = line.split(" +", 6);
    if (fields.length < 6 || !fields[1].contains("x")) {
      return Optional.empty();
    }
    boolean deleted = fields[5].endsWith(DELETED);
    String path =
        deleted ? fields[5].substring(0, fields[5].length() - DELETED.length()) : fields[5];
    if (!path.endsWith(NAME)) {
      return Optional.empty();
    }
    Path mapped = process.resolve("map_files").resolve(fields[0]);
    Path file = deleted ? mapped : reachable(process, path, mapped);
    return Optional.of(new JvmLibrary(pid, path, file));
  }

  /// The process may be in a container, and the kernel takes no path with spaces.
  private static Path reachable(Path process, String path, Path mapped) {
    Path inContainer = process.resolve("root").resolve(path.substring(1));
    boolean simple = path.chars().noneMatch(Character::isWhitespace);
    return simple && Files.isReadable(inContainer) ? inContainer : mapped;
  }
}
