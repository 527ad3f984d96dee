package io.photophone.server.security;

import java.time.Instant;

/// Somebody with a password.
///
/// @param hash of the password, with its parameters
/// @param revision counts changes of role, password and admission, each of which ends the sessions
///   before
public record User(
    String name, Role role, boolean enabled, String hash, int revision, Instant created) {

  User withRole(Role other) {
    return new User(name, other, enabled, hash, revision + 1, created);
  }

  User withHash(String other) {
    return new User(name, role, enabled, other, revision + 1, created);
  }

  User withEnabled(boolean other) {
    return new User(name, role, other, hash, revision + 1, created);
  }

  /// Without the hash, which belongs in no log.
  @Override
  public String toString() {
    return "User[%s, %s]".formatted(name, role.wireName());
  }
}
