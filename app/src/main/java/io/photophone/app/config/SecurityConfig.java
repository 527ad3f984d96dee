package io.photophone.app.config;

import io.photophone.model.Range;
import io.photophone.server.security.OidcSettings;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Who may do what, as far as it is configured.
///
/// @param anonymousRole of who isn't signed in
/// @param keyPeriod after which tokens are signed with a new key
/// @param sessionLife of a page that nobody opens again
/// @param oidc null where no identity provider is configured
public record SecurityConfig(
    AnonymousRole anonymousRole,
    Duration keyPeriod,
    Duration sessionLife,
    @Nullable OidcSettings oidc) {
  public static final Range KEY_PERIOD_DAYS = Range.closed(1, 3660);
  public static final Range SESSION_HOURS = Range.closed(0.1, 8760);

  public static final SecurityConfig DEFAULT =
      new SecurityConfig(AnonymousRole.NONE, Duration.ofDays(90), Duration.ofDays(7), null);

  public SecurityConfig {
    KEY_PERIOD_DAYS.check("key_period_days", keyPeriod.toSeconds() / 86_400.0);
    SESSION_HOURS.check("session_hours", sessionLife.toSeconds() / 3600.0);
  }

  /// What may be done without signing in.
  public enum AnonymousRole {
    NONE,
    VIEWER;

    /// As it stands in a configuration.
    public String configName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
