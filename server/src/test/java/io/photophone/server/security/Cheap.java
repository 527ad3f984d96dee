package io.photophone.server.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/// Access whose passwords cost little.
public final class Cheap {
  private Cheap() {}

  public static AccessControl open(Path data, AccessSettings settings, InstantSource clock)
      throws IOException {
    return AccessControl.open(data, settings, new PasswordHash(64, 1), clock);
  }

  /// One that lets anybody do anything, for tests of what lies behind it.
  public static AccessControl unguarded() {
    try {
      Path data = Files.createTempDirectory("unguarded");
      data.toFile().deleteOnExit();
      return open(
          data,
          new AccessSettings(
              Role.ADMIN, AccessSettings.DEFAULT.keyPeriod(), AccessSettings.DEFAULT.sessionLife()),
          InstantSource.system());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
