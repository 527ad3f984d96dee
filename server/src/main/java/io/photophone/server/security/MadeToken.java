package io.photophone.server.security;

/// A token as it is handed out, once.
///
/// @param text what its holder shows
public record MadeToken(String text, IssuedToken about) {
  /// Without the text, which belongs in no log.
  @Override
  public String toString() {
    return "MadeToken[%s]".formatted(about);
  }
}
