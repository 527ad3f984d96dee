package io.photophone.events.windows;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.UUID;

/// Whose events a session wants, and which.
///
/// @param guid of the provider
/// @param level 1 critical to 5 verbose, up to 255 where the provider has more; all of a lower one
///   come, too
/// @param keywords of which an event must have one; 0 for all events
/// @param stacks whether each event comes with its call stack
public record EtwProvider(UUID guid, int level, long keywords, boolean stacks) {
  public static final int VERBOSE = 5;

  private static final int HIGHEST_LEVEL = 255;

  /// The namespace of providers' names, and the version of a GUID made of one.
  private static final UUID NAMES = UUID.fromString("482c2db2-c390-47c8-87f8-1a15bfc130fb");

  private static final long VERSION_MASK = 0xF000;
  private static final long VERSION = 0x5000;

  public EtwProvider {
    if (level < 0 || level > HIGHEST_LEVEL) {
      throw new IllegalArgumentException(
          "level of provider %s is %d, allowed: 0 to %d".formatted(guid, level, HIGHEST_LEVEL));
    }
  }

  /// All events of a provider.
  public static EtwProvider all(UUID guid) {
    return new EtwProvider(guid, VERBOSE, 0, false);
  }

  /// All events of a provider whose GUID is made of its name, as those of TraceLogging and of .NET
  /// are: of SHA-1 over a namespace and the name in capitals.
  public static EtwProvider named(String name) {
    MemorySegment hash = MemorySegment.ofArray(sha1(name.toUpperCase(Locale.ROOT)));
    long high = (Words.guidHigh(hash, 0) & ~VERSION_MASK) | VERSION;
    return all(new UUID(high, Words.guidLow(hash, 0)));
  }

  private static byte[] sha1(String name) {
    ByteBuffer space = ByteBuffer.allocate(2 * Long.BYTES);
    space.putLong(NAMES.getMostSignificantBits()).putLong(NAMES.getLeastSignificantBits());
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(space.array());
      return digest.digest(name.getBytes(StandardCharsets.UTF_16BE));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
