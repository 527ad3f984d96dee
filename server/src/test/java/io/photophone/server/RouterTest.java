package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.server.connection.WebConfig;
import io.photophone.server.security.Cheap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
final class RouterTest {
  static final String[] STREAMS = {
    "/api/stream", "/api/audio/stream/audio", "/api/audio/stream/spectral", "/api/readings/stream"
  };
  static final String[] PATHS = {
    "/api/instrument",
    "/api/acquisition",
    "/api/simulation",
    "/api/sweeps",
    "/api/sweeps/latest",
    "/api/stream",
    "/api/audio/stream/stats",
    "/api/audio/stream/latest",
    "/api/audio/stream/audio",
    "/api/audio/stream/spectral",
    "/api/readings/latest",
    "/api/readings/recent",
    "/api/readings/stream"
  };

  static final String[] PROGRAM_PATHS = {"/api/channels", "/metrics"};

  private static LiveServer live;

  @BeforeAll
  static void start() throws IOException {
    live = LiveServer.start();
    live.publish(0);
    live.publishReading(0);
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  private static RawResponse send(String line, String... headers) throws IOException {
    return live.raw(request(line, headers));
  }

  private static String request(String line, String... headers) {
    StringBuilder request = new StringBuilder(line).append(" HTTP/1.1\r\nConnection: close\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return request.append("\r\n").toString();
  }

  private static RawResponse get(String target) throws IOException {
    return send("GET " + target, "Host: localhost");
  }

  private static String assertProblem(int status, RawResponse response) {
    assertEquals(status, response.status(), response.toString());
    assertEquals("application/problem+json", response.header("content-type"));
    assertEquals("no-store", response.header("cache-control"));
    assertSecure(response);
    JsonNode problem = JsonMapper.shared().readTree(response.body());
    assertEquals("about:blank", problem.get("type").asString());
    assertEquals(status, problem.get("status").asInt());
    assertFalse(problem.get("title").asString().isBlank());
    String detail = problem.get("detail").asString();
    assertFalse(detail.contains("Exception"), detail);
    return detail;
  }

  private static void assertSecure(RawResponse response) {
    assertEquals("nosniff", response.header("x-content-type-options"), response.toString());
    assertEquals("no-referrer", response.header("referrer-policy"));
    assertEquals("same-origin", response.header("cross-origin-resource-policy"));
    String policy = response.header("content-security-policy");
    assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
    assertTrue(policy.endsWith("frame-ancestors 'none'"), policy);
    assertNull(response.header("server"));
    assertNull(response.header("access-control-allow-origin"));
  }

  @ParameterizedTest
  @FieldSource("PATHS")
  @Tag("A20")
  void without_a_source_every_path_says_so(String path) throws Exception {
    try (FakeSystem system = new FakeSystem();
        PhotophoneServer server =
            new PhotophoneServer(
                WebConfig.at("127.0.0.1", 0),
                List.of(),
                List::of,
                Cheap.unguarded(),
                system.live())) {
      URI address = server.start();
      try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), address.getPort())) {
        String detail =
            assertProblem(503, RawResponse.to(request("GET " + path, "Host: localhost"), socket));
        assertTrue(detail.startsWith("no source is configured: "), detail);
      }
    }
  }

  @Test
  @Tag("A31")
  void the_page_of_the_document_without_its_slash_leads_to_it() throws Exception {
    RawResponse response = get("/api/doc");
    assertEquals(308, response.status());
    assertEquals("/api/doc/", response.header("location"));
    assertSecure(response);
    assertEquals(200, get("/api/doc/").status());
  }

  @Test
  @Tag("A20")
  void without_a_source_there_is_still_the_page_and_what_is_wrong_is_still_wrong()
      throws Exception {
    try (FakeSystem system = new FakeSystem();
        PhotophoneServer server =
            new PhotophoneServer(
                WebConfig.at("127.0.0.1", 0),
                List.of(),
                List::of,
                Cheap.unguarded(),
                system.live())) {
      URI address = server.start();
      try (Socket page = new Socket(InetAddress.ofLiteral("127.0.0.1"), address.getPort());
          Socket wrong = new Socket(InetAddress.ofLiteral("127.0.0.1"), address.getPort())) {
        assertEquals(200, RawResponse.to(request("GET /", "Host: localhost"), page).status());
        assertProblem(404, RawResponse.to(request("GET /api/x", "Host: localhost"), wrong));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/",
        "/api",
        "/api/audio",
        "/api/audio/stream/stats/",
        "/api/Instrument",
        "/api/instrument/..",
        "/missing.html",
        "/missing/"
      })
  void a_path_that_is_nowhere_is_not_found(String path) throws Exception {
    assertTrue(assertProblem(404, get(path)).startsWith("there is nothing at /"));
  }

  @Test
  void a_path_that_is_nowhere_is_repeated_as_it_was_sent() throws Exception {
    String detail = assertProblem(404, get("/api/%3Cscript%3E%22"));
    assertEquals("there is nothing at /api/%3Cscript%3E%22", detail);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../",
        "/../../etc/passwd",
        "/%2e%2e/",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f",
        "/.%2e/x",
        "/..;/",
        "/%",
        "/%zz",
        "/%c0%af",
        "/a%00b",
        "/a\\..\\b",
        "/%5c..%5c",
        "//etc/passwd"
      })
  void a_path_that_is_no_plain_path_gets_no_file(String path) throws Exception {
    RawResponse response = get(path);
    assertTrue(response.status() == 400 || response.status() == 404, response.toString());
    assertProblem(response.status(), response);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"})
  void a_method_other_than_get_and_head_is_not_allowed(String method) throws Exception {
    for (String path : new String[] {"/", "/api/instrument", "/api/stream", "/api/nowhere"}) {
      RawResponse response = send(method + " " + path, "Host: localhost", "Content-Length: 0");
      assertEquals(
          "the method is " + method + ", allowed: GET, HEAD", assertProblem(405, response));
      assertEquals("GET, HEAD", response.header("allow"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /api/instrument?x=1                   | unknown parameter x, allowed: none
          /api/instrument?x                     | unknown parameter x, allowed: none
          /api/readings/recent?Limit=1          | unknown parameter Limit, allowed: limit
          /api/audio/stream/spectral?x=1        | unknown parameter x, allowed: from_hz, phases, resolution, to_hz
          /api/stream?topics=                   | topics is empty, allowed: a list of alarms, audio, readings, spectral, stats
          /api/stream?topics=audio,             | topics is audio,, allowed: a list of alarms, audio, readings, spectral, stats
          /api/stream?topics=Audio              | topics is Audio, allowed: a list of alarms, audio, readings, spectral, stats
          /api/stream?topics=stats&topics=audio | topics is given 2 times, allowed: once
          """)
  void a_wrong_parameter_is_refused_by_name_and_with_what_is_allowed(String target, String detail)
      throws Exception {
    assertEquals(detail, assertProblem(400, get(target)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=%", "limit=%4", "limit=%zz"})
  void a_query_in_broken_percent_encoding_is_refused(String query) throws Exception {
    assertEquals(
        "the query is not UTF-8 in percent encoding",
        assertProblem(400, get("/api/readings/recent?" + query)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=%ff", "%ff=1", "limit=%c0%af"})
  void a_query_that_is_no_utf_8_is_refused(String query) throws Exception {
    assertProblem(400, get("/api/readings/recent?" + query));
  }

  @Test
  void a_topic_named_twice_is_one_topic() throws Exception {
    try (Events events = live.events("/api/stream?topics=readings,readings")) {
      assertEquals(0, events.next("reading").json().get("from_s").asInt());
      live.publishReading(1);
      assertEquals(1, events.next("reading").json().get("from_s").asInt());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST",
        "localhost:8080",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.9.8.7",
        "[::1]",
        "[::1]:80"
      })
  void a_loopback_name_is_answered(String host) throws Exception {
    assertEquals(200, send("GET /api/instrument", "Host: " + host).status());
    assertEquals(200, send("GET /", "Host: " + host).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil127.0.0.1",
        "128.0.0.1",
        "192.168.0.1",
        "0.0.0.0",
        "[::2]",
        "localhost.",
        "xlocalhost"
      })
  void a_foreign_name_is_misdirected(String host) throws Exception {
    for (String path : PATHS) {
      String detail = assertProblem(421, send("GET " + path, "Host: " + host));
      assertTrue(detail.startsWith("the host is " + host + ","), detail);
    }
    assertProblem(421, send("GET /", "Host: " + host));
    assertProblem(421, send("GET /nowhere", "Host: " + host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/instrument HTTP/1.1",
        "GET /api/instrument HTTP/1.1|Host:",
        "GET /api/instrument HTTP/1.1|Host: localhost|Host: evil.example",
        "GET http://localhost/api/instrument HTTP/1.1|Host: evil.example",
        "GET http://evil.example/api/instrument HTTP/1.1|Host: evil.example",
        "GET /api/instrument HTTP/1.0",
        "GET /api/instrument HTTP/1.0|Host: evil.example"
      })
  void a_request_without_one_loopback_host_is_refused(String lines) throws Exception {
    RawResponse response = live.raw(lines.replace("|", "\r\n") + "\r\nConnection: close\r\n\r\n");
    assertTrue(response.status() == 400 || response.status() == 421, response.toString());
    assertProblem(response.status(), response);
  }

  @ParameterizedTest
  @CsvSource({"GARBAGE, 400", "GET / HTTP/9.9, 505"})
  void what_is_no_request_is_refused_as_a_problem(String line, int status) throws Exception {
    assertProblem(status, live.raw(line + "\r\n\r\n"));
  }

  @Test
  void a_huge_header_is_refused() throws Exception {
    assertProblem(431, send("GET /", "Host: localhost", "X: " + "x".repeat(20_000)));
  }

  @Test
  void a_huge_path_is_refused() throws Exception {
    assertProblem(414, get("/" + "x".repeat(20_000)));
  }

  @Test
  void page_is_served_with_its_type_and_a_tag() throws Exception {
    RawResponse page = get("/");
    assertEquals(200, page.status());
    assertTrue(page.header("content-type").startsWith("text/html"));
    assertEquals("no-cache", page.header("cache-control"));
    assertTrue(page.body().contains("<title>"));
    RawResponse same =
        send("GET /index.html", "Host: localhost", "If-None-Match: " + page.header("etag"));
    assertEquals(304, same.status());
    assertSecure(same);
  }

  @ParameterizedTest
  @FieldSource("PROGRAM_PATHS")
  @Tag("C10")
  void what_is_told_of_the_program_is_guarded_like_the_rest(String path) throws Exception {
    RawResponse get = get(path);
    assertEquals(200, get.status());
    assertEquals("no-store", get.header("cache-control"));
    assertSecure(get);
    RawResponse head = send("HEAD " + path, "Host: localhost");
    assertEquals(200, head.status());
    assertEquals("", head.body());
    assertEquals(get.header("content-type"), head.header("content-type"));
    assertSecure(head);
    assertEquals("unknown parameter x, allowed: none", assertProblem(400, get(path + "?x=1")));
    assertProblem(404, get(path + "/"));
    assertProblem(405, send("POST " + path, "Host: localhost", "Content-Length: 0"));
    assertProblem(421, send("GET " + path, "Host: evil.example"));
  }

  @ParameterizedTest
  @FieldSource("PATHS")
  void security_headers_are_on_every_answer(String path) throws Exception {
    assertSecure(send("HEAD " + path, "Host: localhost"));
    assertSecure(get("/"));
    if (!List.of(STREAMS).contains(path)) {
      assertSecure(get(path));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api/instrument",
        "/api/audio/stream/latest",
        "/api/readings/latest",
        "/api/readings/recent"
      })
  void head_is_get_without_the_body(String path) throws Exception {
    RawResponse get = get(path);
    RawResponse head = send("HEAD " + path, "Host: localhost");
    assertEquals(200, head.status());
    assertEquals("", head.body());
    assertEquals(get.header("content-type"), head.header("content-type"));
    assertEquals(get.header("content-length"), head.header("content-length"));
    assertEquals(get.header("etag"), head.header("etag"));
  }

  @Test
  void head_of_a_stream_ends_at_once() throws Exception {
    try (LiveServer quiet = LiveServer.start()) {
      for (String path : STREAMS) {
        RawResponse head = quiet.raw(request("HEAD " + path, "Host: localhost"));
        assertEquals(200, head.status());
        assertEquals("text/event-stream", head.header("content-type"));
        assertEquals("", head.body());
        assertEquals(0, quiet.openStreams());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/api/nowhere, 404",
    "/nowhere, 404",
    "/api/instrument?x=1, 400",
    "/api/stream?topics=x, 400"
  })
  void head_of_what_is_wrong_has_the_status_and_no_body(String target, int status)
      throws Exception {
    RawResponse head = send("HEAD " + target, "Host: localhost");
    assertEquals(status, head.status());
    assertEquals("", head.body());
    assertSecure(head);
  }
}
