package io.photophone.app.config;

import static io.photophone.app.config.Scalar.line;
import static io.photophone.app.config.Scalar.named;
import static io.photophone.app.config.Scalar.path;
import static io.photophone.app.config.Scalar.text;

import io.photophone.app.config.Section.Draft;
import io.photophone.server.security.OidcSettings;
import io.photophone.server.security.OidcSettings.RoleOf;
import io.photophone.server.security.Role;
import java.util.List;

/// The part of [Settings] that is about an identity provider.
final class OidcSection {
  private OidcSection() {}

  static Section<OidcSettings> oidc() {
    var s =
        Draft.from(
            new OidcSettings(
                "https://login.example",
                "photophone",
                null,
                List.of("openid", "profile"),
                "groups",
                List.of(new RoleOf("admins", Role.ADMIN))));
    var issuer =
        s.required(
            "issuer",
            text(OidcSettings.ISSUER, OidcSettings.ISSUER_IN_WORDS),
            OidcSettings::issuer,
            "the provider's address, as it writes it itself");
    var client =
        s.required(
            "client_id", line(), OidcSettings::clientId, "what the provider calls this server");
    var secret =
        s.optional(
            "client_secret_file",
            path(),
            OidcSettings::clientSecret,
            "file whose first line is the client's secret; none for a public client");
    var scopes =
        s.add("scopes", new ListOf<>(line(), 0), OidcSettings::scopes, "what is asked for");
    var claim =
        s.add(
            "role_claim",
            line(),
            OidcSettings::roleClaim,
            "claim of the identity token that has groups or roles, as in realm_access.roles");
    var roles =
        s.required(
            "roles",
            new ListOf<>(roleOf(), 1),
            OidcSettings::roles,
            "which value gives which role, the first that is found; who has none is refused");
    return s.make(v ->
        new OidcSettings(
            v.get(issuer),
            v.get(client),
            v.find(secret),
            v.get(scopes),
            v.get(claim),
            v.get(roles)));
  }

  private static Section<RoleOf> roleOf() {
    var s = Draft.<RoleOf>withoutPresets();
    var value = s.add("value", line(), RoleOf::value, "a value of the claim");
    var role =
        s.add("role", named(List.of(Role.values()), Role::wireName), RoleOf::role, "the role");
    return s.make(v -> new RoleOf(v.get(value), v.get(role)));
  }
}
