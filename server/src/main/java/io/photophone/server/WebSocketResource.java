package io.photophone.server;

import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.Handshaker;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;

/// `/api/audio/stream/ws`: frames and spectra as bytes over a WebSocket. Contract: A44.
final class WebSocketResource {
  private final OpenStreams all;
  private final EventStreams streams;
  private final Handshaker handshaker = Handshaker.newInstance();

  WebSocketResource(OpenStreams all, EventStreams streams) {
    this.all = all;
    this.streams = streams;
  }

  /// Answers a handshake and then sends what is subscribed to.
  ///
  /// @throws Problem.Refusal if it is none, or too many streams are open
  void open(
      Request request,
      Response response,
      Callback callback,
      Subscription subscription,
      SampleFormat format) {
    if (!handshaker.isWebSocketUpgradeRequest(request)) {
      response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
      throw new Problem.Refusal(
          HttpStatus.UPGRADE_REQUIRED_426,
          "this is no WebSocket handshake, allowed: one of version 13");
    }
    Client client = Client.of(request);
    all.enter(client, response);
    WebSocketConnection connection =
        new WebSocketConnection(format, opened -> streams.open(opened, subscription, client));
    if (!upgraded(request, response, callback, connection)) {
      all.leave(client);
      throw new Problem.Refusal(
          HttpStatus.BAD_REQUEST_400, "the WebSocket handshake is not one of version 13");
    }
  }

  private boolean upgraded(
      Request request, Response response, Callback callback, WebSocketConnection connection) {
    WebSocketComponents components =
        WebSocketServerComponents.getWebSocketComponents(
            request.getConnectionMetaData().getConnector().getServer());
    WebSocketNegotiator negotiator =
        (_, answer, _) -> {
          // To compress a message for each client anew costs more than all the rest.
          answer.setExtensions(List.of());
          return connection;
        };
    return handshaker.upgradeRequest(negotiator, request, response, callback, components, null);
  }
}
