package io.photophone.server.security;

/// What became of a sign-in at an identity provider.
public sealed interface OidcOutcome {

  /// The provider vouches for somebody who has a role here.
  record Known(String name, Role role) implements OidcOutcome {}

  /// Somebody who may not come in.
  ///
  /// @param reason for people
  record Refused(String reason) implements OidcOutcome {}

  /// The provider can't be asked.
  ///
  /// @param reason for people
  record Unavailable(String reason) implements OidcOutcome {}
}
