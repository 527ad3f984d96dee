package io.photophone.server;

import java.util.zip.CRC32C;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/// What tells one state of an answer from another.
///
/// @param text in its quotes
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-etag">RFC 9110, section 8.8.3</a>
record EntityTag(String text) {
  /// The tag of an answer that changes with the program alone.
  static EntityTag of(byte[] body) {
    CRC32C sum = new CRC32C();
    sum.update(body);
    return new EntityTag("\"%x-%x\"".formatted(body.length, sum.getValue()));
  }

  /// Whether the client has this state already.
  boolean isKnownTo(Request request) {
    return request.getHeaders().getValuesList(HttpHeader.IF_NONE_MATCH).stream()
        .anyMatch(theirs -> theirs.equals("*") || theirs.contains(text));
  }
}
