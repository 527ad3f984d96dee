package io.photophone.acquisition.source;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What stands before the samples of an AIFF or AIFF-C file.
///
/// Everything is big-endian, the samples of some AIFF-C files excepted. A file is a header of 12
/// bytes and then chunks in any order, each an id of four characters, a length of four bytes, and
/// as many bytes, padded to an even number:
///
/// ```
///  0  "FORM"
///  4  bytes that follow this field
///  8  "AIFF" or "AIFC"
/// 12  chunks: "COMM" (how samples are encoded), "SSND" (samples), others
///
/// COMM
///  0  u16 channels
///  2  u32 samples for each channel
///  6  u16 bits for one sample of one channel
///  8  f80 samples a second: sign and exponent (bias 16383) in 2 bytes, 64 bit significand
/// 18  AIFC alone: encoding of four characters, and its name
///
/// SSND
///  0  u32 bytes to skip before the samples
///  4  u32 block size, for alignment
///  8  samples
/// ```
///
/// Sources: Apple, *Audio Interchange File Format 1.3* (1989) and *AIFF-C* (1991).
final class AiffHeader {
  static final String MAGIC = "FORM";

  private static final int FORM_LENGTH = 12;
  private static final int CHUNK_HEADER_LENGTH = 8;
  private static final int COMMON_LENGTH = 18;
  private static final int COMPRESSED_COMMON_LENGTH = 22;
  private static final int SOUND_LENGTH = 8;
  private static final int MOST_CHUNKS = 1000;
  private static final int EXPONENT_BIAS = 16_383;

  private static final String SUPPORTED =
      "16, 24 or 32 bit of NONE, twos, sowt, in24 or in32, or fl32";

  private AiffHeader() {}

  /// Where the samples are, and how many bytes its chunk claims to have of them.
  private record Sound(long offset, long left, long bytes) {}

  private record Common(PcmFormat format, long samples) {}

  /// Reads a header.
  ///
  /// @param path for messages
  /// @throws IOException if there is no sample that could be read, with the file, the byte and what
  ///   is allowed there
  static FileHeader read(RandomAccessFile file, Path path) throws IOException {
    long fileLength = file.length();
    if (fileLength < FORM_LENGTH) {
      throw FileHeader.broken(
          path, 0, "%d bytes are too few for an AIFF file".formatted(fileLength));
    }
    String type = FileHeader.id(FileHeader.bytes(file, 8, 4), 0);
    if (!type.equals("AIFF") && !type.equals("AIFC")) {
      throw FileHeader.broken(
          path, 8, "is an IFF file of type \"%s\", allowed: AIFF or AIFC".formatted(type));
    }
    long formEnd =
        CHUNK_HEADER_LENGTH + Integer.toUnsignedLong(FileHeader.bytes(file, 4, 4).getInt());
    Common common = null;
    Sound sound = null;
    long at = FORM_LENGTH;
    for (int chunk = 0; chunk < MOST_CHUNKS && (common == null || sound == null); chunk++) {
      if (at > fileLength - CHUNK_HEADER_LENGTH) {
        throw FileHeader.broken(path, Math.min(at, fileLength), missing(common, sound));
      }
      ByteBuffer header = FileHeader.bytes(file, at, CHUNK_HEADER_LENGTH);
      String id = FileHeader.id(header, 0);
      long length = Integer.toUnsignedLong(header.getInt(4));
      long offset = at + CHUNK_HEADER_LENGTH;
      long left = fileLength - offset;
      switch (id) {
        case "COMM" -> common = common(file, path, at, Math.min(length, left), type);
        case "SSND" -> sound = sound(file, path, at, length, left);
        default -> {
          if (!id.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw FileHeader.broken(path, at, "is damaged: there should be a chunk here");
          }
        }
      }
      at = offset + length + (length & 1);
    }
    if (common == null || sound == null) {
      throw FileHeader.broken(
          path, at, missing(common, sound) + " among its first %d chunks".formatted(MOST_CHUNKS));
    }
    return FileHeader.of(
        path, common.format, sound.offset, sound.left, promised(common, sound, formEnd));
  }

  private static String missing(@Nullable Common common, @Nullable Sound sound) {
    if (common == null) {
      return sound == null ? "has no COMM chunk and no SSND chunk" : "has no COMM chunk";
    }
    return "has no SSND chunk";
  }

  /// Bytes of samples that the file claims to have, or unknown. A recorder that was killed leaves
  /// no samples in COMM, and a FORM that ends before them; yet 0 is also the honest length of a
  /// recording of nothing, in which case the FORM covers what follows.
  private static long promised(Common common, Sound sound, long formEnd) {
    boolean unfinished = common.samples == 0 && sound.bytes == 0 && formEnd <= sound.offset;
    return unfinished ? FileHeader.UNKNOWN : common.samples * common.format.blockBytes();
  }

  private static Sound sound(RandomAccessFile file, Path path, long at, long length, long left)
      throws IOException {
    if (length < SOUND_LENGTH || left < SOUND_LENGTH) {
      throw FileHeader.broken(
          path,
          at,
          "the SSND chunk has %d bytes, it needs %d or more"
              .formatted(Math.min(length, left), SOUND_LENGTH));
    }
    long skipped =
        Integer.toUnsignedLong(
            FileHeader.bytes(file, at + CHUNK_HEADER_LENGTH, SOUND_LENGTH).getInt(0));
    long before = SOUND_LENGTH + skipped;
    if (before > left) {
      throw FileHeader.broken(
          path,
          at + CHUNK_HEADER_LENGTH,
          "skips %d bytes before the samples, the file has %d"
              .formatted(skipped, left - SOUND_LENGTH));
    }
    return new Sound(
        at + CHUNK_HEADER_LENGTH + before, left - before, Math.max(0, length - before));
  }

  private static Common common(RandomAccessFile file, Path path, long at, long length, String type)
      throws IOException {
    boolean compressed = type.equals("AIFC");
    int needed = compressed ? COMPRESSED_COMMON_LENGTH : COMMON_LENGTH;
    if (length < needed) {
      throw FileHeader.broken(
          path, at, "the COMM chunk has %d bytes, it needs %d or more".formatted(length, needed));
    }
    long offset = at + CHUNK_HEADER_LENGTH;
    ByteBuffer chunk = FileHeader.bytes(file, offset, needed);
    int channels = Short.toUnsignedInt(chunk.getShort(0));
    long samples = Integer.toUnsignedLong(chunk.getInt(2));
    int bits = Short.toUnsignedInt(chunk.getShort(6));
    if (channels == 0) {
      throw FileHeader.broken(path, offset, "has 0 channels");
    }
    String name = compressed ? FileHeader.id(chunk, COMMON_LENGTH) : "NONE";
    SampleEncoding encoding = encoding(name, bits);
    if (encoding == null) {
      throw FileHeader.broken(
          path,
          compressed ? offset + COMMON_LENGTH : offset + 6,
          "is encoded as %s of %d bit, supported: %s".formatted(name, bits, SUPPORTED));
    }
    double rate = extended(chunk.getShort(8), chunk.getLong(10));
    if (!(rate >= 1 && rate <= Integer.MAX_VALUE) || rate != Math.rint(rate)) {
      throw FileHeader.broken(
          path,
          offset + 8,
          "has a sample rate of %s Hz, allowed: whole numbers from 1 to %d"
              .formatted(rate, Integer.MAX_VALUE));
    }
    ByteOrder order = name.equals("sowt") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    return new Common(new PcmFormat(encoding, order, channels, (int) rate), samples);
  }

  private static @Nullable SampleEncoding encoding(String name, int bits) {
    return switch (name) {
      case "NONE", "twos", "sowt" ->
          switch (bits) {
            case 16 -> SampleEncoding.INT16;
            case 24 -> SampleEncoding.INT24;
            case 32 -> SampleEncoding.INT32;
            default -> null;
          };
      case "in24" -> SampleEncoding.INT24;
      case "in32" -> SampleEncoding.INT32;
      // Its number of bits is that of the sound before it was encoded, 16 with some writers.
      case "fl32", "FL32" -> SampleEncoding.FLOAT32;
      default -> null;
    };
  }

  /// The value of an 80-bit extended number; NaN for infinities and what is no number.
  private static double extended(short signAndExponent, long significand) {
    int exponent = signAndExponent & 0x7FFF;
    if (exponent == 0x7FFF) {
      return Double.NaN;
    }
    double unsigned = (significand >>> 1) * 2.0 + (significand & 1);
    double value = unsigned * Math.pow(2, exponent - EXPONENT_BIAS - 63);
    return signAndExponent < 0 ? -value : value;
  }
}
