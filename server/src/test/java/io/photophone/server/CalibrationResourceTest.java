package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
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

@Tag("M8")
@Timeout(30)
final class CalibrationResourceTest {
  private static final String PATH = "/api/calibration";

  private final List<CalibrationCommand> asked = new CopyOnWriteArrayList<>();
  private LiveServer live;

  @BeforeEach
  void start() throws IOException {
    live = LiveServer.start();
    live.calibration = asked::add;
  }

  @AfterEach
  void stop() {
    live.close();
  }

  private RawResponse post(String body) throws IOException {
    return live.raw(
        "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(PATH, body.getBytes(UTF_8).length, body));
  }

  private static String detail(int status, RawResponse response) {
    assertEquals(status, response.status(), response::toString);
    assertEquals("application/problem+json", response.header("content-type"));
    JsonNode problem = JsonMapper.shared().readTree(response.body());
    return problem.get("detail").asString();
  }

  @Test
  void get_tells_the_state_and_the_history_and_changes_nothing() throws Exception {
    assertEquals("idle", live.json(PATH).get("state").asString());
    assertEquals("cell-1", live.json("/api/calibrations").get("instrument").asString());
    assertEquals(List.of(), asked);
  }

  @Test
  void each_command_is_carried_out_and_answered_with_the_state() throws Exception {
    for (String body :
        List.of(
            "{\"command\": \"begin\", \"kind\": \"zero\", \"who\": \"Ada\", \"unit\": \"ppm\","
                + " \"bottle_relative_uncertainty\": 0.01, \"valid_for_days\": 30,"
                + " \"settled_over\": 4}",
            "{\"concentration\": 1.5, \"command\": \"point\"}",
            "{\"command\": \"fit\"}",
            "{\"command\": \"accept\"}",
            "{\"command\": \"cancel\"}",
            "{\"command\": \"restore\", \"id\": \"NH3-1\", \"who\": \"Ada\"}")) {
      RawResponse response = post(body);
      assertEquals(200, response.status(), response::toString);
      assertEquals("idle", JsonMapper.shared().readTree(response.body()).get("state").asString());
    }
    assertEquals(
        List.of(
            new CalibrationCommand.Begin(
                "zero", null, "Ada", null, 0.01, "ppm", 30.0, null, 4, null, null),
            new CalibrationCommand.Point(1.5, null),
            new CalibrationCommand.Fit(),
            new CalibrationCommand.Accept(),
            new CalibrationCommand.Cancel(),
            new CalibrationCommand.Restore("NH3-1", "Ada", null)),
        asked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "[]",
        "{\"command\": \"reboot\"}",
        "{\"command\": null}",
        "{\"command\": \"point\", \"concentration\": \"100\"}",
        "{\"command\": \"point\", \"concentration\": NaN}",
        "{\"command\": \"begin\", \"readings\": 2.5}",
        "{\"command\": \"fit\"} {\"command\": \"accept\"}"
      })
  void a_wrong_body_is_refused_with_what_is_allowed(String body) throws Exception {
    String detail = detail(400, post(body));
    assertTrue(
        detail.contains(", allowed: {\"command\": \"begin\", \"kind\": \"multi_point\""), detail);
    assertEquals(List.of(), asked);
  }

  @Test
  void a_key_of_another_command_is_refused_by_its_name() throws Exception {
    String detail = detail(400, post("{\"command\": \"accept\", \"concentration\": 1}"));
    assertTrue(detail.startsWith("the body has the unknown key concentration, allowed: "), detail);
    assertEquals(List.of(), asked);
  }

  @Test
  void a_wrong_value_is_400_a_wrong_state_409_and_a_full_disk_503() throws Exception {
    live.calibration =
        _ -> {
          throw new IllegalArgumentException("who is missing");
        };
    assertEquals("who is missing", detail(400, post("{\"command\": \"accept\"}")));
    live.calibration =
        _ -> {
          throw new IllegalStateException("the calibration is idle, allowed: begin");
        };
    assertEquals(
        "the calibration is idle, allowed: begin", detail(409, post("{\"command\": \"accept\"}")));
    live.calibration =
        _ -> {
          throw new UncheckedIOException("no space left", new IOException("28"));
        };
    assertEquals(
        "the calibration could not be kept and is not in force: no space left",
        detail(503, post("{\"command\": \"accept\"}")));
  }
}
