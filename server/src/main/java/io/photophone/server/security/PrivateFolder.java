package io.photophone.server.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/// A folder that only its owner reads (0700, files 0600), shared by the server and the commands of
/// its owner.
///
/// A file is replaced as a whole, and is on the disk when a write returns. Who changes a file on
/// the ground of what it says does so within [#exclusively].
final class PrivateFolder {
  static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enumNamingStrategy(EnumNamingStrategies.SNAKE_CASE)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .build();

  private static final String LOCK = "lock";
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOCK_RETRY = Duration.ofMillis(5);
  private static final Set<StandardOpenOption> REPLACE =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);

  private final Path path;
  private final FileAttribute<?>[] ownFile;

  private PrivateFolder(Path path, FileAttribute<?>[] ownFile) {
    this.path = path;
    this.ownFile = ownFile;
  }

  /// Creates the folder where it is missing, and takes from others what they may.
  ///
  /// @throws IOException if it can't be made
  static PrivateFolder open(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path, posix ? permissions("rwx------") : new FileAttribute<?>[0]);
    } else if (posix) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    }
    return new PrivateFolder(path, posix ? permissions("rw-------") : new FileAttribute<?>[0]);
  }

  private static FileAttribute<?>[] permissions(String text) {
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))
    };
  }

  Path file(String name) {
    return path.resolve(name);
  }

  /// The file's value; null where there is no file.
  ///
  /// @throws IOException if the file can't be read or is damaged, with its name and no content
  <T> @Nullable T read(String name, Class<T> type) throws IOException {
    String text = text(name);
    return text == null ? null : parsed(name, text, type);
  }

  /// A file's text as its value.
  <T> T parsed(String name, String text, Class<T> type) throws IOException {
    try {
      T value = JSON.readValue(text, type);
      if (value == null) {
        throw damaged(name);
      }
      return value;
    } catch (JacksonException e) {
      throw damaged(name);
    }
  }

  /// The file's text; null where there is no file.
  @Nullable String text(String name) throws IOException {
    try {
      return Files.readString(file(name));
    } catch (NoSuchFileException e) {
      return null;
    } catch (CharacterCodingException e) {
      throw damaged(name);
    }
  }

  IOException damaged(String name) {
    return new IOException(file(name) + " is damaged: restore it from a copy, or remove it");
  }

  void write(String name, Object value) throws IOException {
    write(name, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value));
  }

  void write(String name, String text) throws IOException {
    Path unfinished = file(name + ".unfinished");
    Files.deleteIfExists(unfinished);
    try (FileChannel channel = FileChannel.open(unfinished, REPLACE, ownFile)) {
      ByteBuffer bytes = UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    giveToOwner(unfinished);
    Files.move(
        unfinished,
        file(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /// A file that is only added to.
  FileChannel appendTo(String name) throws IOException {
    FileChannel file =
        FileChannel.open(
            file(name), Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), ownFile);
    giveToOwner(file(name));
    return file;
  }

  /// A command that the administrator of the machine runs leaves nothing that the server can't
  /// read.
  private void giveToOwner(Path file) throws IOException {
    UserPrincipal owner = Files.getOwner(path);
    if (!Files.getOwner(file).equals(owner)) {
      Files.setOwner(file, owner);
    }
  }

  void delete(String name) throws IOException {
    Files.deleteIfExists(file(name));
  }

  /// What tells one state of a file from another; null where there is no file.
  @Nullable Stamp stamp(String name) throws IOException {
    try {
      BasicFileAttributes now = Files.readAttributes(file(name), BasicFileAttributes.class);
      return new Stamp(
          now.lastModifiedTime().toMillis(), now.size(), String.valueOf(now.fileKey()));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /// One state of a file.
  ///
  /// @param fileKey the file's own number; another for each replacement
  record Stamp(long modifiedMillis, long size, String fileKey) {}

  /// Something that reads and writes files.
  interface Change<T extends @Nullable Object> {
    T make() throws IOException;
  }

  /// Makes a change while no other process or thread makes one.
  ///
  /// @throws IOException if another holds the folder for too long
  <T extends @Nullable Object> T exclusively(Change<T> change) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                file(LOCK), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ownFile);
        FileLock _ = lock(channel)) {
      giveToOwner(file(LOCK));
      return change.make();
    }
  }

  /// A lock is the process's: another thread's is refused rather than waited for.
  private FileLock lock(FileChannel channel) throws IOException {
    long deadline = System.nanoTime() + LOCK_PATIENCE.toNanos();
    while (System.nanoTime() - deadline < 0) {
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException e) {
        // Held by another thread, which is asked again below.
      }
      LockSupport.parkNanos(LOCK_RETRY.toNanos());
    }
    throw new IOException("%s is held by another process for too long".formatted(file(LOCK)));
  }

  /// For those whose callers can't do anything about the disk.
  static UncheckedIOException unchecked(IOException failure) {
    return new UncheckedIOException(failure.getMessage(), failure);
  }
}
