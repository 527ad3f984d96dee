package io.photophone.server.security;

/// What a person or a program is trusted with; each may do what those before it may.
public enum Role {
  /// Reads everything.
  VIEWER,

  /// Gives commands to instruments.
  OPERATOR,

  /// Decides who may do what.
  ADMIN
}
