package io.photophone.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A client on a thread of its own, which reads no faster than it is told to.
final class PacedClient implements AutoCloseable {
  static final long UNLIMITED = Long.MAX_VALUE;

  private static final int READS_A_SECOND = 20;
  private static final int BUFFER_BYTES = 64 * 1024;

  private final SocketChannel channel;
  private final StreamParser parser;
  private final long bytesPerSecond;
  private final Thread thread;
  private Tally tally = new Tally();
  private volatile boolean closed;
  private volatile @Nullable IOException failure;

  /// Connects and begins to read.
  ///
  /// @param lastEventId that it has seen; [StreamRequest#NOTHING_SEEN] for a new client
  /// @param speed at which the server plays its source, times real time
  PacedClient(StreamRequest request, long lastEventId, double speed, long bytesPerSecond)
      throws IOException {
    this.parser = request.parser(lastEventId, speed);
    this.bytesPerSecond = bytesPerSecond;
    this.channel = SocketChannel.open(request.socketAddress());
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.write(request.bytes(lastEventId));
    this.thread = Thread.ofVirtual().name("paced client").start(this::run);
  }

  private void run() {
    int most = (int) Math.min(BUFFER_BYTES, bytesPerSecond / READS_A_SECOND);
    ByteBuffer buffer = ByteBuffer.allocateDirect(most);
    long due = System.nanoTime();
    try {
      while (parser.open()) {
        if (channel.read(buffer.clear()) < 0) {
          throw new IOException("the server closed the connection");
        }
        buffer.flip();
        long nanos = (long) (buffer.remaining() * 1e9 / bytesPerSecond);
        accept(buffer);
        due = Math.max(due, System.nanoTime() - Duration.ofMillis(100).toNanos()) + nanos;
        for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
          LockSupport.parkNanos(this, wait);
        }
      }
    } catch (ClosedChannelException e) {
      if (!closed) {
        failure = e;
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private synchronized void accept(ByteBuffer bytes) throws IOException {
    parser.accept(bytes, tally);
  }

  /// What came since the last call.
  synchronized Tally take() {
    Tally taken = tally;
    tally = new Tally();
    return taken;
  }

  /// Number of the last frame.
  synchronized long seen() {
    return parser.seen();
  }

  /// Whether the stream still goes on.
  synchronized boolean open() {
    return parser.open() && failure == null;
  }

  /// Why reading ended; null if it goes on, or the server or this client ended it in order.
  @Nullable IOException failure() {
    return failure;
  }

  /// Closes the connection and waits for the thread.
  @Override
  public void close() {
    closed = true;
    try {
      channel.close();
      thread.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
