package io.photophone.server;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/// Events as messages of a WebSocket: frames and spectra as bytes, all else as JSON.
///
/// The client has nothing to say: a message of it closes the connection. Its pings are answered one
/// at a time, so that a client that doesn't read can't fill the memory with answers. Contract: A44.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6455">RFC 6455</a>
final class WebSocketConnection implements Connection, FrameHandler {
  /// A client's message is refused whatever its length; larger ones come in pieces of this.
  private static final int INPUT_BYTES = 1024;

  private static final int REFUSED = 1003;

  /// How much of a refused message is read before the connection ends. A socket that is closed with
  /// unread input is reset, and the client may never see why.
  private static final int REFUSED_BYTES = 4 << 20;

  private final SampleFormat format;
  private final Consumer<WebSocketConnection> opened;

  /// Set before the stream starts.
  private volatile @Nullable CoreSession session;

  /// Of the message that is being refused; of the thread that brings frames alone.
  private int refusedBytes;

  /// What is told when the client has gone.
  private volatile Runnable gone = () -> {};

  /// @param opened called once the handshake is done; starts the stream
  WebSocketConnection(SampleFormat format, Consumer<WebSocketConnection> opened) {
    this.format = format;
    this.opened = opened;
  }

  void onGone(Runnable told) {
    gone = told;
  }

  private CoreSession session() {
    CoreSession open = session;
    if (open == null) {
      throw new IllegalStateException("the handshake isn't done");
    }
    return open;
  }

  @Override
  public void onOpen(CoreSession core, Callback callback) {
    core.setIdleTimeout(Duration.ZERO);
    core.setInputBufferSize(INPUT_BYTES);
    session = core;
    callback.succeeded();
    opened.accept(this);
    core.demand();
  }

  @Override
  public void onFrame(Frame frame, Callback callback) {
    switch (frame.getOpCode()) {
      case OpCode.PING -> {
        ByteBuffer payload = ByteBuffer.allocate(frame.getPayloadLength());
        payload.put(frame.getPayload()).flip();
        callback.succeeded();
        CoreSession core = session();
        core.sendFrame(
            new Frame(OpCode.PONG, payload), Callback.from(core::demand, _ -> gone.run()), false);
      }
      case OpCode.TEXT, OpCode.BINARY, OpCode.CONTINUATION -> {
        refusedBytes += frame.getPayloadLength();
        callback.succeeded();
        if (frame.isFin() || refusedBytes > REFUSED_BYTES) {
          session().close(REFUSED, "this stream takes no messages", Callback.NOOP);
        } else {
          session().demand();
        }
      }
      default -> {
        callback.succeeded();
        session().demand();
      }
    }
  }

  @Override
  public void onError(Throwable cause, Callback callback) {
    gone.run();
    callback.succeeded();
  }

  @Override
  public void onClosed(CloseStatus status, Callback callback) {
    gone.run();
    callback.succeeded();
  }

  @Override
  public void begin(Callback written) {
    written.succeeded();
  }

  @Override
  public Event.Message encode(Event event, Event.View view, boolean last) {
    return event.message(view.part(), format);
  }

  @Override
  public void write(Event.Message message, boolean last, Callback written) {
    byte kind = message.binary() ? OpCode.BINARY : OpCode.TEXT;
    session().sendFrame(new Frame(kind, true, message.bytes().duplicate()), written, false);
  }

  @Override
  public void finish(EndReason reason) {
    session().close(reason.closeCode(), reason.wireName(), Callback.NOOP);
  }

  @Override
  public void cut(Throwable failure) {
    session().abort();
  }
}
