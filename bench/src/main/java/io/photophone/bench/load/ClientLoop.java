package io.photophone.bench.load;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A thread that reads for many clients of one stream.
final class ClientLoop implements Closeable {
  /// Requests that wait for their answer at most: a server's queue of connections to accept may be
  /// short, and who finds it full waits for a second.
  private static final int ASKING = 24;

  private static final int BUFFER_BYTES = 256 * 1024;

  private final StreamRequest request;
  private final int clients;
  private final Selector selector;
  private final Thread thread;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final Queue<CompletableFuture<Tally>> takers = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private volatile int answered;
  private volatile boolean closed;

  // Of the thread alone, as are writes of the counter above.
  private Tally tally = new Tally();
  private int asked;

  /// Clients that don't connect before [#start].
  ClientLoop(String name, StreamRequest request, int clients) throws IOException {
    this.request = request;
    this.clients = clients;
    this.selector = Selector.open();
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  /// @return done when each client's response has begun, failed if one is refused before
  CompletableFuture<Void> start() {
    thread.start();
    return ready;
  }

  /// Clients whose response has begun.
  int answered() {
    return answered;
  }

  /// What came since the last call.
  CompletableFuture<Tally> take() {
    CompletableFuture<Tally> taken = new CompletableFuture<>();
    takers.add(taken);
    selector.wakeup();
    return taken;
  }

  private void run() {
    try {
      connectMore();
      while (!closed) {
        selector.select(this::serve, 1000);
        handOver();
        connectMore();
      }
    } catch (IOException | RuntimeException e) {
      ready.completeExceptionally(e);
      takers.forEach(taker -> taker.completeExceptionally(e));
    }
  }

  private void handOver() {
    for (CompletableFuture<Tally> taker = takers.poll(); taker != null; taker = takers.poll()) {
      taker.complete(tally);
      tally = new Tally();
    }
  }

  private void connectMore() throws IOException {
    while (asked < clients && asked - answered < ASKING) {
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.connect(request.socketAddress());
      channel.register(
          selector, SelectionKey.OP_CONNECT, request.parser(StreamRequest.NOTHING_SEEN, 1));
      asked++;
    }
    if (answered == clients) {
      ready.complete(null);
    }
  }

  private void serve(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    StreamParser parser = (StreamParser) key.attachment();
    try {
      if (key.isConnectable()) {
        channel.finishConnect();
        channel.write(request.bytes(StreamRequest.NOTHING_SEEN));
        key.interestOps(SelectionKey.OP_READ);
      } else {
        read(channel, parser);
      }
    } catch (IOException e) {
      tally.ended++;
      key.cancel();
      ready.completeExceptionally(e);
    }
  }

  private void read(SocketChannel channel, StreamParser parser) throws IOException {
    boolean before = parser.answered();
    buffer.clear();
    if (channel.read(buffer) < 0) {
      throw new IOException("the server closed the connection");
    }
    parser.accept(buffer.flip(), tally);
    if (!before && parser.answered()) {
      answered = answered + 1;
    }
    if (!parser.open()) {
      channel.close();
    }
  }

  /// Closes the connections and waits for the thread.
  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
