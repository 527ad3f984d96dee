package io.photophone.server.connection;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Values in the Distinguished Encoding Rules, as far as a certificate needs them.
///
/// @see <a href="https://www.itu.int/rec/T-REC-X.690">X.690</a>
final class Der {
  private static final int BOOLEAN = 0x01;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_ID = 0x06;
  private static final int UTF8_STRING = 0x0c;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int CONTEXT = 0x80;
  private static final int CONSTRUCTED = 0x20;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return value(SEQUENCE, joined(parts));
  }

  static byte[] set(byte[]... parts) {
    return value(SET, joined(parts));
  }

  static byte[] integer(BigInteger number) {
    return value(INTEGER, number.toByteArray());
  }

  static byte[] yes() {
    return value(BOOLEAN, new byte[] {(byte) 0xff});
  }

  static byte[] text(String text) {
    return value(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] octets(byte[] content) {
    return value(OCTET_STRING, content);
  }

  /// @param unused bits at the end of the last byte
  static byte[] bits(int unused, byte[] content) {
    return value(BIT_STRING, joined(new byte[] {(byte) unused}, content));
  }

  static byte[] time(Instant instant) {
    return value(GENERALIZED_TIME, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
  }

  /// A value whose meaning the context gives, instead of its own type.
  static byte[] tagged(int number, byte[] content) {
    return value(CONTEXT + number, content);
  }

  /// A whole value inside one whose meaning the context gives.
  static byte[] wrapped(int number, byte[] inner) {
    return value(CONTEXT + CONSTRUCTED + number, inner);
  }

  /// @param dotted as in `1.2.840.10045.4.3.2`
  static byte[] objectId(String dotted) {
    String[] arcs = dotted.split("\\.", -1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    arc(bytes, 40 * Long.parseLong(arcs[0]) + Long.parseLong(arcs[1]));
    for (int i = 2; i < arcs.length; i++) {
      arc(bytes, Long.parseLong(arcs[i]));
    }
    return value(OBJECT_ID, bytes.toByteArray());
  }

  /// Seven bits a byte, the highest first, all but the last with the top bit set.
  private static void arc(ByteArrayOutputStream bytes, long arc) {
    int groups = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(arc) + 6) / 7);
    for (int group = groups - 1; group >= 0; group--) {
      int seven = (int) (arc >>> (7 * group)) & 0x7f;
      bytes.write(group > 0 ? seven | 0x80 : seven);
    }
  }

  private static byte[] value(int tag, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(content.length + 6);
    bytes.write(tag);
    if (content.length < 0x80) {
      bytes.write(content.length);
    } else {
      byte[] length = BigInteger.valueOf(content.length).toByteArray();
      int from = length[0] == 0 ? 1 : 0;
      bytes.write(0x80 + length.length - from);
      bytes.write(length, from, length.length - from);
    }
    bytes.writeBytes(content);
    return bytes.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
