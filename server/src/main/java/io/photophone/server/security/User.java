package io.photophone.server.security;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// Somebody with a password.
///
/// @param hash of the password, with its parameters
/// @param revision counts changes of role, password and admission, each of which ends the sessions
///   before; begins at random, so that no session of a removed user is one of their namesake
public record User(
    String name, Role role, boolean enabled, String hash, int revision, Instant created) {

  public User {
    requireNonNull(name);
    requireNonNull(role);
    requireNonNull(hash);
    requireNonNull(created);
  }

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
