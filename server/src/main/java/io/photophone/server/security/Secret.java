package io.photophone.server.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/// Random texts that nobody guesses, and what is kept of them.
final class Secret {
  private static final int SECRET_BYTES = 32;
  private static final int ID_BYTES = 8;

  private Secret() {}

  /// 256 random bits, for an address.
  static String newSecret() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random(SECRET_BYTES));
  }

  /// A random name that needn't be secret, in hexadecimal digits.
  static String newId() {
    return HexFormat.of().formatHex(random(ID_BYTES));
  }

  /// Where a count begins that another one of the same name has hardly reached.
  static int newRevision() {
    return new SecureRandom().nextInt(1 << 30);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /// What may be kept of a secret. A random one needs no slow hash.
  static String digest(String secret) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Whether the secret has this digest, in a time that doesn't tell.
  static boolean matches(String secret, String digest) {
    return MessageDigest.isEqual(digest(secret).getBytes(UTF_8), digest.getBytes(UTF_8));
  }
}
