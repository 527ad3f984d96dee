package io.photophone.server.security;

import java.time.Duration;

/// What became of an attempt to sign in.
public sealed interface SignIn {
  /// It was right.
  ///
  /// @param session token for the page's cookie
  record Welcome(String session, Caller caller) implements SignIn {
    /// Without the session, which belongs in no log.
    @Override
    public String toString() {
      return "Welcome[%s]".formatted(caller);
    }
  }

  /// It was wrong. What was wrong isn't told.
  record Wrong() implements SignIn {}

  /// There were too many wrong ones.
  ///
  /// @param left until another may be made
  record Later(Duration left) implements SignIn {}

  /// In words, for the audit.
  default String outcome() {
    return switch (this) {
      case Welcome _ -> "signed in";
      case Wrong _ -> "wrong";
      case Later _ -> "too many attempts";
    };
  }
}
