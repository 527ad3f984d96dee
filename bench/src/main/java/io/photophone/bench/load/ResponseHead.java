package io.photophone.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/// What stands before the body of an HTTP/1.1 response. Used by one thread at a time.
final class ResponseHead {
  private static final int LONGEST = 16 * 1024;

  private final StringBuilder text = new StringBuilder();
  private boolean complete;

  boolean complete() {
    return complete;
  }

  /// Takes bytes up to the blank line.
  ///
  /// @throws IOException if that doesn't come
  void accept(ByteBuffer bytes) throws IOException {
    while (!complete && bytes.hasRemaining()) {
      text.append((char) bytes.get());
      int from = text.length() - 4;
      complete = from >= 0 && text.indexOf("\r\n\r\n", from) == from;
      if (text.length() > LONGEST) {
        throw new IOException("the response's head is longer than " + LONGEST);
      }
    }
  }

  /// Sees that the response is what was asked for.
  ///
  /// @param header that it must have, in lower case
  void require(int status, String header) throws IOException {
    if (!text.toString().startsWith("HTTP/1.1 " + status + " ")) {
      throw new IOException("no stream, but: " + text.toString().lines().findFirst().orElse(""));
    }
    if (!text.toString().toLowerCase(Locale.ROOT).contains(header)) {
      throw new IOException("a response without " + header + ": " + text);
    }
  }
}
