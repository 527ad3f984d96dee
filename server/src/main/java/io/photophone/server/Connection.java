package io.photophone.server;

import org.eclipse.jetty.util.Callback;

/// How a stream's events reach one client. At most one write is under way; calls come from one
/// thread at a time, but [#cut], which comes from any.
sealed interface Connection permits SseConnection, WebSocketConnection {
  /// Writes what stands before the first event.
  void begin(Callback written);

  /// An event in the form that the client asked for; it is the next one written.
  ///
  /// @param last whether nothing follows
  /// @throws RuntimeException if it can't be encoded
  Event.Message encode(Event event, Event.View view, boolean last);

  /// Begins to write what was encoded.
  void write(Event.Message message, boolean last, Callback written);

  /// Ends properly, once the last event is written.
  void finish(EndReason reason);

  /// Cuts the connection.
  void cut(Throwable failure);
}
