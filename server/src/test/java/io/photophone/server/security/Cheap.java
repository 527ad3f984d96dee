package io.photophone.server.security;

import java.io.IOException;
import java.nio.file.Path;

/// AccessControl whose passwords cost little.
public final class Cheap {
  private Cheap() {}

  public static AccessControl open(Path data, AccessSettings settings, TestClock clock)
      throws IOException {
    return AccessControl.open(data, settings, new PasswordHash(64, 1), clock);
  }
}
