package io.photophone.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What a client asks for.
///
/// @param token of who asks; null where nobody has to sign in
record StreamRequest(URI address, @Nullable String token) {
  static final long NOTHING_SEEN = -1;

  InetSocketAddress socketAddress() {
    return new InetSocketAddress(address.getHost(), address.getPort());
  }

  /// The bytes of the request.
  ///
  /// @param lastEventId that the client has seen; [#NOTHING_SEEN] for one that is new
  ByteBuffer bytes(long lastEventId) {
    StringBuilder text = new StringBuilder();
    text.append("GET ").append(address.getRawPath()).append(" HTTP/1.1\r\n");
    text.append("Host: ").append(address.getRawAuthority()).append("\r\n");
    text.append("Accept: text/event-stream\r\n");
    if (token != null) {
      text.append("Authorization: Bearer ").append(token).append("\r\n");
    }
    if (lastEventId != NOTHING_SEEN) {
      text.append("Last-Event-ID: ").append(lastEventId).append("\r\n");
    }
    return ByteBuffer.wrap(text.append("\r\n").toString().getBytes(US_ASCII));
  }
}
