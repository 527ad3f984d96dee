package io.photophone.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// Clients that ask for a stream and never read it.
final class StalledClients implements AutoCloseable {
  private final List<SocketChannel> channels = new ArrayList<>();

  StalledClients(StreamRequest request, int clients) throws IOException {
    for (int i = 0; i < clients; i++) {
      SocketChannel channel = SocketChannel.open(request.socketAddress());
      channels.add(channel);
      channel.write(request.bytes(StreamRequest.NOTHING_SEEN));
    }
  }

  @Override
  public void close() {
    try {
      for (SocketChannel channel : channels) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
