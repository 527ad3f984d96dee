package io.photophone.acquisition.source;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The thread that receives raw samples, and what it has received and nobody has read yet: at most
/// a second of it.
///
/// When that is full, the oldest samples of a live sender are lost and counted with those that
/// follow them; any other sender has to wait. Receiving allocates nothing, see [CapturePool].
/// Memory is bounded by twice the bytes of that second, since a buffer that would fit into the one
/// before it is joined with it.
final class Capture implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Capture.class.getName());
  private static final int BUFFER_BYTES = 1 << 14;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final PcmInput input;
  private final PcmFormat format;
  private final boolean live;
  private final CapturePool pool;
  private final long capacityBytes;
  private final Thread thread;

  /// Below: guarded by the monitor, which is notified of every change.
  private final ArrayDeque<CaptureBuffer> waiting;

  private long waitingBytes;

  /// Who reads: counts those who began or left.
  private long session;

  /// Whether the present reader's sender has been there.
  private boolean heard;

  /// When it was heard last.
  private long heardNanos;

  private boolean ended;
  private @Nullable IOException failure;
  private boolean closed;

  /// Takes over the input; nothing is received before [#start].
  Capture(PcmInput input, PcmFormat format, boolean live) {
    this.input = input;
    this.format = format;
    this.live = live;
    int block = format.blockBytes();
    int bufferBytes = Math.max(1, BUFFER_BYTES / block) * block;
    this.capacityBytes = Math.max(bufferBytes, (long) format.sampleRateHz() * block);
    // Two that follow each other are more than one full, one is being filled and one read.
    int buffers = Math.toIntExact(2 * capacityBytes / bufferBytes + 3);
    this.pool = new CapturePool(buffers, bufferBytes, format.order());
    this.waiting = new ArrayDeque<>(buffers);
    this.thread = Thread.ofPlatform().daemon().name("source " + input.name()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  String name() {
    return input.name();
  }

  PcmFormat format() {
    return format;
  }

  boolean live() {
    return live;
  }

  /// Buffers that nobody has in use.
  CapturePool pool() {
    return pool;
  }

  private void run() {
    try (input) {
      receive();
    } catch (IOException e) {
      end(e);
    } catch (RuntimeException e) {
      end(new IOException("%s broke: %s".formatted(name(), e), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end(null);
    }
  }

  private void receive() throws IOException, InterruptedException {
    int block = format.blockBytes();
    byte[] rest = new byte[block];
    CaptureBuffer buffer = pool.lend();
    while (true) {
      int count = input.read(buffer.bytes(), buffer.end(), buffer.room());
      int over = buffer.length() % block;
      if (count < 0) {
        if (over > 0) {
          throw new IOException(
              "%s: ended within a sample of all channels, behind %d of its %d bytes"
                  .formatted(name(), over, block));
        }
        return;
      }
      buffer.grow(count);
      over = buffer.length() % block;
      if (buffer.length() > over) {
        buffer.cut(over);
        System.arraycopy(buffer.bytes(), buffer.end(), rest, 0, over);
        CaptureBuffer next = put(buffer);
        if (next == null) {
          return;
        }
        buffer = next;
        buffer.append(rest, 0, over);
      }
    }
  }

  /// Lets whole samples wait for the reader.
  ///
  /// @return the buffer to fill next, or null if this is closed
  private synchronized @Nullable CaptureBuffer put(CaptureBuffer filled)
      throws InterruptedException {
    while (!live && !closed && waitingBytes + filled.length() > capacityBytes) {
      wait();
    }
    if (closed) {
      return null;
    }
    heard = true;
    heardNanos = System.nanoTime();
    while (waitingBytes + filled.length() > capacityBytes) {
      CaptureBuffer oldest = waiting.remove();
      waitingBytes -= oldest.length();
      long lost = oldest.lostBefore() + oldest.length() / format.blockBytes();
      (waiting.isEmpty() ? filled : waiting.element()).lose(lost);
      pool.giveBack(oldest);
    }
    waitingBytes += filled.length();
    notifyAll();
    CaptureBuffer last = waiting.peekLast();
    if (last != null && filled.lostBefore() == 0 && last.room() >= filled.length()) {
      last.append(filled.bytes(), filled.start(), filled.length());
      pool.giveBack(filled);
    } else {
      waiting.add(filled);
    }
    return pool.lend();
  }

  private synchronized void end(@Nullable IOException why) {
    if (!ended) {
      ended = true;
      failure = why;
      notifyAll();
    }
  }

  /// Begins to read, in place of whoever read before. What a live sender had sent until now is
  /// nobody's.
  ///
  /// @return the reader's number
  synchronized long begin() {
    session++;
    heard = input.connected();
    heardNanos = System.nanoTime();
    if (live) {
      while (!waiting.isEmpty()) {
        pool.giveBack(waiting.remove());
      }
      waitingBytes = 0;
    }
    notifyAll();
    return session;
  }

  /// A reader leaves; its read that waits throws.
  synchronized void leave(long reader) {
    if (reader == session) {
      session++;
      notifyAll();
    }
  }

  /// Waits for the next samples, which the caller gives back to [#pool].
  ///
  /// @param reader its number
  /// @param timeout silence after which the sender has failed, once it was there
  /// @return null at the end
  synchronized @Nullable CaptureBuffer take(long reader, Duration timeout) throws IOException {
    while (true) {
      if (reader != session) {
        throw new IOException(name() + ": is closed");
      }
      CaptureBuffer next = waiting.poll();
      if (next != null) {
        waitingBytes -= next.length();
        notifyAll();
        return next;
      }
      if (ended) {
        // Told once: who opens it again finds its end.
        IOException why = failure;
        failure = null;
        if (why != null) {
          throw new IOException(why.getMessage(), why);
        }
        return null;
      }
      long millis = waitMillis(timeout);
      try {
        wait(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        var interrupted =
            new InterruptedIOException(name() + ": interrupted while waiting for samples");
        interrupted.initCause(e);
        throw interrupted;
      }
    }
  }

  /// How long to wait for the sender, 0 for as long as it takes.
  private long waitMillis(Duration timeout) throws IOException {
    if (!heard) {
      return 0;
    }
    long left = heardNanos + timeout.toNanos() - System.nanoTime();
    if (left <= 0) {
      throw new IOException(
          "%s: has delivered nothing for %s s".formatted(name(), timeout.toMillis() / 1e3));
    }
    return TimeUnit.NANOSECONDS.toMillis(left) + 1;
  }

  /// Time since the capture of a sample, by the clock of those that came last.
  ///
  /// @param samplesBehind samples from that one on which nobody waits for any more
  synchronized long lagNanos(long samplesBehind) {
    CaptureBuffer next = waiting.peek();
    long lost = next == null ? 0 : next.lostBefore();
    long behind = samplesBehind + lost + waitingBytes / format.blockBytes();
    return System.nanoTime() - heardNanos + Math.round(behind * (1e9 / format.sampleRateHz()));
  }

  /// Ends the thread and waits for it. Idempotent.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      session++;
      notifyAll();
    }
    boolean interrupted = false;
    try {
      input.close();
      thread.join(CLOSE_LIMIT);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, name() + ": could not be closed", e);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
