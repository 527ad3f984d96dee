package io.photophone.server.security;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is known of a token that was handed out; never the token itself.
///
/// @param id by which it is revoked
/// @param name that its holder goes by
/// @param by who made it
/// @param revoked null while it counts
public record IssuedToken(
    String id,
    String name,
    Role role,
    String by,
    Instant issued,
    Instant expires,
    @Nullable Instant revoked) {

  public IssuedToken {
    requireNonNull(id);
    requireNonNull(name);
    requireNonNull(role);
    requireNonNull(issued);
    requireNonNull(expires);
  }

  IssuedToken revokedAt(Instant when) {
    return revoked == null ? new IssuedToken(id, name, role, by, issued, expires, when) : this;
  }
}
