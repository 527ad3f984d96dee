package io.photophone.server.security;

import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// That a caller's request is answered, as long as their credential counts.
public record Lease(Caller caller, AccessControl access) {
  private static final String ATTRIBUTE = Lease.class.getName();

  /// Lets whoever answers the request see it.
  public void grant(Request request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /// That of a request; null where the path is open to all.
  public static @Nullable Lease of(Request request) {
    return (Lease) request.getAttribute(ATTRIBUTE);
  }

  /// Why an answer that goes on is to end; null while it isn't.
  public @Nullable String ended() {
    return access.ended(caller);
  }
}
