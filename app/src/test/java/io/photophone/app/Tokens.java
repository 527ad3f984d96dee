package io.photophone.app;

import io.photophone.server.security.AccessControl;
import io.photophone.server.security.AccessSettings;
import io.photophone.server.security.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/// Tokens of a data directory, as its owner makes them.
public final class Tokens {
  private Tokens() {}

  public static String operator(Path data) {
    try (AccessControl access = AccessControl.open(data, AccessSettings.DEFAULT)) {
      return access.makeToken("a test", Role.OPERATOR, Duration.ofHours(1), "a test").text();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The address with a token in place of a user, which [Http] sends as a header.
  static URI signedIn(URI address, Path data) {
    return URI.create(address.toString().replace("://", "://" + operator(data) + "@"));
  }
}
