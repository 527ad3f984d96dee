package io.photophone.server.security;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.util.concurrent.Semaphore;

/// Turns passwords into what may be kept of them: Argon2id, version 1.3.
///
/// A few at once alone, since each takes its memory; the others wait.
///
/// @see <a href="https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html">
///     where the parameters are from</a>
public final class PasswordHash {
  private static final int HASH_BYTES = 32;
  private static final int AT_ONCE = 2;
  private static final int SHORTEST = 12;
  private static final int LONGEST = 256;

  private final Argon2Function function;
  private final Semaphore atOnce = new Semaphore(AT_ONCE);

  /// @param memoryKib of one computation
  /// @param iterations over the memory
  public PasswordHash(int memoryKib, int iterations) {
    function =
        Argon2Function.getInstance(
            memoryKib,
            iterations,
            1,
            HASH_BYTES,
            Argon2.ID,
            Argon2Function.ARGON2_VERSION_13);
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
      return function.hash(password).getResult();
    } finally {
      atOnce.release();
    }
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
