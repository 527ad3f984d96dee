package io.photophone.server.security;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An identity provider at which people may sign in.
///
/// @param issuer as the provider writes it, without what follows in its configuration's address
/// @param clientId what the provider calls this server
/// @param clientSecret file whose first line the secret is; null for a client without one
/// @param scopes asked for beside `openid`
/// @param roleClaim where the identity token has groups or roles, a dot between nested names
/// @param roles in which order they are looked for, the first that is found counts
public record OidcSettings(
    String issuer,
    String clientId,
    @Nullable Path clientSecret,
    List<String> scopes,
    String roleClaim,
    List<RoleOf> roles) {
  /// HTTPS, but for a provider on this computer.
  public static final Pattern ISSUER =
      Pattern.compile(
          "https://[^\\s?#]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]+)?(/[^\\s?#]*)?");

  public static final String ISSUER_IN_WORDS =
      "an https address without a query, or an http address of this computer";

  /// A role that a value of the claim gives.
  public record RoleOf(String value, Role role) {}

  public OidcSettings {
    if (!ISSUER.matcher(issuer).matches()) {
      throw new IllegalArgumentException(
          "issuer is %s, allowed: %s".formatted(issuer, ISSUER_IN_WORDS));
    }
    Set<String> all = new LinkedHashSet<>(List.of("openid"));
    all.addAll(scopes);
    scopes = List.copyOf(all);
    roles = List.copyOf(roles);
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("roles is an empty list, allowed: a list of at least 1");
    }
  }

  /// What the provider's people are told apart from users of this server by.
  String host() {
    return URI.create(issuer).getHost().toLowerCase(Locale.ROOT);
  }
}
