package io.photophone.server;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Why a request can't be answered, as problem details.
///
/// @param detail what is wrong with which value and what is allowed, for people
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
record Problem(int status, String detail) {

  void write(Response response, Callback callback) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    byte[] json =
        Json.bytes(new Details("about:blank", HttpStatus.getMessage(status), status, detail));
    response.write(true, ByteBuffer.wrap(json), callback);
  }

  record Details(String type, String title, int status, String detail) {}

  /// Leaves a handler with a problem as its answer.
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    Refusal(int status, String detail) {
      super(detail, null, false, false);
      this.problem = new Problem(status, detail);
    }

    Problem problem() {
      return problem;
    }
  }
}
