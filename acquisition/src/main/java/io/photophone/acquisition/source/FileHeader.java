package io.photophone.acquisition.source;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/// Where a sound file's samples lie and how they are written.
///
/// @param dataOffset the byte where the samples begin
/// @param samples for each channel, as many as the file really holds
/// @param damage what is wrong with a file that is readable all the same
record FileHeader(PcmFormat format, long dataOffset, long samples, Optional<String> damage) {

  /// In place of a number of samples or bytes that the file doesn't tell.
  static final long UNKNOWN = -1;

  /// Reads the header of whatever the content says that it is.
  ///
  /// @param path for messages
  /// @throws IOException if there is no sample that could be read, with the file, the byte and what
  ///   is allowed there
  static FileHeader read(RandomAccessFile file, Path path) throws IOException {
    long length = file.length();
    if (length == 0) {
      throw broken(path, 0, "the file is empty");
    }
    boolean aiff = length >= 4 && id(bytes(file, 0, 4), 0).equals(AiffHeader.MAGIC);
    return aiff ? AiffHeader.read(file, path) : WavHeader.read(file, path);
  }

  /// What can be read of samples that begin at `offset`.
  ///
  /// @param left bytes from there to the end of the file
  /// @param promised bytes of samples that the file claims to have, an unsigned number, or
  ///   [#UNKNOWN]
  static FileHeader of(Path path, PcmFormat format, long offset, long left, long promised)
      throws IOException {
    int blockBytes = format.blockBytes();
    boolean unknown = promised == UNKNOWN;
    boolean truncated = !unknown && Long.compareUnsigned(promised, left) > 0;
    long present = unknown || truncated ? left : promised;
    long samples = present / blockBytes;
    long rest = present % blockBytes;
    if (samples == 0) {
      throw broken(
          path,
          offset,
          "has no samples: %d bytes, one sample of all channels has %d"
              .formatted(present, blockBytes));
    }
    Optional<String> damage = Optional.empty();
    if (truncated) {
      damage =
          Optional.of(
              "ends at byte %d, though %s bytes of samples should follow byte %d"
                  .formatted(offset + left, Long.toUnsignedString(promised), offset));
    } else if (rest != 0) {
      damage =
          Optional.of(
              "has %d bytes of a sample of %d bytes at byte %d"
                  .formatted(rest, blockBytes, offset + present - rest));
    }
    return new FileHeader(format, offset, samples, damage);
  }

  static IOException broken(Path path, long at, String what) {
    return new IOException("%s: %s (byte %d)".formatted(path, what, at));
  }

  /// Big-endian until told otherwise.
  static ByteBuffer bytes(RandomAccessFile file, long at, int length) throws IOException {
    byte[] bytes = new byte[length];
    file.seek(at);
    file.readFully(bytes);
    return ByteBuffer.wrap(bytes);
  }

  /// The four characters that name a chunk.
  static String id(ByteBuffer from, int at) {
    byte[] id = new byte[4];
    from.get(at, id);
    return new String(id, StandardCharsets.ISO_8859_1);
  }
}
