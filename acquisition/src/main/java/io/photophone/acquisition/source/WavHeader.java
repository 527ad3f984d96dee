package io.photophone.acquisition.source;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What stands before the samples of a WAV file.
///
/// Everything is little-endian. A file is a header of 12 bytes and then chunks, each an id of four
/// characters, a length of four bytes, and as many bytes, padded to an even number:
///
/// ```
///  0  "RIFF", or "RF64" if a length needs more than 32 bits ("BW64" is its later name)
///  4  bytes that follow this field
///  8  "WAVE"
/// 12  chunks: "fmt " (how samples are encoded), "data" (samples), others
/// ```
///
/// [#write] lays its chunks out so that a file never moves when it outgrows 32 bits:
///
/// ```
/// 12  "JUNK" 28                     or "ds64" 28
/// 20    28 zeros                       u64 bytes that follow byte 8
/// 28                                   u64 bytes of samples
/// 36                                   u64 samples for each channel
/// 44                                   u32 0
/// 48  "fmt " 16
/// 56    u16 encoding: 1 integer, 3 float
/// 58    u16 channels
/// 60    u32 samples a second
/// 64    u32 bytes a second
/// 68    u16 bytes for one sample of all channels ("block")
/// 70    u16 bits for one sample of one channel
/// 72  "fact" 4
/// 80    u32 samples for each channel
/// 84  "data" u32 bytes of samples
/// 92    samples
/// ```
///
/// A length that isn't known yet is 0xFFFFFFFF. Sources: Microsoft's *Multimedia Programming
/// Interface and Data Specifications 1.0* (1991) and `mmreg.h`, EBU Tech 3306 for RF64.
final class WavHeader {

  /// Bytes that [#write] writes.
  static final int LENGTH = 92;

  /// In place of a number of samples that isn't known yet.
  static final long UNKNOWN = FileHeader.UNKNOWN;

  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final long UNKNOWN_LENGTH = 0xFFFF_FFFFL;
  private static final int RIFF_LENGTH = 12;
  private static final int CHUNK_HEADER_LENGTH = 8;
  private static final int DS64_LENGTH = 28;
  private static final int FORMAT_LENGTH = 16;
  private static final int EXTENSIBLE_LENGTH = 40;

  /// A file that needs more of them before its samples is no recording, and would take long.
  private static final int MOST_CHUNKS = 1000;

  private static final int TAG_INTEGER = 1;
  private static final int TAG_FLOAT = 3;
  private static final int TAG_EXTENSIBLE = 0xFFFE;

  /// What follows the tag in a subformat that stands for a tag, first and second half.
  private static final long SUBFORMAT_MIDDLE = 0x0010_0000_0000L;

  private static final long SUBFORMAT_END = 0x719B_3800_AA00_0080L;
  private static final String SUPPORTED = "16, 24 or 32 bit integer or 32 bit float PCM";

  private WavHeader() {}

  /// The header of a stereo file.
  ///
  /// @param samples for each channel, or [#UNKNOWN]
  static byte[] write(SampleEncoding encoding, int sampleRateHz, long samples) {
    int blockBytes = 2 * encoding.bytes();
    long dataBytes = samples * blockBytes;
    long riffBytes = dataBytes + LENGTH - CHUNK_HEADER_LENGTH;
    boolean unknown = samples == UNKNOWN;
    boolean large = riffBytes >= UNKNOWN_LENGTH;
    boolean told = !unknown && !large;
    byte[] bytes = new byte[LENGTH];
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ORDER);
    put(header, large ? "RF64" : "RIFF").putInt(told ? (int) riffBytes : (int) UNKNOWN_LENGTH);
    put(header, "WAVE");
    put(header, large ? "ds64" : "JUNK").putInt(DS64_LENGTH);
    header.putLong(large ? riffBytes : 0);
    header.putLong(large ? dataBytes : 0);
    header.putLong(large ? samples : 0);
    header.putInt(0);
    put(header, "fmt ").putInt(FORMAT_LENGTH);
    header.putShort((short) (encoding == SampleEncoding.FLOAT32 ? TAG_FLOAT : TAG_INTEGER));
    header.putShort((short) 2);
    header.putInt(sampleRateHz);
    header.putInt(sampleRateHz * blockBytes);
    header.putShort((short) blockBytes);
    header.putShort((short) encoding.bits());
    put(header, "fact").putInt(4).putInt(told ? (int) samples : (int) UNKNOWN_LENGTH);
    put(header, "data").putInt(told ? (int) dataBytes : (int) UNKNOWN_LENGTH);
    return bytes;
  }

  private static ByteBuffer put(ByteBuffer to, String id) {
    return to.put(id.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Reads a header.
  ///
  /// @param path for messages
  /// @throws IOException if there is no sample that could be read, with the file, the byte and what
  ///   is allowed there
  static FileHeader read(RandomAccessFile file, Path path) throws IOException {
    long fileLength = file.length();
    if (fileLength < RIFF_LENGTH) {
      throw FileHeader.broken(path, 0, "%d bytes are too few for a WAV file".formatted(fileLength));
    }
    ByteBuffer riff = bytes(file, 0, RIFF_LENGTH);
    String magic = FileHeader.id(riff, 0);
    if (!magic.equals("RIFF") && !magic.equals("RF64") && !magic.equals("BW64")) {
      throw FileHeader.broken(
          path,
          0,
          "begins with \"%s\", a WAV file begins with RIFF or RF64, an AIFF file with FORM"
              .formatted(magic));
    }
    if (!FileHeader.id(riff, 8).equals("WAVE")) {
      throw FileHeader.broken(
          path,
          8,
          "is a RIFF file of type \"%s\", allowed: WAVE".formatted(FileHeader.id(riff, 8)));
    }
    long riffBytes = unsigned(riff, 4);
    PcmFormat format = null;
    long longDataBytes = UNKNOWN;
    long at = RIFF_LENGTH;
    for (int chunk = 0; chunk < MOST_CHUNKS; chunk++) {
      if (at > fileLength - CHUNK_HEADER_LENGTH) {
        throw FileHeader.broken(
            path,
            Math.min(at, fileLength),
            format == null ? "has no fmt chunk and no data chunk" : "has no data chunk");
      }
      ByteBuffer header = bytes(file, at, CHUNK_HEADER_LENGTH);
      String id = FileHeader.id(header, 0);
      long length = unsigned(header, 4);
      long offset = at + CHUNK_HEADER_LENGTH;
      long left = fileLength - offset;
      switch (id) {
        case "fmt " -> {
          if (length < FORMAT_LENGTH || left < FORMAT_LENGTH) {
            throw FileHeader.broken(
                path,
                at,
                "the fmt chunk has %d bytes, it needs %d or more"
                    .formatted(Math.min(length, left), FORMAT_LENGTH));
          }
          format = format(file, path, offset, Math.min(length, left));
        }
        case "ds64" -> {
          if (length >= DS64_LENGTH && left >= DS64_LENGTH) {
            longDataBytes = bytes(file, offset, DS64_LENGTH).getLong(8);
          }
        }
        case "data" -> {
          if (format == null) {
            throw FileHeader.broken(path, at, "has no fmt chunk before its data chunk");
          }
          boolean unfinished =
              length == 0
                  && (riffBytes == UNKNOWN_LENGTH || CHUNK_HEADER_LENGTH + riffBytes <= offset);
          return FileHeader.of(
              path, format, offset, left, promised(length, unfinished, longDataBytes));
        }
        default -> {
          if (!id.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw FileHeader.broken(path, at, "is damaged: there should be a chunk here");
          }
        }
      }
      at = offset + length + (length & 1);
    }
    throw FileHeader.broken(
        path, at, "has no data chunk among its first %d chunks".formatted(MOST_CHUNKS));
  }

  /// Bytes of samples that the file claims to have, or [#UNKNOWN]. A recorder that was killed, or
  /// wrote to a pipe, leaves 0 or 0xFFFFFFFF; yet 0 is also the honest length of a recording of
  /// nothing, in which case the RIFF header covers what follows.
  private static long promised(long length, boolean unfinished, long longDataBytes) {
    if (length == UNKNOWN_LENGTH) {
      return longDataBytes == 0 ? UNKNOWN : longDataBytes;
    }
    return unfinished ? UNKNOWN : length;
  }

  /// Reads the fmt chunk.
  ///
  /// @param length at least [#FORMAT_LENGTH]
  private static PcmFormat format(RandomAccessFile file, Path path, long offset, long length)
      throws IOException {
    ByteBuffer chunk = bytes(file, offset, (int) Math.min(length, EXTENSIBLE_LENGTH));
    int tag = Short.toUnsignedInt(chunk.getShort(0));
    int channels = Short.toUnsignedInt(chunk.getShort(2));
    long sampleRateHz = unsigned(chunk, 4);
    int blockBytes = Short.toUnsignedInt(chunk.getShort(12));
    int bits = Short.toUnsignedInt(chunk.getShort(14));
    if (channels == 0) {
      throw FileHeader.broken(path, offset + 2, "has 0 channels");
    }
    if (sampleRateHz == 0 || sampleRateHz > Integer.MAX_VALUE) {
      throw FileHeader.broken(
          path, offset + 4, "has a sample rate of %d Hz".formatted(sampleRateHz));
    }
    if (tag == TAG_EXTENSIBLE) {
      if (chunk.limit() < EXTENSIBLE_LENGTH) {
        throw FileHeader.broken(
            path,
            offset,
            "the extensible fmt chunk has %d bytes, it needs %d"
                .formatted(chunk.limit(), EXTENSIBLE_LENGTH));
      }
      tag = Short.toUnsignedInt(chunk.getShort(24));
      if (chunk.getLong(24) >>> Short.SIZE != SUBFORMAT_MIDDLE
          || chunk.getLong(32) != SUBFORMAT_END) {
        throw FileHeader.broken(
            path, offset + 24, "has an unknown subformat, supported: " + SUPPORTED);
      }
    }
    SampleEncoding encoding = encoding(tag, bits);
    if (encoding == null) {
      throw FileHeader.broken(
          path,
          offset,
          "is encoded as %s of %d bit, supported: %s".formatted(tagName(tag), bits, SUPPORTED));
    }
    if (blockBytes != channels * encoding.bytes()) {
      throw FileHeader.broken(
          path,
          offset + 12,
          "has blocks of %d bytes, %d channels of %d bit need %d"
              .formatted(blockBytes, channels, bits, channels * encoding.bytes()));
    }
    return new PcmFormat(encoding, ORDER, channels, (int) sampleRateHz);
  }

  private static @Nullable SampleEncoding encoding(int tag, int bits) {
    for (SampleEncoding encoding : SampleEncoding.values()) {
      int itsTag = encoding == SampleEncoding.FLOAT32 ? TAG_FLOAT : TAG_INTEGER;
      if (itsTag == tag && encoding.bits() == bits) {
        return encoding;
      }
    }
    return null;
  }

  private static String tagName(int tag) {
    return switch (tag) {
      case TAG_INTEGER -> "integer PCM";
      case 2, 0x11 -> "ADPCM";
      case TAG_FLOAT -> "float PCM";
      case 6 -> "A-law";
      case 7 -> "µ-law";
      case 0x55 -> "MP3";
      default -> "format 0x%04X".formatted(tag);
    };
  }

  private static ByteBuffer bytes(RandomAccessFile file, long at, int length) throws IOException {
    return FileHeader.bytes(file, at, length).order(ORDER);
  }

  private static long unsigned(ByteBuffer from, int at) {
    return Integer.toUnsignedLong(from.getInt(at));
  }
}
