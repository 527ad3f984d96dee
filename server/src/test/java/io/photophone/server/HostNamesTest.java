package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.photophone.server.connection.Tls;
import io.photophone.server.connection.WebConfig;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A server that listens at all addresses.
@Timeout(30)
final class HostNamesTest {
  private static LiveServer live;

  @BeforeAll
  static void start() throws IOException {
    live =
        LiveServer.start(
            new WebConfig(
                "0.0.0.0",
                0,
                new Tls.None(),
                true,
                List.of("cell.lab.example", "10.9.8.7", "fd00::1"),
                List.of(),
                List.of(),
                LiveServer.LIMITS));
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  private static String request(String host) {
    return "GET / HTTP/1.1\r\nConnection: close\r\nHost: " + host + "\r\n\r\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cell.lab.example",
        "CELL.lab.example:8080",
        "10.9.8.7",
        "[fd00::1]",
        "[fd00:0:0:0:0:0:0:1]:80",
        "localhost",
        "127.0.0.1"
      })
  void its_names_are_answered(String host) throws Exception {
    assertEquals(200, live.raw(request(host)).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "x.cell.lab.example",
        "cell.lab.example.evil.example",
        "10.9.8.6",
        "[fd00::2]",
        "0.0.0.0",
        "[::]"
      })
  void any_other_is_misdirected(String host) throws Exception {
    assertEquals(421, live.raw(request(host)).status());
  }

  @Test
  void the_address_that_a_request_reached_is_answered() throws Exception {
    Optional<InetAddress> own =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
            .findFirst();
    assumeTrue(own.isPresent(), "SKIPPED: no address but loopback ones");
    String address = own.get().getHostAddress();
    try (Socket socket = new Socket(own.get(), live.address.getPort())) {
      assertEquals(200, RawResponse.to(request(address), socket).status());
    }
    assertEquals(421, live.raw(request(address)).status());
  }
}
