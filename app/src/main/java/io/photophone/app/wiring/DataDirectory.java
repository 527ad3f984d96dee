package io.photophone.app.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The folder in which a server keeps what it has to remember, held by one server at a time.
///
/// The kernel holds the lock and lets go of it when the process ends, however it ends; the file
/// itself is never deleted, since a second process may have it open. Contract: E4.
public final class DataDirectory implements AutoCloseable {
  private static final String LOCK_FILE = "photophone.lock";
  private static final int LONGEST_PID = 32;

  private final Path path;
  private final FileChannel lockFile;
  private final FileLock lock;

  private DataDirectory(Path path, FileChannel lockFile, FileLock lock) {
    this.path = path;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /// Creates the folder where it is missing and locks it.
  ///
  /// @throws IOException if another process holds it, whose pid the message tells, or if it can't
  ///   be written
  public static DataDirectory open(Path path) throws IOException {
    try {
      Files.createDirectories(path);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(path + " is no folder: choose another with --data", e);
    } catch (IOException e) {
      throw new IOException(
          "%s can't be made a folder (%s): choose another with --data".formatted(path, reason(e)),
          e);
    }
    FileChannel file;
    try {
      file =
          FileChannel.open(
              path.resolve(LOCK_FILE),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException(
          "%s can't be written (%s): choose another with --data".formatted(path, reason(e)), e);
    }
    FileLock lock = null;
    try {
      lock = tryLock(file);
      if (lock == null) {
        throw new IOException(
            "%s is in use by the process %s: stop that one, or choose another with --data"
                .formatted(path, holder(file)));
      }
      byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(UTF_8);
      file.truncate(0);
      file.write(ByteBuffer.wrap(pid), 0);
      return new DataDirectory(path, file, lock);
    } finally {
      if (lock == null) {
        file.close();
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String holder(FileChannel file) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(LONGEST_PID);
    file.read(pid, 0);
    return new String(pid.array(), 0, pid.position(), UTF_8).strip();
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "no such folder";
      case FileSystemException failure when failure.getReason() != null -> failure.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  public Path path() {
    return path;
  }

  /// Lets another server have it. Idempotent.
  @Override
  public void close() throws IOException {
    if (lock.isValid()) {
      lock.release();
    }
    lockFile.close();
  }
}
