package io.photophone.server.security;

import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Those who sign in with a password, kept in a file. One of them at least may do everything, as
/// soon as one ever could.
final class Users {
  private static final String FILE = "users.json";
  private static final int MOST = 1000;

  private final SharedFile<All> file;
  private final PasswordHash hashes;
  private final InstantSource clock;

  /// Checked where there is no such user, so that the time doesn't tell who there is.
  private final String nobodysHash;

  private record All(List<User> users) {
    All {
      users = List.copyOf(users);
    }

    @Nullable User named(String name) {
      return users.stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
    }

    boolean hasAdmin() {
      return users.stream().anyMatch(each -> each.enabled() && each.role() == Role.ADMIN);
    }
  }

  Users(PrivateFolder folder, PasswordHash hashes, InstantSource clock) throws IOException {
    this.hashes = hashes;
    this.clock = clock;
    file = SharedFile.json(folder, FILE, All.class, new All(List.of()));
    nobodysHash = hashes.ofNobody();
  }

  List<User> all() {
    return file.value().users();
  }

  @Nullable User named(String name) {
    return file.value().named(name);
  }

  /// The user with this name and password; null for any other.
  @Nullable User withPassword(String name, String password) {
    User user = named(name);
    boolean matches = hashes.matches(password, user == null ? nobodysHash : user.hash());
    return matches && user != null && user.enabled() ? user : null;
  }

  /// Makes a user.
  ///
  /// @throws IllegalArgumentException for a name or password that isn't allowed
  /// @throws IllegalStateException if there is such a user
  User create(String name, Role role, String password) {
    Names.check("name", name);
    if (name.equals(AccessControl.OWNER) || name.equals(AccessControl.ANONYMOUS)) {
      throw new IllegalArgumentException(
          "name is %s, allowed: any but %s and %s"
              .formatted(name, AccessControl.OWNER, AccessControl.ANONYMOUS));
    }
    String hash = hashes.of(password);
    User user =
        new User(
            name,
            role,
            true,
            hash,
            Secret.newRevision(),
            clock.instant().truncatedTo(ChronoUnit.SECONDS));
    file.change(before -> {
      if (before.named(name) != null) {
        throw new IllegalStateException("there is a user %s already".formatted(name));
      }
      if (before.users().size() >= MOST) {
        throw new IllegalStateException("there are %d users, allowed: %d".formatted(MOST, MOST));
      }
      List<User> all = new ArrayList<>(before.users());
      all.add(user);
      return new All(all);
    });
    return user;
  }

  /// What is to become of a user; null for what stays.
  record Change(@Nullable Role role, @Nullable String password, @Nullable Boolean enabled) {}

  /// Changes a user.
  ///
  /// @return the user as they are now; null if there is none
  /// @throws IllegalStateException if no administrator would be left
  @Nullable User change(String name, Change change) {
    String hash = change.password() == null ? null : hashes.of(change.password());
    return replace(
            name,
            user -> {
              User changed = user;
              if (change.role() != null && change.role() != changed.role()) {
                changed = changed.withRole(change.role());
              }
              if (hash != null) {
                changed = changed.withHash(hash);
              }
              if (change.enabled() != null && change.enabled() != changed.enabled()) {
                changed = changed.withEnabled(change.enabled());
              }
              return changed;
            })
        .named(name);
  }

  /// Removes a user.
  ///
  /// @throws IllegalStateException if no administrator would be left
  void delete(String name) {
    replace(name, _ -> null);
  }

  /// What a user becomes; null to be removed.
  private interface Edit {
    @Nullable User apply(User user);
  }

  private All replace(String name, Edit edit) {
    return file.change(before -> {
      List<User> all = new ArrayList<>();
      for (User each : before.users()) {
        User after = each.name().equals(name) ? edit.apply(each) : each;
        if (after != null) {
          all.add(after);
        }
      }
      All after = new All(all);
      if (before.hasAdmin() && !after.hasAdmin()) {
        throw new IllegalStateException(
            "%s is the last administrator: make another one first".formatted(name));
      }
      return after;
    });
  }
}
