package io.photophone.server;

import io.photophone.server.security.Lease;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Who listens to a stream.
///
/// @param address from which the request came
/// @param lease null where the path is open to all
record Client(String address, @Nullable Lease lease) {
  static Client of(Request request) {
    return new Client(Request.getRemoteAddr(request), Lease.of(request));
  }
}
