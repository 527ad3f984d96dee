package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/// The body of a request that changes something.
final class Body {
  private Body() {}

  /// The whole body as text.
  ///
  /// @param mostBytes that are accepted
  /// @param types media types, separated by a comma and a space
  /// @throws Problem.Refusal for another type, a longer one, one of unknown length, and bytes that
  ///   are no UTF-8
  static String text(Request request, int mostBytes, String types) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    String media = type == null ? null : MimeTypes.getContentTypeWithoutCharset(type);
    List<String> allowed = Arrays.asList(types.split(", "));
    if (media == null || !allowed.contains(media.toLowerCase(Locale.ROOT))) {
      throw new Problem.Refusal(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
          "the content type is %s, allowed: %s"
              .formatted(type == null ? "not given" : type, types));
    }
    long length = request.getLength();
    if (length < 0 || length > mostBytes) {
      throw new Problem.Refusal(
          HttpStatus.PAYLOAD_TOO_LARGE_413,
          "the length of the body is %s, allowed: [0, %d] bytes"
              .formatted(length < 0 ? "not given" : length, mostBytes));
    }
    try {
      ByteBuffer bytes = Content.Source.asByteBuffer(request);
      return UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException _) {
      throw new Problem.Refusal(HttpStatus.BAD_REQUEST_400, "the body is not UTF-8");
    } catch (IOException e) {
      if (e.getCause() instanceof TimeoutException late) {
        throw new Problem.Refusal(HttpStatus.REQUEST_TIMEOUT_408, late.getMessage());
      }
      throw new Problem.Refusal(
          HttpStatus.BAD_REQUEST_400, "the body could not be read: " + e.getMessage());
    }
  }

  /// The whole body, which is JSON, as a value of this type.
  ///
  /// @param allowed examples, for people
  static <T> T json(Request request, int mostBytes, Class<T> type, String allowed) {
    return Json.read(text(request, mostBytes, "application/json"), type, allowed);
  }
}
