package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Events as text in the body of an answer, compressed or not. Contract: A23, A42.
final class SseConnection implements Connection {
  /// After a broken connection a browser tries again in two seconds.
  private static final ByteBuffer PRELUDE = ByteBuffer.wrap("retry: 2000\n\n".getBytes(UTF_8));

  private static final GzipStream.Block PRELUDE_BLOCK = GzipStream.Block.of(PRELUDE);

  private final Response response;
  private final Callback completion;
  private final @Nullable GzipStream gzip;

  /// @param completion of the request
  /// @param gzip null for plain text
  SseConnection(Response response, Callback completion, @Nullable GzipStream gzip) {
    this.response = response;
    this.completion = completion;
    this.gzip = gzip;
  }

  @Override
  public void begin(Callback written) {
    if (gzip == null) {
      response.write(false, PRELUDE.duplicate(), written);
      return;
    }
    gzip.add(PRELUDE_BLOCK);
    response.write(false, joined(GzipStream.header(), PRELUDE_BLOCK.bytes().duplicate()), written);
  }

  @Override
  public Event.Message encode(Event event, Event.View view, boolean last) {
    return new Event.Message(
        false, gzip == null ? event.text(view) : packed(gzip, event.block(view), last));
  }

  @Override
  public void write(Event.Message message, boolean last, Callback written) {
    response.write(last, message.bytes(), written);
  }

  private static ByteBuffer packed(GzipStream gzip, GzipStream.Block block, boolean last) {
    gzip.add(block);
    ByteBuffer bytes = block.bytes().duplicate();
    return last ? joined(bytes, gzip.trailer()) : bytes;
  }

  private static ByteBuffer joined(ByteBuffer first, ByteBuffer second) {
    return ByteBuffer.allocate(first.remaining() + second.remaining())
        .put(first)
        .put(second)
        .flip();
  }

  @Override
  public void finish(EndReason reason) {
    completion.succeeded();
  }

  @Override
  public void cut(Throwable failure) {
    completion.failed(failure);
  }
}
