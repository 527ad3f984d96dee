package io.photophone.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A response as it came over the wire.
///
/// @param headers by name in lower case
/// @param body to the end of the connection, as it stands there
record RawResponse(int status, Map<String, String> headers, String body) {

  /// Sends a request and reads until the server closes the connection.
  static RawResponse to(String request, Socket socket) throws IOException {
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    InputStream in = socket.getInputStream();
    RawResponse head = readHead(in);
    return new RawResponse(head.status, head.headers, new String(in.readAllBytes(), UTF_8));
  }

  /// Reads up to the empty line.
  static RawResponse readHead(InputStream in) throws IOException {
    String statusLine = line(in);
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new RawResponse(Integer.parseInt(statusLine.substring(9, 12)), headers, "");
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the connection ended within the head: " + line);
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
