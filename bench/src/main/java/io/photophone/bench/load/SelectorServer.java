package io.photophone.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// As little as can be between frames and sockets: one thread, one selector, no HTTP beyond what a
/// client of the stream needs. Writes the same bytes as the program, and like it skips to the
/// newest frame for who is more than three behind.
final class SelectorServer implements AutoCloseable {
  /// The program's.
  static final int SEND_BUFFER_BYTES = 48 * 1024;

  private static final int BACKLOG = 1024;
  private static final int LATE = 3;
  private static final byte[] RESPONSE =
      ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
              + "Transfer-Encoding: chunked\r\n\r\nd\r\nretry: 2000\n\n\r\n")
          .getBytes(US_ASCII);

  private final FrameText text;
  private final Selector selector = Selector.open();
  private final ServerSocketChannel listener = ServerSocketChannel.open();
  private final Thread thread = Thread.ofPlatform().name("selector").daemon().unstarted(this::run);
  private final ByteBuffer[] recent = new ByteBuffer[LATE + 1];
  private final ByteBuffer request = ByteBuffer.allocate(4096);
  private long published;
  private volatile boolean closed;

  SelectorServer(FrameText text) throws IOException {
    this.text = text;
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
  }

  /// Serves until its standard input ends.
  ///
  /// @param args a file with a frame
  public static void main(String[] args) throws IOException {
    try (SelectorServer server =
        new SelectorServer(new FrameText(Files.readString(Path.of(args[0]))))) {
      System.out.println("at " + server.start());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  URI start() throws IOException {
    thread.start();
    int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
    return URI.create("http://127.0.0.1:" + port + "/");
  }

  /// A client: what is written of its current chunk, and the number of the next.
  private static final class Client {
    @Nullable ByteBuffer writing = ByteBuffer.wrap(RESPONSE);
    boolean asked;
    long next;
  }

  private void run() {
    long due = System.nanoTime();
    try {
      while (!closed) {
        long wait = due - System.nanoTime();
        if (wait <= 0) {
          recent[(int) (published % recent.length)] = text.chunk(published);
          published++;
          due =
              Math.max(
                  due + FrameText.PERIOD.toNanos(), System.nanoTime() - FrameText.PERIOD.toNanos());
          for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof Client client && client.writing == null) {
              write(key, client);
            }
          }
        } else {
          selector.select(this::serve, Math.max(1, wait / 1_000_000));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(SelectionKey key) {
    if (key.attachment() instanceof Client client) {
      if (client.asked) {
        write(key, client);
      } else {
        read(key, client);
      }
    } else {
      accept();
    }
  }

  private void accept() {
    try {
      for (SocketChannel channel = listener.accept();
          channel != null;
          channel = listener.accept()) {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.register(selector, SelectionKey.OP_READ, new Client());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A load client's request comes in one piece.
  private void read(SelectionKey key, Client client) {
    try {
      if (((SocketChannel) key.channel()).read(request.clear()) < 0) {
        key.channel().close();
        return;
      }
      client.asked = true;
      client.next = Math.max(0, published - 1);
      write(key, client);
    } catch (IOException e) {
      close(key);
    }
  }

  private void write(SelectionKey key, Client client) {
    try {
      SocketChannel channel = (SocketChannel) key.channel();
      ByteBuffer bytes = client.writing;
      while (bytes != null || client.next < published) {
        if (bytes == null) {
          if (published - client.next > LATE) {
            client.next = published - 1;
          }
          bytes = recent[(int) (client.next % recent.length)].duplicate();
          client.next++;
        }
        channel.write(bytes);
        if (bytes.hasRemaining()) {
          client.writing = bytes;
          key.interestOps(SelectionKey.OP_WRITE);
          return;
        }
        bytes = null;
      }
      client.writing = null;
      key.interestOps(0);
    } catch (IOException e) {
      close(key);
    }
  }

  /// Of a client that has gone.
  private static void close(SelectionKey key) {
    try {
      key.channel().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

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
