package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.photophone.server.connection.AddressRange;
import io.photophone.server.connection.Tls;
import io.photophone.server.connection.WebConfig;
import io.photophone.server.connection.WebLimits;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One request a client is allowed, so that whether a second is refused tells whether the server
/// takes it for the same client.
@Timeout(30)
final class ProxiesTest {
  private LiveServer live;

  private void start(String... trusted) throws IOException {
    live =
        LiveServer.start(
            new WebConfig(
                "127.0.0.1",
                0,
                new Tls.None(),
                false,
                List.of("cell.lab.example"),
                List.of(),
                List.of(trusted).stream().map(AddressRange::parse).toList(),
                WebLimits.DEFAULT.withRequests(1, 1)));
  }

  @AfterEach
  void stop() {
    live.close();
  }

  private int status(String method, String... headers) throws IOException {
    return live.raw(
            method
                + " /api/instrument HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n"
                + String.join("\r\n", headers)
                + "\r\n\r\n")
        .status();
  }

  private void assertOneClient(String first, String second) throws IOException {
    assertEquals(200, status("GET", "Host: localhost", first));
    assertEquals(429, status("GET", "Host: localhost", second));
  }

  private void assertTwoClients(String first, String second) throws IOException {
    assertEquals(200, status("GET", "Host: localhost", first));
    assertEquals(200, status("GET", "Host: localhost", second));
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Forwarded-For: ", "Forwarded: for=", "X-Real-IP: "})
  void nobody_but_a_trusted_proxy_is_believed(String header) throws Exception {
    start("10.0.0.0/8");
    assertOneClient(header + "203.0.113.1", header + "203.0.113.2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Forwarded-For: 203.0.113.1 | X-Forwarded-For: 203.0.113.2",
        "Forwarded: for=203.0.113.1 | Forwarded: for=203.0.113.2",
        "Forwarded: for=\"[2001:db8:1::1]:4711\";proto=https | Forwarded: for=\"[2001:db8:2::1]\"",
        "Forwarded: For=203.0.113.1:80;by=10.0.0.1 | Forwarded: For=203.0.113.2:80",
        "X-Forwarded-For: 203.0.113.9, 203.0.113.1, 10.0.0.7 | X-Forwarded-For: 203.0.113.2"
      })
  void a_trusted_proxy_tells_clients_apart(String first, String second) throws Exception {
    start("127.0.0.0/8", "10.0.0.0/8");
    assertTwoClients(first, second);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // What stands before the proxy's own word the client may have written.
        "X-Forwarded-For: 198.51.100.1, 203.0.113.1 | X-Forwarded-For: 198.51.100.2, 203.0.113.1",
        "Forwarded: for=198.51.100.1, for=203.0.113.1 | Forwarded: for=x, for=203.0.113.1",
        "X-Forwarded-For: 198.51.100.1, 203.0.113.1, 10.0.0.7 | X-Forwarded-For: 203.0.113.1",
        // One customer of a network has all the addresses of a block.
        "X-Forwarded-For: 2001:db8:1:2::1 | X-Forwarded-For: 2001:db8:1:2:ffff::2",
        // No address at all is the proxy itself.
        "X-Forwarded-For: unknown | X-Forwarded-For: _hidden",
        "Forwarded: for=unknown | Forwarded: proto=http"
      })
  void a_forged_part_makes_no_new_client(String first, String second) throws Exception {
    start("127.0.0.0/8", "10.0.0.0/8");
    assertOneClient(first, second);
  }

  @Test
  void the_scheme_and_host_that_a_page_was_asked_by_are_those_of_its_origin() throws Exception {
    start("127.0.0.1");
    String[] headers = {
      "Host: localhost:8080",
      "X-Forwarded-For: 203.0.113.1",
      "X-Forwarded-Proto: https",
      "X-Forwarded-Host: cell.lab.example",
      "Origin: https://cell.lab.example"
    };
    assertEquals(405, status("POST", headers));
    headers[1] = "X-Forwarded-For: 203.0.113.2";
    headers[4] = "Origin: http://localhost:8080";
    RawResponse foreign =
        live.raw(
            "POST /api/acquisition HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n"
                + String.join("\r\n", headers)
                + "\r\n\r\n");
    assertEquals(403, foreign.status());
  }

  @Test
  void a_long_list_of_forged_proxies_is_read_like_a_short_one() throws Exception {
    start("127.0.0.1");
    String forged = "Forwarded: for=" + "x".repeat(12_000);
    assertOneClient(forged + ", for=203.0.113.1", "Forwarded: for=203.0.113.1");
  }

  @Test
  void a_forwarded_host_is_checked_like_any() throws Exception {
    start("127.0.0.1");
    assertEquals(
        421,
        status(
            "GET",
            "Host: localhost",
            "X-Forwarded-For: 203.0.113.1",
            "X-Forwarded-Host: evil.example"));
  }
}
