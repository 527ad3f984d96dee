package io.photophone.server.connection;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// The open connections: closes those that are too many, and those whose client lets a request
/// trickle so slowly that it would occupy them for ever.
///
/// A connection that sends nothing at all ends by its idle time-out; every byte of a trickle begins
/// that anew. [#supervise] is called by one thread, all else by any.
final class Connections implements Connection.Listener {
  private final WebLimits limits;
  private final List<AddressRange> trustedProxies;
  private final Map<EndPoint, Open> open = new ConcurrentHashMap<>();
  private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
  private final LongAdder tooMany = new LongAdder();
  private final LongAdder tooSlow = new LongAdder();

  Connections(WebLimits limits, List<AddressRange> trustedProxies) {
    this.limits = limits;
    this.trustedProxies = trustedProxies;
  }

  /// One of them, with what is known of its requests.
  private static final class Open {
    private final @Nullable InetAddress address;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile boolean everAsked;

    /// Bytes that had come when no request was under way; -1 where that isn't known. This and the
    /// next written by the supervising thread alone.
    private long quietBytes = -1;

    /// Since when more bytes come without being a request; 0 if none do.
    private long trickleSinceNanos;

    private Open(@Nullable InetAddress address) {
      this.address = address;
    }
  }

  @Override
  public void onOpened(Connection connection) {
    EndPoint socket = connection.getEndPoint();
    if (socket instanceof EndPoint.Wrapper) {
      return;
    }
    InetAddress address =
        socket.getRemoteSocketAddress() instanceof InetSocketAddress remote
            ? remote.getAddress()
            : null;
    open.put(socket, new Open(address));
    int fromThere = address == null ? 1 : perAddress.merge(address, 1, Integer::sum);
    boolean overAddress =
        fromThere > limits.connectionsPerAddress()
            && address != null
            && trustedProxies.stream().noneMatch(range -> range.contains(address));
    if (open.size() > limits.connections() || overAddress) {
      tooMany.increment();
      socket.close();
    }
  }

  @Override
  public void onClosed(Connection connection) {
    Open closed = open.remove(connection.getEndPoint());
    if (closed != null && closed.address != null) {
      perAddress.computeIfPresent(closed.address, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  /// Notes that a request has arrived as far as its head.
  void began(Request request) {
    Open connection = open.get(socket(request.getConnectionMetaData().getConnection()));
    if (connection != null) {
      connection.everAsked = true;
      connection.requests.incrementAndGet();
      Request.addCompletionListener(request, _ -> connection.requests.decrementAndGet());
    }
  }

  private static EndPoint socket(Connection connection) {
    EndPoint endPoint = connection.getEndPoint();
    return endPoint instanceof SslConnection.SslEndPoint encrypted
        ? encrypted.getSslConnection().getEndPoint()
        : endPoint;
  }

  /// Closes connections on which a request takes too long to arrive; to be called a few times
  /// within that time.
  void supervise() {
    long now = System.nanoTime();
    open.forEach((socket, connection) -> {
      if (isTooSlow(socket, connection, now)) {
        tooSlow.increment();
        socket.close(new TimeoutException("no request within " + limits.requestTimeout()));
      }
    });
  }

  private boolean isTooSlow(EndPoint socket, Open connection, long now) {
    if (connection.requests.get() > 0) {
      connection.quietBytes = -1;
      connection.trickleSinceNanos = 0;
      return false;
    }
    Connection outer = socket.getConnection();
    Connection inner =
        outer instanceof SslConnection ssl ? ssl.getSslEndPoint().getConnection() : outer;
    if (inner instanceof NegotiatingServerConnection) {
      return outer.getBytesIn() > 0 && olderThan(limits.requestTimeout(), socket);
    }
    if (!(inner instanceof ConnectionMetaData)) {
      return false;
    }
    long bytes = inner.getBytesIn();
    if (!connection.everAsked) {
      return bytes > 0 && olderThan(limits.requestTimeout(), socket);
    }
    if (connection.quietBytes < 0) {
      connection.quietBytes = bytes;
    }
    if (bytes == connection.quietBytes) {
      return false;
    }
    if (connection.trickleSinceNanos == 0) {
      connection.trickleSinceNanos = now;
    }
    return now - connection.trickleSinceNanos > limits.requestTimeout().toNanos();
  }

  private static boolean olderThan(Duration limit, EndPoint socket) {
    return System.currentTimeMillis() - socket.getCreatedTimeStamp()
        > TimeUnit.NANOSECONDS.toMillis(limit.toNanos());
  }

  int openCount() {
    return open.size();
  }

  /// Connections that were closed at once since there were too many.
  long tooManyCount() {
    return tooMany.sum();
  }

  /// Connections that were closed since a request took too long to arrive.
  long tooSlowCount() {
    return tooSlow.sum();
  }
}
