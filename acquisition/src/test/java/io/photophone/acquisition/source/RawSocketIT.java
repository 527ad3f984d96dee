package io.photophone.acquisition.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.source.RawSettings.Address;
import io.photophone.acquisition.source.RawSettings.Transport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteOrder;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/// Raw samples over real sockets of this machine.
@Tag("A2")
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class RawSocketIT {
  private static final PcmFormat FORMAT =
      new PcmFormat(SampleEncoding.INT16, ByteOrder.LITTLE_ENDIAN, 2, 8000);
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, HERE)) {
      return any.getLocalPort();
    }
  }

  private static RawSettings settings(Transport from, int port, String peer) {
    return new RawSettings(
        from,
        new Address("127.0.0.1", port, peer),
        FORMAT,
        ChannelChoice.STEREO,
        true,
        Duration.ofSeconds(20));
  }

  private static void assertThree(AudioSource source) throws IOException {
    SourceRead.Samples samples = assertInstanceOf(SourceRead.Samples.class, source.read(3));
    assertArrayEquals(new float[] {0x1p-15f, 0x2p-15f, 0x3p-15f}, samples.channelA());
    assertArrayEquals(new float[] {-0x1p-15f, -0x2p-15f, -0x3p-15f}, samples.channelB());
  }

  private static byte[] three() {
    return RiffBytes.shorts(1, -1, 2, -2, 3, -3);
  }

  @Test
  void a_sender_that_connects_is_heard_and_its_end_is_a_failure() throws Exception {
    int port = freePort();
    AudioSource.Opener opener = RawSource.opener(settings(Transport.TCP_LISTEN, port, ""));
    // Opened again and again, as after each failure.
    for (int n = 0; n < 3; n++) {
      try (AudioSource source = opener.open()) {
        try (Socket sender = new Socket(HERE, port)) {
          sender.getOutputStream().write(three());
          assertThree(source);
        }
        var e = assertThrows(IOException.class, () -> source.read(1));
        assertEquals(
            "tcp 127.0.0.1:%d: the sender closed the connection".formatted(port), e.getMessage());
      }
    }
  }

  @Test
  void a_second_sender_is_refused_while_one_is_connected() throws Exception {
    int port = freePort();
    try (AudioSource source = RawSource.opener(settings(Transport.TCP_LISTEN, port, "")).open();
        Socket sender = new Socket(HERE, port)) {
      sender.getOutputStream().write(three());
      assertThree(source);
      assertThrows(ConnectException.class, () -> new Socket(HERE, port).close());
    }
  }

  @Test
  void a_sender_that_is_no_peer_is_turned_away_and_the_next_one_heard() throws Exception {
    int port = freePort();
    AudioSource.Opener opener = RawSource.opener(settings(Transport.TCP_LISTEN, port, "127.0.0.2"));
    try (AudioSource source = opener.open()) {
      try (Socket foreign = new Socket(HERE, port)) {
        assertEquals(-1, foreign.getInputStream().read());
      }
      try (Socket sender = new Socket()) {
        sender.bind(new InetSocketAddress("127.0.0.2", 0));
        sender.connect(new InetSocketAddress(HERE, port));
        sender.getOutputStream().write(three());
        assertThree(source);
      }
    }
  }

  @Test
  void a_port_that_is_taken_is_told_at_the_opening() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, HERE)) {
      int port = taken.getLocalPort();
      AudioSource.Opener opener = RawSource.opener(settings(Transport.TCP_LISTEN, port, ""));
      var e = assertThrows(IOException.class, opener::open);
      String expected = "tcp 127.0.0.1:%d: can't listen there: ".formatted(port);
      assertTrue(String.valueOf(e.getMessage()).startsWith(expected), e::toString);
    }
  }

  @Test
  void a_sender_that_listens_is_connected_to() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, HERE)) {
      int port = listening.getLocalPort();
      try (AudioSource source = RawSource.opener(settings(Transport.TCP_CONNECT, port, "")).open();
          Socket sender = listening.accept()) {
        sender.getOutputStream().write(three());
        assertThree(source);
      }
    }
  }

  @Test
  void a_sender_that_does_not_listen_is_told() throws Exception {
    int port = freePort();
    AudioSource.Opener opener = RawSource.opener(settings(Transport.TCP_CONNECT, port, ""));
    var e = assertThrows(IOException.class, opener::open);
    String expected = "tcp 127.0.0.1:%d: can't connect: ".formatted(port);
    assertTrue(String.valueOf(e.getMessage()).startsWith(expected), e::toString);
  }

  @Test
  void an_unknown_peer_is_told_at_the_opening() throws Exception {
    RawSettings settings = settings(Transport.UDP, freePort(), "no.such.host.invalid");
    var e = assertThrows(IOException.class, RawSource.opener(settings)::open);
    assertTrue(
        String.valueOf(e.getMessage()).endsWith("its peer no.such.host.invalid is an unknown host"),
        e::toString);
  }

  private static void send(DatagramSocket from, int port, byte... bytes) throws IOException {
    from.send(new DatagramPacket(bytes, bytes.length, HERE, port));
  }

  @Test
  void datagrams_of_whole_samples_are_heard_and_those_of_others_are_not() throws Exception {
    int port = freePort();
    RawSettings settings = settings(Transport.UDP, port, "127.0.0.1");
    try (AudioSource source = RawSource.opener(settings).open();
        DatagramSocket peer = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        DatagramSocket foreign = new DatagramSocket(new InetSocketAddress("127.0.0.2", 0))) {
      send(foreign, port, RiffBytes.shorts(99, 99));
      send(peer, port, RiffBytes.shorts(1, -1, 2, -2));
      send(foreign, port, RiffBytes.shorts(99, 99));
      send(peer, port);
      send(peer, port, RiffBytes.shorts(3, -3));
      assertThree(source);
    }
  }

  @Test
  void a_datagram_of_half_a_sample_is_a_failure_that_says_so() throws Exception {
    int port = freePort();
    try (AudioSource source = RawSource.opener(settings(Transport.UDP, port, "")).open();
        DatagramSocket peer = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
      send(peer, port, new byte[6]);
      var e = assertThrows(IOException.class, () -> source.read(1));
      assertEquals(
          "udp 127.0.0.1:%d: a datagram has 6 bytes, allowed: a multiple of the 4 bytes of a sample"
                  .formatted(port)
              + " of all channels",
          e.getMessage());
    }
  }

  @Test
  void no_thread_is_left_when_sources_are_closed() throws Exception {
    for (Transport transport : new Transport[] {Transport.TCP_LISTEN, Transport.UDP}) {
      int port = freePort();
      AudioSource source = RawSource.opener(settings(transport, port, "")).open();
      String thread = "source " + source.name();
      assertTrue(running(thread), thread);
      source.close();
      source.close();
      assertFalse(running(thread), thread);
    }
  }

  private static boolean running(String thread) {
    return Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals(thread));
  }
}
