package io.photophone.server.connection;

import io.photophone.model.Range;
import java.time.Duration;

/// How much of the server its clients may take.
///
/// @param headerBytes of one request, its first line included
/// @param connections at once; one more is closed
/// @param connectionsPerAddress of them from one address, trusted proxies apart
/// @param requestsPerSecond from one address, on average; further ones are answered with 429
/// @param burst requests from one address that may come at once
/// @param idleTimeout after which a connection without a request is closed
/// @param requestTimeout for a request to arrive whole, however its bytes trickle
/// @param stallTimeout how long a client may leave what was written to it unread
public record WebLimits(
    int headerBytes,
    int connections,
    int connectionsPerAddress,
    int requestsPerSecond,
    int burst,
    Duration idleTimeout,
    Duration requestTimeout,
    Duration stallTimeout) {
  public static final Range HEADER_BYTES = Range.closed(1024, 1 << 20);
  public static final Range CONNECTIONS = Range.closed(1, 1_000_000);
  public static final Range REQUESTS = Range.closed(1, 1_000_000);
  public static final Range TIMEOUT_S = Range.closed(0.1, 3600);

  /// A stalled client's kernel lets a sender wait until half its buffer is read; half a minute is
  /// long enough for a slow one.
  public static final WebLimits DEFAULT =
      new WebLimits(
          16 * 1024,
          10_000,
          1000,
          200,
          1000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30));

  public WebLimits {
    HEADER_BYTES.check("header_bytes", headerBytes);
    CONNECTIONS.check("connections", connections);
    CONNECTIONS.check("connections_per_address", connectionsPerAddress);
    REQUESTS.check("requests_per_s", requestsPerSecond);
    REQUESTS.check("burst", burst);
    TIMEOUT_S.check("idle_timeout_s", idleTimeout.toNanos() / 1e9);
    TIMEOUT_S.check("request_timeout_s", requestTimeout.toNanos() / 1e9);
    TIMEOUT_S.check("stall_timeout_s", stallTimeout.toNanos() / 1e9);
  }

  /// The same with another time that clients may leave something unread.
  public WebLimits withStallTimeout(Duration stallTimeout) {
    return new WebLimits(
        headerBytes,
        connections,
        connectionsPerAddress,
        requestsPerSecond,
        burst,
        idleTimeout,
        requestTimeout,
        stallTimeout);
  }

  /// The same with other numbers of requests from one address.
  public WebLimits withRequests(int requestsPerSecond, int burst) {
    return new WebLimits(
        headerBytes,
        connections,
        connectionsPerAddress,
        requestsPerSecond,
        burst,
        idleTimeout,
        requestTimeout,
        stallTimeout);
  }
}
