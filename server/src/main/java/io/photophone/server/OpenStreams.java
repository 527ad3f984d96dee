package io.photophone.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;

/// Counts the open streams of the whole server and of each client's address, and refuses those
/// beyond the limits. Safe to use from any thread. Contract: A34.
final class OpenStreams {
  private static final int RETRY_AFTER_S = 5;

  private final StreamLimits limits;
  private final AtomicInteger all = new AtomicInteger();
  private final Map<String, Integer> ofAddress = new ConcurrentHashMap<>();

  OpenStreams(StreamLimits limits) {
    this.limits = limits;
  }

  StreamLimits limits() {
    return limits;
  }

  /// Counts a stream in; whoever got in calls [#leave].
  ///
  /// @throws Problem.Refusal if there are too many; the answer then says when to try again
  void enter(Client client, Response response) {
    if (all.incrementAndGet() > limits.most()) {
      all.decrementAndGet();
      throw refusal(response, "%d streams are open, allowed: %d at a time", limits.most());
    }
    if (ofAddress.merge(client.address(), 1, Integer::sum) > limits.mostPerClient()) {
      leave(client);
      throw refusal(
          response,
          "%d streams of this address are open, allowed: %d at a time",
          limits.mostPerClient());
    }
  }

  private static Problem.Refusal refusal(Response response, String text, int limit) {
    response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_AFTER_S);
    return new Problem.Refusal(HttpStatus.SERVICE_UNAVAILABLE_503, text.formatted(limit, limit));
  }

  void leave(Client client) {
    all.decrementAndGet();
    ofAddress.compute(
        client.address(), (_, count) -> count == null || count == 1 ? null : count - 1);
  }
}
