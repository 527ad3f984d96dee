package io.photophone.server.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// A connector that counts the bytes that its sockets took. Contract: A39.
final class CountingConnector extends ServerConnector {
  private final LongAdder sent;

  /// @param sent raised by what is written
  CountingConnector(
      Server server, int acceptors, int selectors, LongAdder sent, ConnectionFactory... factories) {
    super(server, acceptors, selectors, factories);
    this.sent = sent;
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selectors, SelectionKey key) {
    SocketChannelEndPoint endPoint =
        new SocketChannelEndPoint(channel, selectors, key, getScheduler()) {
          @Override
          public boolean flush(ByteBuffer... buffers) throws IOException {
            long before = remaining(buffers);
            try {
              return super.flush(buffers);
            } finally {
              sent.add(before - remaining(buffers));
            }
          }
        };
    endPoint.setIdleTimeout(getIdleTimeout());
    return endPoint;
  }

  private static long remaining(ByteBuffer... buffers) {
    long bytes = 0;
    for (ByteBuffer buffer : buffers) {
      bytes += buffer.remaining();
    }
    return bytes;
  }
}
