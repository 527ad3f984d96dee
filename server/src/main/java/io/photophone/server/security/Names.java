package io.photophone.server.security;

import java.util.regex.Pattern;

/// What users and tokens may be called: nothing that needs quoting anywhere.
final class Names {
  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@ -]{0,63}");

  private Names() {}

  /// Refuses any other name.
  static void check(String what, String name) {
    if (!areAllowed(name)) {
      throw new IllegalArgumentException(
          "%s is \"%s\", allowed: 1 to 64 letters, digits, spaces and ._@-, a letter or digit first"
              .formatted(what, shown(name)));
    }
  }

  /// Whether somebody may be called this.
  static boolean areAllowed(String name) {
    return ALLOWED.matcher(name).matches();
  }

  /// Short enough for an answer or a log, on one line.
  static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() > 64 ? line.substring(0, 64) + "…" : line;
  }
}
