package io.photophone.channels.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The forms of receiving, which all rings have in common.
///
/// A message goes into the caller's buffer or to a handler. Receiving allocates nothing, except to
/// tell a lag or a dead peer. Used by one thread at a time, [#close] included; an interrupt ends a
/// wait.
public abstract sealed class SharedReceiver implements AutoCloseable
    permits OneToOneReceiver, BroadcastReceiver {
  private final Pause pause = new Pause();
  private final BufferFiller filler = new BufferFiller();

  SharedReceiver() {}

  /// Receives one message without waiting, into a buffer that has room for it: its position moves
  /// behind the message.
  ///
  /// @throws IllegalArgumentException if the buffer is too small; the message can still be received
  public final SharedReceived poll(ByteBuffer into) {
    return take(filler.into(into), 1, into.remaining());
  }

  /// Receives one message without waiting.
  public final SharedReceived poll(MessageHandler handler) {
    return take(handler, 1, Integer.MAX_VALUE);
  }

  /// Receives, waiting for as long as it takes. Never [SharedReceived.Empty].
  public final SharedReceived receive(ByteBuffer into) throws InterruptedException {
    return receive(filler.into(into), into.remaining(), Long.MAX_VALUE);
  }

  /// Receives, waiting at most for the time given.
  public final SharedReceived receive(ByteBuffer into, Duration timeout)
      throws InterruptedException {
    return receive(filler.into(into), into.remaining(), TimeUnit.NANOSECONDS.convert(timeout));
  }

  /// Receives, waiting for as long as it takes. Never [SharedReceived.Empty].
  public final SharedReceived receive(MessageHandler handler) throws InterruptedException {
    return receive(handler, Integer.MAX_VALUE, Long.MAX_VALUE);
  }

  /// Receives, waiting at most for the time given.
  public final SharedReceived receive(MessageHandler handler, Duration timeout)
      throws InterruptedException {
    return receive(handler, Integer.MAX_VALUE, TimeUnit.NANOSECONDS.convert(timeout));
  }

  private SharedReceived receive(MessageHandler handler, int room, long nanos)
      throws InterruptedException {
    SharedReceived outcome = take(handler, 1, room);
    if (!(outcome instanceof SharedReceived.Empty)) {
      return outcome;
    }
    long begin = System.nanoTime();
    pause.begin();
    while (true) {
      long left = nanos - (System.nanoTime() - begin);
      if (left <= 0) {
        return outcome;
      }
      if (pause.await(left)) {
        heartbeat();
      }
      outcome = take(handler, 1, room);
      if (!(outcome instanceof SharedReceived.Empty)) {
        return outcome;
      }
    }
  }

  /// Receives what is there, up to a number of messages, without waiting; cheaper than as many
  /// single receives.
  ///
  /// @return [SharedReceived.Message] if at least one message was handled, else why there was none
  public final SharedReceived drain(MessageHandler handler, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit is %d, allowed: from 1 on".formatted(limit));
    }
    return take(handler, limit, Integer.MAX_VALUE);
  }

  /// @param room longest message that the handler takes, bytes
  abstract SharedReceived take(MessageHandler handler, int limit, int room);

  static void checkRoom(int length, int room) {
    if (length > room) {
      throw new IllegalArgumentException(
          "message is %d bytes, the buffer has room for %d".formatted(length, room));
    }
  }

  /// Tells the other end that this one is alive, if there is somebody to tell. Waiting does it too.
  public abstract void heartbeat();

  /// Messages that this receiver got.
  public abstract long received();

  /// Messages sent and not yet received, those included that are already overwritten.
  public abstract long pending();

  /// Bytes that the ring has for records.
  public abstract int capacity();

  /// The longest message, bytes: a buffer of that size holds any.
  public abstract int maxMessage();

  /// The sender's process.
  public abstract Peer sender();

  /// Leaves the ring. Idempotent.
  @Override
  public abstract void close();

  /// Copies one message into a buffer.
  private static final class BufferFiller implements MessageHandler {
    private ByteBuffer buffer = ByteBuffer.allocate(0);

    BufferFiller into(ByteBuffer into) {
      buffer = into;
      return this;
    }

    @Override
    public void onMessage(MemorySegment memory, long offset, int length) {
      if (buffer.hasArray()) {
        MemorySegment.copy(
            memory,
            ValueLayout.JAVA_BYTE,
            offset,
            buffer.array(),
            buffer.arrayOffset() + buffer.position(),
            length);
      } else {
        MemorySegment.copy(memory, offset, MemorySegment.ofBuffer(buffer), 0, length);
      }
      buffer.position(buffer.position() + length);
    }
  }
}
