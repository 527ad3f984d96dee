package io.photophone.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// One connection's gzip stream, made of blocks that all connections share.
///
/// A block is deflated without what came before it and ends at a byte, so that it means the same
/// wherever it stands, also behind the header of a client that joins late. Only header, checksum
/// and length are the connection's own. Used by one thread at a time.
///
/// ```
///  0  10  header: 1F 8B, deflate, no name, no time
/// 10      blocks
///      2  03 00, an empty last block
///      4  CRC-32 of the text, little-endian
///      4  length of the text modulo 2^32
/// ```
///
/// Contract: A42.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
final class GzipStream {
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
  private static final byte[] LAST_BLOCK = {3, 0};

  /// The checksum's polynomial, the bit of the lowest power first.
  private static final int POLYNOMIAL = 0xedb88320;

  /// The polynomials 1 and x⁸.
  private static final int ONE = 1 << 31;

  private static final int X8 = 1 << 23;

  /// Frames of digits shrink to a half; the levels above take six times as long for a fifth less.
  private static final int LEVEL = 1;

  /// A text no longer than this is stored as it is, which costs nothing.
  private static final int STORED_BYTES = 200;

  private int checksum;
  private int length;

  /// A part of the text.
  ///
  /// @param bytes its blocks; shared, so the position stays
  /// @param length of the text
  /// @param shift x to the power of eight times the length: what a checksum is multiplied by when
  ///   this text follows
  record Block(ByteBuffer bytes, int checksum, int length, int shift) {
    /// @param text read from its position to its limit, which stay
    static Block of(ByteBuffer text) {
      byte[] plain = new byte[text.remaining()];
      text.duplicate().get(plain);
      CRC32 crc = new CRC32();
      crc.update(plain);
      byte[] packed = plain.length <= STORED_BYTES ? stored(plain) : deflated(plain);
      return new Block(
          ByteBuffer.allocateDirect(packed.length).put(packed).flip().asReadOnlyBuffer(),
          (int) crc.getValue(),
          plain.length,
          power(plain.length));
    }

    private static byte[] stored(byte[] plain) {
      return ByteBuffer.allocate(5 + plain.length)
          .order(ByteOrder.LITTLE_ENDIAN)
          .put((byte) 0)
          .putShort((short) plain.length)
          .putShort((short) ~plain.length)
          .put(plain)
          .array();
    }

    private static byte[] deflated(byte[] plain) {
      try (Deflater deflater = new Deflater(LEVEL, true)) {
        deflater.setInput(plain);
        ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 2);
        byte[] chunk = new byte[1 << 14];
        int count = chunk.length;
        while (count == chunk.length) {
          count = deflater.deflate(chunk, 0, chunk.length, Deflater.FULL_FLUSH);
          packed.write(chunk, 0, count);
        }
        return packed.toByteArray();
      }
    }
  }

  /// The bytes before the first block.
  static ByteBuffer header() {
    return ByteBuffer.wrap(HEADER);
  }

  /// Notes that a block is sent.
  void add(Block block) {
    checksum = times(block.shift(), checksum) ^ block.checksum();
    length += block.length();
  }

  /// The bytes behind the last block.
  ByteBuffer trailer() {
    return ByteBuffer.allocate(LAST_BLOCK.length + 2 * Integer.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(LAST_BLOCK)
        .putInt(checksum)
        .putInt(length)
        .flip();
  }

  /// The product of two polynomials, modulo the checksum's.
  private static int times(int a, int b) {
    int product = 0;
    int shifted = b;
    for (int bit = ONE; bit != 0; bit >>>= 1) {
      if ((a & bit) != 0) {
        product ^= shifted;
      }
      shifted = (shifted & 1) == 0 ? shifted >>> 1 : shifted >>> 1 ^ POLYNOMIAL;
    }
    return product;
  }

  /// x to the power of 8 n.
  private static int power(int n) {
    int power = ONE;
    int square = X8;
    for (int rest = n; rest != 0; rest >>>= 1) {
      if ((rest & 1) != 0) {
        power = times(square, power);
      }
      square = times(square, square);
    }
    return power;
  }
}
