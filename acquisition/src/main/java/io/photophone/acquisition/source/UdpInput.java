package io.photophone.acquisition.source;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;

/// Samples in UDP datagrams, each of whole samples of all channels. Datagrams that get lost on the
/// way don't show.
final class UdpInput implements PcmInput {
  private static final int LONGEST_DATAGRAM = 65_535;

  /// What the system is asked to keep while this end is busy.
  private static final int SYSTEM_BUFFER_BYTES = 1 << 20;

  private final String name;
  private final DatagramSocket socket;
  private final Peers peers;
  private final int blockBytes;
  private final DatagramPacket packet;

  /// The next byte of the datagram, and the one behind its last.
  private int next;

  private int end;

  private UdpInput(String name, DatagramSocket socket, Peers peers, int blockBytes) {
    this.name = name;
    this.socket = socket;
    this.peers = peers;
    this.blockBytes = blockBytes;
    this.packet = new DatagramPacket(new byte[LONGEST_DATAGRAM], LONGEST_DATAGRAM);
  }

  static UdpInput bind(RawSettings settings) throws IOException {
    RawSettings.Address at = settings.address();
    String name = "udp %s:%d".formatted(at.host(), at.port());
    Peers peers = Peers.of(name, at.peer());
    try {
      DatagramSocket socket = new DatagramSocket(new InetSocketAddress(at.host(), at.port()));
      socket.setReceiveBufferSize(SYSTEM_BUFFER_BYTES);
      return new UdpInput(name, socket, peers, settings.format().blockBytes());
    } catch (IOException | RuntimeException e) {
      throw new IOException("%s: can't listen there: %s".formatted(name, e.getMessage()), e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean connected() {
    return false;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    while (next == end) {
      receive();
    }
    int count = Math.min(length, end - next);
    System.arraycopy(packet.getData(), next, to, offset, count);
    next += count;
    return count;
  }

  private void receive() throws IOException {
    packet.setLength(LONGEST_DATAGRAM);
    socket.receive(packet);
    if (!peers.allows(packet.getAddress())) {
      return;
    }
    if (packet.getLength() % blockBytes != 0) {
      throw new IOException(
          "%s: a datagram has %d bytes, allowed: a multiple of the %d bytes of a sample of all"
                  .formatted(name, packet.getLength(), blockBytes)
              + " channels");
    }
    next = 0;
    end = packet.getLength();
  }

  @Override
  public void close() {
    socket.close();
  }
}
