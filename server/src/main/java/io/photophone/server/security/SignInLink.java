package io.photophone.server.security;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The way in for the owner of the data directory, who needs no password: a secret for an address,
/// which counts once and for a quarter of an hour. A new one makes the one before it void.
final class SignInLink {
  static final Duration LIFE = Duration.ofMinutes(15);

  private static final String FILE = "sign-in-link.json";

  private final PrivateFolder folder;
  private final InstantSource clock;

  private record Waiting(String digest, Instant expires) {}

  SignInLink(PrivateFolder folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /// A new secret, of which only the digest is kept.
  String make() throws IOException {
    String secret = Secret.newSecret();
    Instant expires = clock.instant().plus(LIFE);
    return folder.exclusively(() -> {
      folder.write(FILE, new Waiting(Secret.digest(secret), expires));
      return secret;
    });
  }

  /// Whether this is the secret; it counts no more then.
  boolean redeem(String secret) throws IOException {
    return folder.exclusively(() -> {
      Waiting waiting = folder.read(FILE, Waiting.class);
      if (waiting == null
          || !Secret.matches(secret, waiting.digest())
          || !clock.instant().isBefore(waiting.expires())) {
        return false;
      }
      folder.delete(FILE);
      return true;
    });
  }
}
