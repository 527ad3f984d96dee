package io.photophone.server.connection;

import java.nio.file.Path;

/// Where the certificate of encrypted connections comes from.
public sealed interface Tls {

  /// Connections aren't encrypted.
  record None() implements Tls {}

  /// The server makes one and keeps it; no browser trusts it until a person does.
  record SelfSigned() implements Tls {}

  /// Two PEM files, as certificate authorities hand them out.
  ///
  /// @param certificate the server's own first, then those that vouch for it
  /// @param key PKCS #8, not encrypted
  record Pem(Path certificate, Path key) implements Tls {}

  /// A PKCS #12 file with one private key.
  ///
  /// @param password file whose first line it is
  record Pkcs12(Path store, Path password) implements Tls {}
}
