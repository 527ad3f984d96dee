package io.photophone.server.connection;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A block of addresses, as in `10.0.0.0/8` or `fd00::/8`.
///
/// @param base the lowest address
/// @param prefixBits how many of its leading bits every address has in common with it
public record AddressRange(InetAddress base, int prefixBits) {
  /// What [#parse] takes, before it looks at the values.
  public static final Pattern FORM = Pattern.compile("[0-9a-fA-F.:]{2,45}(/[0-9]{1,3})?");

  public static final String IN_WORDS =
      "an address or a block of addresses such as 10.0.0.0/8 or fd00::/8";

  private static final Pattern IP4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  public AddressRange {
    byte[] bytes = base.getAddress();
    if (prefixBits < 0 || prefixBits > Byte.SIZE * bytes.length) {
      throw new IllegalArgumentException(
          "prefix is %d bits, allowed: [0, %d]".formatted(prefixBits, Byte.SIZE * bytes.length));
    }
    if (!Arrays.equals(bytes, masked(bytes, prefixBits))) {
      throw new IllegalArgumentException(
          "base is %s, allowed: one without bits beyond the first %d"
              .formatted(base.getHostAddress(), prefixBits));
    }
  }

  /// The block that a text names; a single address without a slash is a block of one.
  ///
  /// @throws IllegalArgumentException if it names none
  public static AddressRange parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("range is %s, allowed: %s".formatted(text, IN_WORDS));
    }
    int slash = text.indexOf('/');
    InetAddress base = addressOrNull(slash < 0 ? text : text.substring(0, slash));
    if (base == null) {
      throw new IllegalArgumentException("range is %s, allowed: %s".formatted(text, IN_WORDS));
    }
    int bits =
        slash < 0
            ? Byte.SIZE * base.getAddress().length
            : Integer.parseInt(text.substring(slash + 1));
    return new AddressRange(base, bits);
  }

  /// An address that a text is, without asking any name server; null if it is none.
  static @Nullable InetAddress addressOrNull(String text) {
    if (text.indexOf('%') >= 0 || (!IP4.matcher(text).matches() && text.indexOf(':') < 0)) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /// Whether an address lies in it.
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    byte[] lowest = base.getAddress();
    return bytes.length == lowest.length && Arrays.equals(masked(bytes, prefixBits), lowest);
  }

  private static byte[] masked(byte[] address, int bits) {
    byte[] masked = new byte[address.length];
    for (int i = 0; i < address.length; i++) {
      int left = Math.clamp(bits - (long) Byte.SIZE * i, 0, Byte.SIZE);
      masked[i] = (byte) (address[i] & (0xff00 >> left));
    }
    return masked;
  }

  /// As [#parse] takes it.
  @Override
  public String toString() {
    return base.getHostAddress() + "/" + prefixBits;
  }
}
