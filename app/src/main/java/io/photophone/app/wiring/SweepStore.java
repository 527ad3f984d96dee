package io.photophone.app.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The sweeps of one instrument in a data directory: `sweeps/<instrument>/000001.json`, counted up,
/// never changed. Several processes may add to it.
public final class SweepStore {
  private static final Pattern NAME = Pattern.compile("([0-9]{6,18})\\.json");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]");

  private final Path folder;

  /// The sweeps of an instrument.
  ///
  /// @param data the data directory; the instrument's folder is made with its first sweep
  public SweepStore(Path data, String instrument) {
    folder = data.resolve("sweeps").resolve(fileName(instrument));
  }

  /// A name that is one part of a path on every system: other characters than letters, digits, `-`
  /// and `_` as `%` and two hexadecimal digits for each byte.
  private static String fileName(String name) {
    StringBuilder text = new StringBuilder();
    for (byte each : name.getBytes(UTF_8)) {
      String character = String.valueOf((char) (each & 0xff));
      text.append(PLAIN.matcher(character).matches() ? character : "%%%02X".formatted(each & 0xff));
    }
    return text.toString();
  }

  /// Keeps a sweep, whole or not at all.
  ///
  /// @return the new file
  /// @throws IOException with the folder, if it can't be written
  public Path add(byte[] json) throws IOException {
    try {
      return write(json);
    } catch (IOException e) {
      throw new IOException("the sweep can't be kept in %s: %s".formatted(folder, e), e);
    }
  }

  private Path write(byte[] json) throws IOException {
    Files.createDirectories(folder);
    Path temporary = Files.createTempFile(folder, "sweep", ".tmp");
    try {
      try (FileChannel file = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(json);
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
        file.force(true);
      }
      long number = newest().orElse(0) + 1;
      while (!link(temporary, path(number))) {
        number++;
      }
      sync();
      return path(number);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /// Makes the new name survive a power failure. Windows opens no folders and needs no such thing.
  private void sync() throws IOException {
    if (File.separatorChar == '/') {
      try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
    }
  }

  /// A link and not a move, because a move replaces what another process has put there meanwhile.
  private static boolean link(Path temporary, Path target) throws IOException {
    try {
      Files.createLink(target, temporary);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /// The newest sweep; null before the first.
  ///
  /// @throws IOException with the file, if it can't be read or isn't whole
  public byte @Nullable [] latest() throws IOException {
    OptionalLong newest = newest();
    return newest.isEmpty() ? null : whole(path(newest.getAsLong()));
  }

  private static byte[] whole(Path file) throws IOException {
    byte[] json = Files.readAllBytes(file);
    try {
      if (JsonMapper.shared().readTree(json).isObject()) {
        return json;
      }
    } catch (JacksonException e) {
      throw damaged(file, e.getOriginalMessage(), e);
    }
    throw damaged(file, "it holds no JSON object", null);
  }

  private static IOException damaged(Path file, String reason, @Nullable Throwable cause) {
    return new IOException(
        "%s is damaged: %s; restore it from a copy, or move it away".formatted(file, reason),
        cause);
  }

  private OptionalLong newest() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> NAME.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToLong(name -> Long.parseLong(name.group(1)))
          .max();
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  private Path path(long number) {
    return folder.resolve("%06d.json".formatted(number));
  }
}
