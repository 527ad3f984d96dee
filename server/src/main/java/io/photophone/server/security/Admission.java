package io.photophone.server.security;

/// What became of a credential that somebody showed.
public sealed interface Admission {
  /// It counts.
  record Admitted(Caller caller) implements Admission {}

  /// It doesn't.
  ///
  /// @param reason without anything of the credential
  record Refused(String reason) implements Admission {}
}
