package io.photophone.server.connection;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/// A request whose body fails when it trickles for longer than the limit; where nothing comes at
/// all, the idle time-out ends it.
final class TimedBody extends Request.Wrapper {
  private final long limitNanos;

  TimedBody(Request request, Duration limit) {
    super(request);
    this.limitNanos = limit.toNanos();
  }

  @Override
  public Content.Chunk read() {
    Content.Chunk chunk = super.read();
    if (chunk == null || chunk.isLast() || System.nanoTime() - getHeadersNanoTime() <= limitNanos) {
      return chunk;
    }
    chunk.release();
    TimeoutException late =
        new TimeoutException("the body took longer than " + Duration.ofNanos(limitNanos));
    getWrapped().fail(late);
    return Content.Chunk.from(late);
  }
}
