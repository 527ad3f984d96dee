package io.photophone.server;

import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/// What encodings of an answer a client accepts. Contract: A42.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-accept-encoding">RFC 9110, section
///   12.5.3</a>
final class Encodings {
  private Encodings() {}

  /// Whether gzip is among them and not less wanted than the plain text.
  static boolean acceptsGzip(Request request) {
    List<String> wanted = request.getHeaders().getQualityCSV(HttpHeader.ACCEPT_ENCODING);
    for (String each : wanted) {
      if (each.equals("gzip")) {
        return true;
      }
      if (each.equals("identity")) {
        return false;
      }
    }
    return false;
  }
}
