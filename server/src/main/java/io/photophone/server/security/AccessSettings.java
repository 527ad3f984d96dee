package io.photophone.server.security;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How access is guarded.
///
/// @param anonymous what may be done without signing in; null for nothing
/// @param keyPeriod after which tokens are signed with a new key
/// @param sessionLife of a page that nobody opens again
public record AccessSettings(@Nullable Role anonymous, Duration keyPeriod, Duration sessionLife) {
  public static final AccessSettings DEFAULT =
      new AccessSettings(null, Duration.ofDays(90), Duration.ofDays(7));

  public AccessSettings {
    check("key period", keyPeriod, Duration.ofHours(1), Duration.ofDays(3660));
    check("session life", sessionLife, Duration.ofMinutes(1), Tokens.LONGEST_LIFE);
  }

  private static void check(String what, Duration value, Duration shortest, Duration longest) {
    if (value.compareTo(shortest) < 0 || value.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "the %s is %d s, allowed: [%d, %d] s"
              .formatted(what, value.toSeconds(), shortest.toSeconds(), longest.toSeconds()));
    }
  }
}
