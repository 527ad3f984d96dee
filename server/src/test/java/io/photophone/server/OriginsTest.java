package io.photophone.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.server.connection.Tls;
import io.photophone.server.connection.WebConfig;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A30")
@Timeout(30)
final class OriginsTest {
  private static final String FRIEND = "https://lab.example:8443";

  private static LiveServer live;

  @BeforeAll
  static void start() throws IOException {
    live =
        LiveServer.start(
            new WebConfig(
                "127.0.0.1",
                0,
                new Tls.None(),
                false,
                List.of(),
                List.of(FRIEND),
                List.of(),
                LiveServer.LIMITS));
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  private static RawResponse send(LiveServer server, String line, String... headers)
      throws IOException {
    return server.raw(
        line
            + " HTTP/1.1\r\nConnection: close\r\nHost: localhost:8080\r\n"
            + String.join("\r\n", headers)
            + "\r\n\r\n");
  }

  @Test
  void a_page_of_an_allowed_origin_may_read_answers() throws Exception {
    RawResponse answer = send(live, "GET /api/instrument", "Origin: " + FRIEND);
    assertEquals(200, answer.status());
    assertEquals(FRIEND, answer.header("access-control-allow-origin"));
    assertEquals("true", answer.header("access-control-allow-credentials"));
    assertTrue(answer.header("vary").contains("Origin"), answer.toString());
  }

  @Test
  void its_preflight_tells_what_it_may_send() throws Exception {
    RawResponse answer =
        send(
            live,
            "OPTIONS /api/acquisition",
            "Origin: " + FRIEND,
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: authorization,content-type");
    assertEquals(200, answer.status());
    assertEquals(FRIEND, answer.header("access-control-allow-origin"));
    assertTrue(answer.header("access-control-allow-methods").contains("POST"), answer.toString());
    assertTrue(
        answer.header("access-control-allow-headers").contains("Authorization"), answer.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://lab.example",
        "http://lab.example:8443",
        "https://lab.example:84430",
        "https://lab-example:8443",
        "https://evil.example/https://lab.example:8443",
        "https://lab.example:8443.evil.example",
        "null",
        "*"
      })
  void any_other_origin_is_told_nothing_and_changes_nothing(String origin) throws Exception {
    RawResponse read = send(live, "GET /api/instrument", "Origin: " + origin);
    assertNull(read.header("access-control-allow-origin"));
    assertNull(read.header("access-control-allow-credentials"));
    RawResponse change =
        send(
            live,
            "POST /api/acquisition",
            "Origin: " + origin,
            "Content-Type: application/json",
            "Content-Length: 2",
            "",
            "{}");
    assertEquals(403, change.status());
    RawResponse preflight =
        send(
            live,
            "OPTIONS /api/acquisition",
            "Origin: " + origin,
            "Access-Control-Request-Method: POST");
    assertNull(preflight.header("access-control-allow-origin"));
  }

  @ParameterizedTest
  @ValueSource(strings = {FRIEND, "http://localhost:8080"})
  void the_own_and_an_allowed_origin_may_change_something(String origin) throws Exception {
    RawResponse change =
        send(
            live,
            "POST /api/acquisition",
            "Origin: " + origin,
            "Content-Type: application/json",
            "Content-Length: 2",
            "",
            "{}");
    assertEquals(400, change.status());
  }

  @Test
  void a_foreign_page_gets_no_connection_whose_messages_it_could_read() throws Exception {
    String request =
        """
        GET /api/stream HTTP/1.1\r
        Host: localhost\r
        Origin: https://evil.example\r
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \r
        """;
    try (Socket socket = live.connect()) {
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      assertEquals(403, RawResponse.readHead(socket.getInputStream()).status());
    }
  }

  @Test
  void without_allowed_origins_nobody_is_told_anything() throws Exception {
    try (LiveServer closed = LiveServer.start()) {
      RawResponse read = send(closed, "GET /api/instrument", "Origin: " + FRIEND);
      assertEquals(200, read.status());
      assertNull(read.header("access-control-allow-origin"));
      RawResponse preflight =
          send(
              closed,
              "OPTIONS /api/acquisition",
              "Origin: " + FRIEND,
              "Access-Control-Request-Method: POST");
      assertEquals(405, preflight.status());
    }
  }
}
