package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/// The body of a request that changes something.
///
/// @param type what its JSON is read as
/// @param mostBytes that are accepted
/// @param mediaTypes that are accepted
/// @param examples in JSON
record Body<T>(Class<T> type, int mostBytes, List<String> mediaTypes, List<String> examples) {
  private static final String JSON = "application/json";

  Body {
    mediaTypes = List.copyOf(mediaTypes);
    examples = List.copyOf(examples);
  }

  /// One that is JSON.
  static <T> Body<T> ofJson(Class<T> type, int mostBytes, String... examples) {
    return new Body<>(type, mostBytes, List.of(JSON), List.of(examples));
  }

  /// The examples on one line, as what is allowed.
  String allowed() {
    return String.join(", ", examples);
  }

  /// The whole body as a value, which goes into the audit as it stands.
  T read(Request request) {
    String text = text(request);
    AuditedResponse.tell(request, text);
    return Json.read(text, type, allowed());
  }

  /// The whole body as text.
  ///
  /// @throws Problem.Refusal for another type, a longer one, and bytes that are no UTF-8
  String text(Request request) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    String media = type == null ? null : MimeTypes.getContentTypeWithoutCharset(type);
    if (media == null || !mediaTypes.contains(media.toLowerCase(Locale.ROOT))) {
      throw new Problem.Refusal(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
          "the content type is %s, allowed: %s"
              .formatted(type == null ? "not given" : type, String.join(", ", mediaTypes)));
    }
    long length = request.getLength();
    if (length > mostBytes) {
      throw tooLong(Long.toString(length));
    }
    try (InputStream in = Content.Source.asInputStream(request)) {
      byte[] bytes = in.readNBytes(mostBytes + 1);
      if (bytes.length > mostBytes) {
        throw tooLong("more than " + mostBytes);
      }
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw new Problem.Refusal(HttpStatus.BAD_REQUEST_400, "the body is not UTF-8");
    } catch (IOException e) {
      if (e.getCause() instanceof TimeoutException late) {
        throw new Problem.Refusal(HttpStatus.REQUEST_TIMEOUT_408, String.valueOf(late.getMessage()));
      }
      throw new Problem.Refusal(
          HttpStatus.BAD_REQUEST_400, "the body could not be read: " + e.getMessage());
    }
  }

  private Problem.Refusal tooLong(String length) {
    return new Problem.Refusal(
        HttpStatus.PAYLOAD_TOO_LARGE_413,
        "the length of the body is %s, allowed: [0, %d] bytes".formatted(length, mostBytes));
  }
}
