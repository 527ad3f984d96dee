package io.photophone.server;

import io.photophone.server.connection.WebConnector;
import io.photophone.server.connection.WebLimits;
import io.photophone.server.security.ClientAddress;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.DoSHandler;
import org.eclipse.jetty.util.Callback;

/// Stands before all else: refuses the requests of an address that asks too often, and bounds the
/// time that a body may take to arrive.
final class RequestLimits extends Handler.Wrapper implements MetricSource {
  /// Addresses that are remembered; while so many ask at once, further ones are refused.
  private static final int MOST_ADDRESSES = 100_000;

  private static final String RETRY_AFTER_S = "1";

  private final WebConnector connector;
  private final LongAdder tooOften = new LongAdder();

  RequestLimits(WebLimits limits, WebConnector connector, Handler behind) {
    super();
    this.connector = connector;
    setHandler(
        new DoSHandler(
            behind,
            request -> ClientAddress.network(ClientAddress.of(request)),
            _ -> new TokenBucket(limits.requestsPerSecond(), limits.burst(), System.nanoTime()),
            (_, response, callback) -> refuse(limits, response, callback),
            MOST_ADDRESSES));
  }

  private boolean refuse(WebLimits limits, Response response, Callback callback) {
    tooOften.increment();
    Router.secure(response.getHeaders());
    response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_AFTER_S);
    new Problem(
            HttpStatus.TOO_MANY_REQUESTS_429,
            "more requests than allowed come from this address: %d a second, %d at once"
                .formatted(limits.requestsPerSecond(), limits.burst()))
        .write(response, callback);
    return true;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    return super.handle(connector.limited(request), response, callback);
  }

  @Override
  public void addTo(Metrics metrics) {
    metrics.gauge("photophone_web_connections", "Open connections.", connector.openConnections());
    String refused = "photophone_web_refused";
    String help = "What the limits of the web server have refused.";
    metrics.counter(refused, help, tooOften.sum(), "reason", "too_many_requests");
    metrics.counter(
        refused, help, connector.refusedConnections(), "reason", "too_many_connections");
    metrics.counter(refused, help, connector.slowConnections(), "reason", "slow_request");
    var certificate = connector.certificate();
    if (certificate != null) {
      metrics.gauge(
          "photophone_tls_certificate_end_timestamp_seconds",
          "When the certificate ceases to be valid, in seconds since 1970.",
          certificate.validUntil().getEpochSecond());
    }
  }
}
