package io.photophone.events.symbols;

import java.io.IOException;

/// A file of symbols that can't be read as what it says it is; the message names the place in the
/// file, the value found there and what is allowed.
public final class SymbolException extends IOException {
  private static final long serialVersionUID = 1;

  SymbolException(String message) {
    super(message);
  }

  SymbolException(String message, Throwable cause) {
    super(message, cause);
  }

  static SymbolException of(String place, String value, String allowed) {
    return new SymbolException("%s is %s; allowed: %s".formatted(place, value, allowed));
  }

  static SymbolException outOfRange(String place, long value, long first, long last) {
    return of(
        place,
        "0x%x".formatted(value),
        last < first ? "nothing" : "0x%x to 0x%x".formatted(first, last));
  }
}
