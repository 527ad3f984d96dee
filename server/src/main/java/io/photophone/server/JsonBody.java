package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/// The body of a request that asks for something.
final class JsonBody {
  private static final int MOST_BYTES = 1024;

  private JsonBody() {}

  /// What the client has sent.
  ///
  /// @param allowed examples, for people
  /// @throws Problem.Refusal if it is no JSON, too long, or no such value
  static <T> T read(Request request, Class<T> type, String allowed) {
    String contentType = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (contentType == null
        || !"application/json"
            .equalsIgnoreCase(MimeTypes.getContentTypeWithoutCharset(contentType))) {
      throw new Problem.Refusal(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
          "the content type is %s, allowed: application/json"
              .formatted(contentType == null ? "not given" : contentType));
    }
    long length = request.getLength();
    if (length < 0 || length > MOST_BYTES) {
      throw new Problem.Refusal(
          HttpStatus.PAYLOAD_TOO_LARGE_413,
          "the length of the body is %s, allowed: [0, %d] bytes"
              .formatted(length < 0 ? "not given" : length, MOST_BYTES));
    }
    try {
      return Json.read(
          UTF_8.decode(Content.Source.asByteBuffer(request)).toString(), type, allowed);
    } catch (IOException e) {
      throw new Problem.Refusal(
          HttpStatus.BAD_REQUEST_400, "the body could not be read: " + e.getMessage());
    }
  }
}
