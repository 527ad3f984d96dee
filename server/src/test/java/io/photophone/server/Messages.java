package io.photophone.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a WebSocket of the JDK's client receives, whole messages in their order.
final class Messages implements AutoCloseable, WebSocket.Listener {
  private static final long PATIENCE_S = 10;

  private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<ByteBuffer> pong = new CompletableFuture<>();
  private final CompletableFuture<String> closed = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private volatile boolean reading;
  private final HttpClient http = HttpClient.newHttpClient();
  final WebSocket socket;

  /// A whole message.
  sealed interface Message {}

  record Text(String text) implements Message {}

  /// Little-endian.
  record Bytes(ByteBuffer bytes) implements Message {}

  private Messages(LiveServer live, String pathAndQuery, boolean reading) {
    this.reading = reading;
    URI address = live.address.resolve(pathAndQuery);
    socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create("ws" + address.toString().substring(4)), this)
            .join();
  }

  static Messages open(LiveServer live, String pathAndQuery) {
    return new Messages(live, pathAndQuery, true);
  }

  /// One that receives nothing before [#read].
  static Messages paused(LiveServer live, String pathAndQuery) {
    return new Messages(live, pathAndQuery, false);
  }

  void read() {
    reading = true;
    socket.request(1);
  }

  @Override
  public void onOpen(WebSocket webSocket) {
    if (reading) {
      webSocket.request(1);
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      received.add(new Text(text.toString()));
      text.setLength(0);
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
    bytes = ByteBuffer.allocate(bytes.remaining() + data.remaining()).put(bytes).put(data).flip();
    if (last) {
      received.add(new Bytes(bytes.order(ByteOrder.LITTLE_ENDIAN)));
      bytes = ByteBuffer.allocate(0);
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
    pong.complete(ByteBuffer.allocate(message.remaining()).put(message).flip());
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
    closed.complete(code + " " + reason);
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    closed.completeExceptionally(error);
  }

  Message next() throws InterruptedException {
    Message next = received.poll(PATIENCE_S, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no message came; closed: " + closed);
    }
    return next;
  }

  /// The next message, which is bytes.
  ByteBuffer bytes() throws InterruptedException {
    Message next = next();
    if (next instanceof Bytes(ByteBuffer buffer)) {
      return buffer;
    }
    throw new AssertionError("expected bytes, not " + next);
  }

  /// The next message, which is JSON.
  JsonNode json() throws InterruptedException {
    Message next = next();
    if (next instanceof Text(String json)) {
      return JsonMapper.shared().readTree(json);
    }
    throw new AssertionError("expected text, not " + next);
  }

  ByteBuffer pong() throws Exception {
    return pong.get(PATIENCE_S, TimeUnit.SECONDS);
  }

  /// Code and reason, once the server has closed.
  String closed() throws Exception {
    return closed.get(PATIENCE_S, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
