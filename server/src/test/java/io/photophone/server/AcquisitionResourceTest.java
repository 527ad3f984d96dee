package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.daemon.AcquisitionState;
import io.photophone.acquisition.daemon.DaemonCommand;
import io.photophone.acquisition.daemon.DaemonStats;
import io.photophone.channels.ChannelOptions;
import io.photophone.channels.Received;
import io.photophone.channels.Request;
import io.photophone.channels.RequestReplyChannel;
import io.photophone.channels.Server;
import io.photophone.server.connection.WebConfig;
import io.photophone.server.security.Cheap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("B9")
@Timeout(30)
final class AcquisitionResourceTest {
  private static final String PATH = "/api/acquisition";
  private static final String START = "{\"command\": \"start\"}";
  private static final String JSON_TYPE = "Content-Type: application/json";
  private static final String EXAMPLES =
      ", allowed: {\"command\": \"start\"}, {\"command\": \"stop\"}, {\"command\": \"reset\"},"
          + " {\"command\": \"change_target_fps\", \"fps\": 30}";

  /// What the daemon was asked for.
  private final List<DaemonCommand> asked = new CopyOnWriteArrayList<>();

  /// Through it the daemon is asked where a test needs an answer that isn't the usual one.
  private final RequestReplyChannel<DaemonCommand, DaemonStats> channel =
      RequestReplyChannel.fifo(ChannelOptions.of("cell-1/commands", 1));

  private LiveServer live;

  @BeforeEach
  void start() throws IOException {
    live = LiveServer.start();
    live.daemon =
        (command, _) -> {
          asked.add(command);
          return CompletableFuture.completedFuture(live.daemonStats());
        };
  }

  @AfterEach
  void stop() {
    live.close();
    channel.close();
  }

  private RawResponse send(String method, String body, String... headers) throws IOException {
    StringBuilder request = new StringBuilder(method).append(" " + PATH + " HTTP/1.1\r\n");
    request.append("Host: localhost\r\nConnection: close\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return live.raw(request.append("\r\n").append(body).toString());
  }

  private RawResponse post(String body, String... headers) throws IOException {
    String[] all = List.of(headers).toArray(new String[headers.length + 2]);
    all[headers.length] = JSON_TYPE;
    all[headers.length + 1] = "Content-Length: " + body.getBytes(UTF_8).length;
    return send("POST", body, all);
  }

  private static JsonNode state(RawResponse response) {
    assertEquals(200, response.status(), response::toString);
    assertEquals("application/json", response.header("content-type"));
    assertEquals("no-store", response.header("cache-control"));
    return JsonMapper.shared().readTree(response.body());
  }

  private static String detail(int status, RawResponse response) {
    assertEquals(status, response.status(), response::toString);
    assertEquals("application/problem+json", response.header("content-type"));
    JsonNode problem = JsonMapper.shared().readTree(response.body());
    assertEquals(status, problem.get("status").asInt());
    String detail = problem.get("detail").asString();
    assertFalse(detail.contains("io.photophone"), detail);
    return detail;
  }

  private String refusal(int status, RawResponse response) {
    String detail = detail(status, response);
    assertEquals(List.of(), asked, "the daemon was asked for nothing");
    return detail;
  }

  @Test
  void a_body_that_comes_after_its_headers_is_waited_for_and_holds_up_nobody() throws Exception {
    String body = "{\"command\": \"start\"}";
    try (Socket slow = live.connect()) {
      String headers =
          String.join(
              "\r\n",
              "POST " + PATH + " HTTP/1.1",
              "Host: localhost",
              "Connection: close",
              JSON_TYPE,
              "Content-Length: " + body.length(),
              "",
              "");
      slow.getOutputStream().write(headers.getBytes(UTF_8));
      for (int i = 0; i < 100; i++) {
        assertEquals(200, live.get("/api/instrument").statusCode());
      }
      slow.getOutputStream().write(body.getBytes(UTF_8));
      String answer = new String(slow.getInputStream().readAllBytes(), UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
      assertEquals(List.of(new DaemonCommand.Start()), asked);
    }
  }

  @Test
  void get_tells_how_the_acquisition_is_doing_and_changes_nothing() throws Exception {
    live.publish(0);
    live.acquisition.set(
        new AcquisitionState(AcquisitionState.Phase.RETRYING, "a cable was loose", 1, 2, 3));
    live.targetFps = 12.5;
    JsonNode state = state(send("GET", ""));
    assertEquals(
        List.of(
            "state",
            "error",
            "target_fps",
            "fps",
            "frames",
            "errors",
            "lost_samples",
            "skipped_ticks",
            "breaker",
            "stalls",
            "clock_steps"),
        List.copyOf(state.propertyNames()));
    assertEquals("retrying", state.get("state").asString());
    assertEquals("a cable was loose", state.get("error").asString());
    assertEquals(12.5, state.get("target_fps").asDouble());
    assertEquals(7, state.get("frames").asLong());
    assertEquals(1, state.get("errors").asLong());
    assertEquals(2, state.get("lost_samples").asLong());
    assertEquals(3, state.get("skipped_ticks").asLong());
    assertEquals(List.of(new DaemonCommand.GetStats()), asked);
  }

  @Test
  void head_is_get_without_the_body() throws Exception {
    RawResponse head = send("HEAD", "");
    assertEquals(200, head.status());
    assertEquals("", head.body());
    assertEquals(List.of(new DaemonCommand.GetStats()), asked);
  }

  @Test
  void each_command_reaches_the_daemon_with_a_deadline_and_is_answered_with_the_state()
      throws Exception {
    List<Duration> deadlines = new CopyOnWriteArrayList<>();
    live.daemon =
        (command, deadline) -> {
          asked.add(command);
          deadlines.add(deadline);
          return CompletableFuture.completedFuture(live.daemonStats());
        };
    for (String body :
        List.of(
            START,
            "{\"command\":\"stop\"}",
            " {\"fps\":0.5, \"command\":\"change_target_fps\"} ")) {
      assertEquals("running", state(post(body)).get("state").asString());
    }
    assertEquals(
        List.of(
            new DaemonCommand.Start(),
            new DaemonCommand.Stop(),
            new DaemonCommand.ChangeTargetFps(0.5)),
        asked);
    assertTrue(deadlines.stream().allMatch(Duration.ofSeconds(10)::equals), deadlines::toString);
  }

  @Test
  @Tag("A21")
  void the_stream_is_expected_at_the_rate_that_is_asked_for_at_present() throws Exception {
    live.targetFps = 10;
    assertEquals(10, live.json("/api/audio/stream/stats").get("expected_fps").asDouble());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"command": "reboot"}                          | the command is reboot
          {"command": "START"}                           | the command is START
          {"command": ""}                                | the command is ''
          {"command": null}                              | the body has no command
          {}                                             | the body has no command
          {"fps": 30}                                    | the body has no command
          {"command": "start", "speed": 2}               | the body has the unknown key speed
          {"Command": "start"}                           | the body has the unknown key Command
          {"command": "change_target_fps"}               | the body has no fps
          {"command": "change_target_fps", "fps": null}  | the body has no fps
          {"command": "stop", "fps": 30}                 | fps is 30.0 with a command that has none
          """)
  void a_wrong_command_is_refused_with_what_is_allowed(String body, String detail)
      throws Exception {
    assertEquals(detail.replace("''", "") + EXAMPLES, refusal(400, post(body)));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "-1, -1", "1000.5, 1000.5", "1e400, Infinity", "-1e400, -Infinity"})
  void a_frame_rate_out_of_range_is_refused_with_its_value(String fps, String shown)
      throws Exception {
    assertEquals(
        "target_fps is " + shown + ", allowed: (0, 1000]",
        refusal(400, post("{\"command\": \"change_target_fps\", \"fps\": " + fps + "}")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "start",
        "\"start\"",
        "[]",
        "[{\"command\": \"start\"}]",
        "{\"command\": \"start\"",
        "{\"command\": \"start\"} {\"command\": \"stop\"}",
        "{\"command\": \"start\", \"command\": \"stop\"}",
        "{\"command\": true}",
        "{\"command\": 5}",
        "{\"command\": 1.5}",
        "{\"command\": [\"start\"]}",
        "{\"command\": {\"start\": 1}}",
        "{\"command\": \"change_target_fps\", \"fps\": \"30\"}",
        "{\"command\": \"change_target_fps\", \"fps\": NaN}",
        "{\"command\": \"change_target_fps\", \"fps\": true}",
        "{\"command\": \"change_target_fps\", \"fps\": [30]}",
        "command=start",
        "{'command': 'start'}"
      })
  void what_is_no_command_in_json_is_refused_and_repeated(String body) throws Exception {
    assertEquals("the body is " + body + EXAMPLES, refusal(400, post(body)));
  }

  @Test
  void a_body_that_is_no_utf_8_is_refused() throws Exception {
    String request =
        "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + JSON_TYPE;
    refusal(400, live.raw(request + "\r\nContent-Length: 3\r\n\r\n\"\u00ff\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "text/json"
      })
  void another_content_type_is_refused(String type) throws Exception {
    String detail =
        refusal(
            415, send("POST", START, "Content-Type: " + type, "Content-Length: " + START.length()));
    assertEquals("the content type is %s, allowed: application/json".formatted(type), detail);
  }

  @Test
  void no_content_type_is_refused() throws Exception {
    assertEquals(
        "the content type is not given, allowed: application/json",
        refusal(415, send("POST", START, "Content-Length: " + START.length())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json; charset=utf-8", "Application/JSON"})
  void json_in_any_spelling_is_read(String type) throws Exception {
    state(send("POST", START, "Content-Type: " + type, "Content-Length: " + START.length()));
    assertEquals(List.of(new DaemonCommand.Start()), asked);
  }

  @Test
  void a_body_may_have_as_many_bytes_as_are_allowed_and_not_one_more() throws Exception {
    state(post(START + " ".repeat(1024 - START.length())));
    asked.clear();
    assertEquals(
        "the length of the body is 1025, allowed: [0, 1024] bytes",
        refusal(413, post(START + " ".repeat(1025 - START.length()))));
  }

  @Test
  void a_body_that_is_said_to_be_huge_is_refused_before_it_has_come() throws Exception {
    assertEquals(
        "the length of the body is 1000000000000, allowed: [0, 1024] bytes",
        refusal(413, send("POST", "", JSON_TYPE, "Content-Length: 1000000000000")));
  }

  @Test
  void a_body_in_chunks_may_be_as_long_as_any_other() throws Exception {
    state(send("POST", chunked(START), JSON_TYPE, "Transfer-Encoding: chunked"));
    assertEquals(List.of(new DaemonCommand.Start()), asked);
    asked.clear();
    assertEquals(
        "the length of the body is more than 1024, allowed: [0, 1024] bytes",
        refusal(
            413, send("POST", chunked(" ".repeat(1025)), JSON_TYPE, "Transfer-Encoding: chunked")));
  }

  private static String chunked(String body) {
    return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example",
        "http://localhost:1",
        "http://localhost.evil.example",
        "https://localhost",
        "null"
      })
  void a_page_of_elsewhere_commands_nothing(String origin) throws Exception {
    assertEquals(
        "the origin is %s, allowed: http://localhost".formatted(origin),
        refusal(403, post(START, "Origin: " + origin)));
  }

  @Test
  void a_page_of_this_server_commands() throws Exception {
    state(post(START, "Origin: http://localhost"));
    assertEquals(List.of(new DaemonCommand.Start()), asked);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
  void another_method_is_refused_with_those_allowed(String method) throws Exception {
    RawResponse response = send(method, "", "Content-Length: 0");
    assertEquals("the method is " + method + ", allowed: GET, HEAD, POST", refusal(405, response));
    assertEquals("GET, HEAD, POST", response.header("allow"));
  }

  @Test
  void a_command_that_failed_is_a_conflict_with_the_reason() throws Exception {
    live.daemon = channel::request;
    try (Server<DaemonCommand, DaemonStats> server = channel.server("daemon")) {
      Thread failing =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  if (server.receive()
                      instanceof Received.Message<Request<DaemonCommand, DaemonStats>> message) {
                    message.value().fail(new IOException("no microphone called X"));
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      assertEquals("the command failed: no microphone called X", detail(409, post(START)));
      failing.join();
    }
  }

  @Test
  void a_command_that_is_not_done_in_time_is_a_time_out() throws Exception {
    live.daemon = (command, _) -> channel.request(command, Duration.ofMillis(1));
    assertEquals("the command was not done within 10 s", detail(504, post(START)));
  }

  @Test
  void a_command_too_many_is_asked_to_come_again() throws Exception {
    live.daemon = channel::request;
    CompletableFuture<DaemonStats> first =
        channel.request(new DaemonCommand.GetStats(), Duration.ofMinutes(1));
    assertEquals("too many commands wait, try again", detail(503, post(START)));
    assertEquals("too many commands wait, try again", detail(503, send("GET", "")));
    assertFalse(first.isDone());
  }

  @Test
  void a_daemon_that_takes_no_commands_says_so() throws Exception {
    live.daemon = channel::request;
    channel.close();
    assertEquals("the acquisition takes no commands", detail(503, post(START)));
  }

  @Test
  @Tag("A20")
  void without_a_source_a_command_is_answered_with_why_it_can_do_nothing() throws Exception {
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
        String head =
            "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\nContent-Length: %d"
                .formatted(PATH, JSON_TYPE, START.length());
        String detail = detail(503, RawResponse.to(head + "\r\n\r\n" + START, socket));
        assertTrue(detail.startsWith("no source is configured: "), detail);
      }
    }
  }
}
