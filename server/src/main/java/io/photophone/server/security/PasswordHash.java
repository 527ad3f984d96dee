package io.photophone.server.security;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Semaphore;

/// Turns passwords into what may be kept of them: Argon2id, version 1.3.
///
/// A few at once alone, since each takes its memory; the others wait.
///
/// @see <a href="https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html">
///   where the parameters are from</a>
public final class PasswordHash {
  private static final int HASH_BYTES = 32;
  private static final int SALT_BYTES = 16;

  /// Half of the machine at most, which has a measurement to make.
  private static final int AT_ONCE =
      Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 2);

  private static final int SHORTEST = 12;
  private static final int LONGEST = 256;

  private final Argon2Function function;
  private final Semaphore atOnce = new Semaphore(AT_ONCE, true);

  /// One of these costs.
  ///
  /// @param memoryKib of one computation
  /// @param iterations over the memory
  public PasswordHash(int memoryKib, int iterations) {
    function =
        Argon2Function.getInstance(
            memoryKib, iterations, 1, HASH_BYTES, Argon2.ID, Argon2Function.ARGON2_VERSION_13);
  }

  /// 19 MiB, twice.
  public static PasswordHash standard() {
    return new PasswordHash(19_456, 2);
  }

  /// What may be kept of a password, with a salt of its own.
  ///
  /// @throws IllegalArgumentException if it is too short or too long; it is not told
  String of(String password) {
    if (password.length() < SHORTEST || password.length() > LONGEST) {
      throw new IllegalArgumentException(
          "the password has %d characters, allowed: [%d, %d]"
              .formatted(password.length(), SHORTEST, LONGEST));
    }
    atOnce.acquireUninterruptibly();
    try {
      return Password.hash(password).addRandomSalt(SALT_BYTES).with(function).getResult();
    } finally {
      atOnce.release();
    }
  }

  /// A hash that is no password's and takes as long to check.
  String ofNobody() {
    byte[] random = new byte[SALT_BYTES + HASH_BYTES];
    new SecureRandom().nextBytes(random);
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s"
        .formatted(
            function.getMemory(),
            function.getIterations(),
            base64.encodeToString(Arrays.copyOf(random, SALT_BYTES)),
            base64.encodeToString(Arrays.copyOfRange(random, SALT_BYTES, random.length)));
  }

  /// Whether the hash is this password's.
  boolean matches(String password, String hash) {
    if (password.length() > LONGEST) {
      return false;
    }
    atOnce.acquireUninterruptibly();
    try {
      return Argon2Function.getInstanceFromHash(hash).check(password, hash);
    } finally {
      atOnce.release();
    }
  }
}
