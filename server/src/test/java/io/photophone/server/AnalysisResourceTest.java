package io.photophone.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.photophone.model.NodeTiming;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("M13")
@Timeout(30)
final class AnalysisResourceTest {
  private static final String PATH = "/api/analysis";
  private static final String YAML_TYPE = "Content-Type: application/yaml";
  private static final String YAML =
      """
      - type: channel # the signal
        name: signal
      """;

  /// Texts that were asked to be put in place.
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private LiveServer live;

  @BeforeEach
  void start() throws IOException {
    live = LiveServer.start();
    live.replace =
        text -> {
          asked.add(text);
          return CompletableFuture.completedFuture(null);
        };
  }

  @AfterEach
  void stop() {
    live.close();
  }

  private static String request(String method, int length, String... headers) {
    return "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n"
        .formatted(
            method,
            PATH,
            length,
            String.join("", List.of(headers).stream().map(header -> header + "\r\n").toList()));
  }

  private RawResponse put(String body, String... headers) throws IOException {
    return live.raw(
        request("PUT", body.getBytes(UTF_8).length, headers)
            + new String(body.getBytes(UTF_8), ISO_8859_1));
  }

  private static String detail(int status, RawResponse response) {
    assertEquals(status, response.status(), response::toString);
    assertEquals("application/problem+json", response.header("content-type"));
    return JsonMapper.shared().readTree(response.body()).get("detail").asString();
  }

  @Test
  void get_tells_the_graph_and_how_long_its_nodes_take() throws Exception {
    assertEquals(
        JsonMapper.shared()
            .readTree(
                """
                {"analysis": [{"name": "signal"}],
                 "timings": [
                   {"node": "signal", "type": "channel", "frames": 4, "mean_us": 2.0, "slowest_us": 5.0},
                   {"node": "gas", "type": "concentration", "frames": 0, "mean_us": 0.0, "slowest_us": 0.0}]}
                """),
        live.json(PATH));
    assertEquals(List.of(), asked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/yaml",
        "application/yaml; charset=utf-8",
        "Application/YAML"
      })
  void a_graph_is_put_in_place_as_it_was_sent_and_the_answer_is_what_runs(String type)
      throws Exception {
    String body = type.contains("json") ? "[{\"name\": \"é\"}]" : YAML;
    RawResponse response = put(body, "Content-Type: " + type);
    assertEquals(200, response.status(), response::toString);
    assertEquals(live.json(PATH), JsonMapper.shared().readTree(response.body()));
    assertEquals(List.of(body), asked);
  }

  @Test
  void the_answer_waits_until_the_graph_is_in_place() throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    CompletableFuture<String> came = new CompletableFuture<>();
    live.replace =
        text -> {
          came.complete(text);
          return done;
        };
    try (Socket socket = live.connect()) {
      socket
          .getOutputStream()
          .write((request("PUT", YAML.length(), YAML_TYPE) + YAML).getBytes(UTF_8));
      came.get();
      live.timings = List.of(new NodeTiming("other", "peak", 1, 1000, 1000));
      done.complete(null);
      RawResponse response = RawResponse.to("", socket);
      assertEquals(200, response.status());
      JsonNode answer = JsonMapper.shared().readTree(response.body());
      assertEquals("other", answer.get("timings").get(0).get("node").asString());
    }
  }

  @Test
  void a_graph_that_can_not_run_is_refused_with_every_error() throws Exception {
    live.replace =
        _ ->
            CompletableFuture.failedFuture(
                new LiveAnalysis.Refused(
                    List.of("1:3: one is wrong", "2:5: another is", "a third")));
    assertEquals(
        "the graph stays as it is, since the new one has 3 errors:"
            + " 1:3: one is wrong; 2:5: another is; a third",
        detail(400, put(YAML, YAML_TYPE)));
  }

  @Test
  void one_error_is_told_as_one() throws Exception {
    live.replace =
        _ -> CompletableFuture.failedFuture(new LiveAnalysis.Refused(List.of("1:3: it is wrong")));
    assertEquals(
        "the graph stays as it is, since the new one has 1 error: 1:3: it is wrong",
        detail(400, put(YAML, YAML_TYPE)));
  }

  @Test
  void what_keeps_a_good_graph_out_is_told_as_unavailable() throws Exception {
    live.replace =
        _ -> CompletableFuture.failedFuture(new IllegalStateException("another came after it"));
    assertEquals(
        "the graph stays as it is: another came after it", detail(503, put(YAML, YAML_TYPE)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-yaml", "text/yaml", ""})
  void another_content_type_is_refused_with_those_allowed(String type) throws Exception {
    String[] header = type.isEmpty() ? new String[0] : new String[] {"Content-Type: " + type};
    assertEquals(
        "the content type is %s, allowed: application/json, application/yaml"
            .formatted(type.isEmpty() ? "not given" : type),
        detail(415, put(YAML, header)));
    assertEquals(List.of(), asked);
  }

  @Test
  void a_body_of_64_kibibytes_is_read_and_one_byte_more_is_refused() throws Exception {
    assertEquals(200, put("#".repeat(65_536), YAML_TYPE).status());
    assertEquals(
        "the length of the body is 65537, allowed: [0, 65536] bytes",
        detail(413, put("#".repeat(65_537), YAML_TYPE)));
    assertEquals(1, asked.size());
  }

  @Test
  void a_body_that_is_no_utf_8_is_refused() throws Exception {
    assertEquals(
        "the body is not UTF-8", detail(400, live.raw(request("PUT", 2, YAML_TYPE) + "a\u00ff")));
    assertEquals(List.of(), asked);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "DELETE", "PATCH"})
  void other_methods_are_refused(String method) throws Exception {
    RawResponse response = live.raw(request(method, YAML.length(), YAML_TYPE) + YAML);
    assertEquals(
        "the method is %s, allowed: GET, HEAD, PUT".formatted(method), detail(405, response));
    assertEquals("GET, HEAD, PUT", response.header("allow"));
    assertEquals(List.of(), asked);
  }

  @Test
  void a_page_of_another_origin_changes_nothing() throws Exception {
    detail(403, put(YAML, YAML_TYPE, "Origin: http://elsewhere.example"));
    assertEquals(List.of(), asked);
  }

  @Test
  void metrics_tell_the_time_of_each_node() throws Exception {
    Exposition metrics = Exposition.parse(new String(live.get("/metrics").body(), UTF_8));
    assertEquals("counter", metrics.types().get("photophone_node_seconds_total"));
    assertEquals(
        8e-6,
        metrics.value("photophone_node_seconds_total", "instrument", "cell-1", "node", "signal"));
    assertEquals(
        0, metrics.value("photophone_node_seconds_total", "instrument", "cell-1", "node", "gas"));
    assertEquals(Set.of("signal", "gas"), Set.copyOf(metrics.valuesOf("node")));
  }
}
