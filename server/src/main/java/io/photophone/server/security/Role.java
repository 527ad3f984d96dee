package io.photophone.server.security;

import java.util.Locale;
import java.util.Set;

/// What somebody may do: each role may do what those before it may.
///
/// A token carries scopes; a role is a set of them.
public enum Role {
  VIEWER,
  OPERATOR,
  ADMIN;

  /// What a token of this role carries.
  public Set<String> scopes() {
    return switch (this) {
      case VIEWER -> Set.of("read:api");
      case OPERATOR -> Set.of("read:api", "operate:api");
      case ADMIN -> Set.of("read:api", "operate:api", "admin:api");
    };
  }

  /// Whether this role may do what the other may.
  public boolean includes(Role least) {
    return scopes().containsAll(least.scopes());
  }

  /// As it stands in JSON and on the command line: `viewer`.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The role with this name.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Role named(String name) {
    for (Role role : values()) {
      if (role.wireName().equals(name)) {
        return role;
      }
    }
    throw new IllegalArgumentException(
        "role is %s, allowed: viewer, operator, admin".formatted(name));
  }
}
