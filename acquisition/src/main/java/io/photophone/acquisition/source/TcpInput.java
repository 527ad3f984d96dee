package io.photophone.acquisition.source;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/// Samples over one TCP connection, which the sender or this end makes.
///
/// One that listens accepts a single sender and stops to listen then, so that a second one is
/// refused by the system.
final class TcpInput implements PcmInput {
  private final String name;

  /// Whether the end of the connection is a failure, not the end of a recording.
  private final boolean live;

  private final @Nullable ServerSocket server;
  private final Peers peers;

  /// Written by the receiving thread, closed by any.
  private volatile @Nullable Socket socket;

  private volatile boolean closed;

  private TcpInput(
      String name,
      boolean live,
      @Nullable ServerSocket server,
      Peers peers,
      @Nullable Socket socket) {
    this.name = name;
    this.live = live;
    this.server = server;
    this.peers = peers;
    this.socket = socket;
  }

  /// Listens for the sender, who is accepted by the first read.
  static TcpInput listen(RawSettings settings) throws IOException {
    RawSettings.Address at = settings.address();
    String name = "tcp %s:%d".formatted(at.host(), at.port());
    Peers peers = Peers.of(name, at.peer());
    ServerSocket server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(at.host(), at.port()), 1);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw new IOException("%s: can't listen there: %s".formatted(name, e.getMessage()), e);
    }
    return new TcpInput(name, settings.live(), server, peers, null);
  }

  /// Connects to the sender.
  static TcpInput connect(RawSettings settings) throws IOException {
    RawSettings.Address at = settings.address();
    String name = "tcp %s:%d".formatted(at.host(), at.port());
    Peers peers = Peers.of(name, at.peer());
    Socket socket = new Socket();
    try {
      socket.connect(
          new InetSocketAddress(at.host(), at.port()), (int) settings.timeout().toMillis());
    } catch (IOException e) {
      socket.close();
      throw new IOException("%s: can't connect: %s".formatted(name, e.getMessage()), e);
    }
    return new TcpInput(name, settings.live(), null, peers, socket);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean connected() {
    return socket != null;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    Socket from = socket;
    if (from == null) {
      from = accept();
      socket = from;
      // Partner: close() sets closed before it closes the socket that it sees.
      if (closed) {
        from.close();
      }
    }
    int count = from.getInputStream().read(to, offset, length);
    if (count < 0 && live) {
      throw new IOException(name + ": the sender closed the connection");
    }
    return count;
  }

  private Socket accept() throws IOException {
    try (ServerSocket listening = server) {
      if (listening == null) {
        throw new IllegalStateException("an input that connects has its socket");
      }
      while (true) {
        Socket sender = listening.accept();
        if (peers.allows(sender.getInetAddress())) {
          return sender;
        }
        sender.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    Socket connected = socket;
    try (ServerSocket listening = server) {
      if (connected != null) {
        connected.close();
      }
    }
  }
}
