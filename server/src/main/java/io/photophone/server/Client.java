package io.photophone.server;

import org.eclipse.jetty.server.Request;

/// Who listens to a stream.
///
/// @param address from which the request came
record Client(String address) {
  static Client of(Request request) {
    return new Client(Request.getRemoteAddr(request));
  }
}
