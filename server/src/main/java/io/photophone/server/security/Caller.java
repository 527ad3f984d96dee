package io.photophone.server.security;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who asks, as their credential says.
///
/// @param name of the user or the token
/// @param tokenId of the token that they show; empty for one who shows none
/// @param expires when the token ends
/// @param issued when the token was made
/// @param session whether the token is a page's session, and not one for programs
/// @param revision of the user when the session began; null if there is no user behind it
public record Caller(
    String name,
    Role role,
    String tokenId,
    Instant issued,
    Instant expires,
    boolean session,
    @Nullable Integer revision) {

  /// Somebody who shows nothing.
  static Caller anonymous(Role role) {
    return new Caller("anonymous", role, "", Instant.EPOCH, Instant.MAX, false, null);
  }

  /// Whether they show nothing.
  public boolean isAnonymous() {
    return tokenId.isEmpty();
  }
}
