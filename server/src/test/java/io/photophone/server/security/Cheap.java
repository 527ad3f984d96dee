package io.photophone.server.security;

import java.io.IOException;
import java.nio.file.Path;

/// Access whose passwords cost little.
public final class Cheap {
  private Cheap() {}

  public static Access open(Path data, AccessSettings settings, TestClock clock)
      throws IOException {
    return Access.open(data, settings, new PasswordHash(64, 1), clock);
  }
}
