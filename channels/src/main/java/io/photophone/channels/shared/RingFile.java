package io.photophone.channels.shared;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Makes, checks and maps ring files. A mapping lives until the garbage collector finds it unused,
/// so that no late access can touch memory that is no longer there.
final class RingFile {
  private static final int CHUNK_BYTES = 1 << 16;

  private RingFile() {}

  static void create(Path file, SharedRing shape) {
    Path directory = file.toAbsolutePath().getParent();
    try {
      Path unfinished =
          Files.createTempFile(directory, file.getFileName() + ".", ".new", ownerOnly(file));
      try {
        writeEmpty(unfinished, shape);
        Files.createLink(file, unfinished); // unlike a move, it never replaces a ring in use
      } finally {
        Files.delete(unfinished);
      }
    } catch (FileAlreadyExistsException e) {
      throw new SharedRingException("ring file %s exists already".formatted(file), e);
    } catch (IOException | UnsupportedOperationException e) {
      throw new SharedRingException("ring file %s can't be made: %s".formatted(file, e), e);
    }
  }

  private static void writeEmpty(Path file, SharedRing shape) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer header = ByteBuffer.allocate(RingLayout.HEADER_BYTES);
      RingMemory.writeIdentity(MemorySegment.ofArray(header.array()), shape);
      writeFully(channel, header);
      ByteBuffer zeros = ByteBuffer.allocate(CHUNK_BYTES);
      for (int left = shape.capacity(); left > 0; left -= zeros.limit()) {
        zeros.clear().limit(Math.min(left, CHUNK_BYTES));
        writeFully(channel, zeros);
      }
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  static SharedRing shape(Path file) {
    try (FileChannel channel = open(file, Set.of(StandardOpenOption.READ))) {
      return check(file, channel);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /// Maps a ring of one kind.
  ///
  /// @param mode [MapMode#READ_ONLY] or [MapMode#READ_WRITE]
  static RingMemory map(Path file, SharedRing.Kind kind, MapMode mode) {
    Set<OpenOption> options =
        mode.equals(MapMode.READ_ONLY)
            ? Set.of(StandardOpenOption.READ)
            : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    try (FileChannel channel = open(file, options)) {
      SharedRing shape = check(file, channel);
      if (shape.kind() != kind) {
        throw new SharedRingException(
            "kind of ring file %s is %d (%s), allowed here: %d (%s)"
                .formatted(file, shape.kind().code, shape.kind(), kind.code, kind));
      }
      MemorySegment bytes =
          channel.map(mode, 0, RingLayout.fileBytes(shape.capacity()), Arena.ofAuto());
      return new RingMemory("ring file " + file, bytes, shape);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static FileChannel open(Path file, Set<? extends OpenOption> options) throws IOException {
    try {
      return FileChannel.open(file, options);
    } catch (NoSuchFileException e) {
      throw new SharedRingException("ring file %s does not exist".formatted(file), e);
    } catch (AccessDeniedException e) {
      throw new SharedRingException(
          "no permission to open ring file %s, needed: %s".formatted(file, options), e);
    }
  }

  private static SharedRingException unreadable(Path file, IOException e) {
    return new SharedRingException("ring file %s can't be read: %s".formatted(file, e), e);
  }

  private static SharedRing check(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    ByteBuffer header = ByteBuffer.allocate(RingLayout.HEADER_BYTES);
    while (header.hasRemaining() && channel.read(header, header.position()) >= 0) {
      // until the header or the file is read
    }
    if (header.hasRemaining()) {
      throw new SharedRingException(
          "ring file %s is cut off: %d bytes, a header has %d"
              .formatted(file, size, RingLayout.HEADER_BYTES));
    }
    MemorySegment bytes = MemorySegment.ofArray(header.array());
    long magic = RingMemory.readLong(bytes, RingLayout.MAGIC_OFFSET);
    if (magic != RingLayout.MAGIC) {
      throw new SharedRingException(
          "file %s is no ring: it begins with %016x, allowed: %016x (PPSHRING)"
              .formatted(file, Long.reverseBytes(magic), Long.reverseBytes(RingLayout.MAGIC)));
    }
    int version = RingMemory.readInt(bytes, RingLayout.VERSION_OFFSET);
    if (version != RingLayout.VERSION) {
      throw new SharedRingException(
          "version of ring file %s is %d, allowed: %d"
              .formatted(file, version, RingLayout.VERSION));
    }
    SharedRing shape = shape(file, bytes);
    if (size != RingLayout.fileBytes(shape.capacity())) {
      throw new SharedRingException(
          "ring file %s has %d bytes, but its capacity of %d needs %d"
              .formatted(file, size, shape.capacity(), RingLayout.fileBytes(shape.capacity())));
    }
    return shape;
  }

  private static SharedRing shape(Path file, MemorySegment bytes) {
    int code = RingMemory.readInt(bytes, RingLayout.KIND_OFFSET);
    long capacity = RingMemory.readLong(bytes, RingLayout.CAPACITY_OFFSET);
    int maxMessage = RingMemory.readInt(bytes, RingLayout.MAX_MESSAGE_OFFSET);
    SharedRing.Kind kind =
        switch (code) {
          case 1 -> SharedRing.Kind.ONE_TO_ONE;
          case 2 -> SharedRing.Kind.BROADCAST;
          default ->
              throw new SharedRingException(
                  "kind of ring file %s is %d, allowed: 1 (ONE_TO_ONE), 2 (BROADCAST)"
                      .formatted(file, code));
        };
    if (capacity > SharedRing.MAX_CAPACITY || capacity < SharedRing.MIN_CAPACITY) {
      throw new SharedRingException(
          "capacity of ring file %s is %d bytes, allowed: [%d, %d]"
              .formatted(file, capacity, SharedRing.MIN_CAPACITY, SharedRing.MAX_CAPACITY));
    }
    try {
      return new SharedRing(kind, (int) capacity, maxMessage);
    } catch (IllegalArgumentException e) {
      throw new SharedRingException("ring file %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /// Attributes of a file that nobody else may open, where there are such.
  static FileAttribute<?>[] ownerOnly(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
