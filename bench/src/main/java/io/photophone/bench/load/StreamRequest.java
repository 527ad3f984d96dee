package io.photophone.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What a client asks for.
///
/// @param token of who asks; null where nobody has to sign in
record StreamRequest(Form form, URI address, @Nullable String token) {
  static final long NOTHING_SEEN = -1;

  /// Any sixteen bytes; a client that only counts doesn't check the answer to them.
  private static final String WEB_SOCKET_KEY = "AAAAAAAAAAAAAAAAAAAAAA==";

  /// How frames come.
  enum Form {
    /// As JSON in server-sent events.
    EVENTS,
    /// As bytes in the messages of a WebSocket.
    MESSAGES
  }

  /// A parser of what a client gets that has seen the frame of the given number.
  ///
  /// @param speed at which the server plays its source, times real time
  StreamParser parser(long seen, double speed) {
    return switch (form) {
      case EVENTS -> new EventParser(seen, speed);
      case MESSAGES -> new MessageParser(seen, speed);
    };
  }

  InetSocketAddress socketAddress() {
    return new InetSocketAddress(address.getHost(), address.getPort());
  }

  /// The bytes of the request.
  ///
  /// @param lastEventId that the client has seen; [#NOTHING_SEEN] for one that is new
  ByteBuffer bytes(long lastEventId) {
    StringBuilder text = new StringBuilder();
    String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
    text.append("GET ").append(address.getRawPath()).append(query).append(" HTTP/1.1\r\n");
    text.append("Host: ").append(address.getRawAuthority()).append("\r\n");
    text.append(
        switch (form) {
          case EVENTS -> "Accept: text/event-stream\r\n";
          case MESSAGES ->
              "Upgrade: websocket\r\n"
                  + "Connection: Upgrade\r\n"
                  + "Sec-WebSocket-Version: 13\r\n"
                  + "Sec-WebSocket-Key: "
                  + WEB_SOCKET_KEY
                  + "\r\n";
        });
    if (token != null) {
      text.append("Authorization: Bearer ").append(token).append("\r\n");
    }
    if (lastEventId != NOTHING_SEEN) {
      text.append("Last-Event-ID: ").append(lastEventId).append("\r\n");
    }
    return ByteBuffer.wrap(text.append("\r\n").toString().getBytes(US_ASCII));
  }
}
