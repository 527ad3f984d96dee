package io.photophone.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The plain way on the same web server: a virtual thread for each client, which waits for a frame,
/// makes its JSON and writes it.
final class PerClientServer implements AutoCloseable {
  private static final int RETAINED = 100;

  private final Server jetty;
  private final ServerConnector connector;
  private final Thread producer =
      Thread.ofPlatform().name("producer").daemon().unstarted(this::produce);
  private final FrameText text;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();

  // Guarded by the lock.
  private final FrameText.Frame[] recent = new FrameText.Frame[RETAINED];
  private long published;
  private boolean closed;

  PerClientServer(FrameText text) {
    this.text = text;
    QueuedThreadPool threads = new QueuedThreadPool(16);
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    jetty = new Server(threads);
    jetty.setStopTimeout(100);
    connector = new ServerConnector(jetty, 1, 1);
    connector.setHost("127.0.0.1");
    connector.setAcceptedSendBufferSize(SelectorServer.SEND_BUFFER_BYTES);
    jetty.addConnector(connector);
    jetty.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws InterruptedException {
            stream(response, callback);
            return true;
          }
        });
  }

  /// Serves until its standard input ends.
  ///
  /// @param args a file with a frame
  public static void main(String[] args) throws Exception {
    try (PerClientServer server =
        new PerClientServer(new FrameText(Files.readString(Path.of(args[0]))))) {
      System.out.println("at " + server.start());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  URI start() throws Exception {
    jetty.start();
    producer.start();
    return URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/");
  }

  private void produce() {
    long due = System.nanoTime();
    while (publish()) {
      due += FrameText.PERIOD.toNanos();
      long wait = due - System.nanoTime();
      while (wait > 0) {
        LockSupport.parkNanos(this, wait);
        wait = due - System.nanoTime();
      }
    }
  }

  private boolean publish() {
    lock.lock();
    try {
      recent[(int) (published % RETAINED)] = text.at(published);
      published++;
      more.signalAll();
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the frame of that number, or the oldest that is retained; null when the server
  /// stops.
  private FrameText.@Nullable Frame next(long number) throws InterruptedException {
    lock.lock();
    try {
      while (published <= number && !closed) {
        more.await();
      }
      return closed ? null : recent[(int) (Math.max(number, published - RETAINED) % RETAINED)];
    } finally {
      lock.unlock();
    }
  }

  private long newest() {
    lock.lock();
    try {
      return Math.max(0, published - 1);
    } finally {
      lock.unlock();
    }
  }

  private void stream(Response response, Callback callback) throws InterruptedException {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      long number = newest();
      for (var frame = next(number); frame != null; frame = next(number)) {
        String json = JsonMapper.shared().writeValueAsString(frame);
        String event = "id: " + frame.frame_number() + "\ndata: " + json + "\n\n";
        out.write(event.getBytes(US_ASCII));
        out.flush();
        number = frame.frame_number() + 1;
      }
      callback.succeeded();
    } catch (IOException e) {
      callback.failed(e);
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      more.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      producer.join();
      jetty.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IOException("the web server didn't stop", e);
    }
  }
}
