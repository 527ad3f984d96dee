package io.photophone.server.security;

/// Who may do something.
public sealed interface Access {

  /// Whoever asks, signed in or not.
  record Anyone() implements Access {}

  /// Who has this role, or one that may do more.
  record AtLeast(Role least) implements Access {}
}
