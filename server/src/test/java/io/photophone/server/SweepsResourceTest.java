package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("M10")
@Timeout(30)
final class SweepsResourceTest {
  private static final String PATH = "/api/sweeps";

  private LiveServer live;

  @BeforeEach
  void start() throws IOException {
    live = LiveServer.start();
  }

  @AfterEach
  void stop() {
    live.close();
  }

  private static String detail(HttpResponse<byte[]> response, int status) {
    assertEquals(status, response.statusCode());
    return JsonMapper.shared().readTree(response.body()).get("detail").asString();
  }

  @Test
  void before_the_first_sweep_there_is_no_latest() throws Exception {
    assertEquals(204, live.get(PATH + "/latest").statusCode());
    JsonNode progress = live.json(PATH);
    assertEquals(false, progress.get("running").asBoolean());
    assertEquals(true, progress.get("error").isNull());
  }

  @Test
  void the_latest_is_handed_on_byte_for_byte() throws Exception {
    live.sweeps.latest = "{\"instrument\": \"cell-1\"}".getBytes(UTF_8);
    HttpResponse<byte[]> response = live.get(PATH + "/latest");
    assertArrayEquals(live.sweeps.latest, response.body());
    assertEquals("application/json", response.headers().firstValue("content-type").orElseThrow());
  }

  @Test
  void one_that_can_not_be_read_is_told() throws Exception {
    live.sweeps.failure = new IOException("000001.json: disk on fire");
    assertEquals(
        "the latest sweep can't be read: 000001.json: disk on fire",
        detail(live.get(PATH + "/latest"), 503));
  }

  @Test
  void a_sweep_begins_with_the_plan_that_was_sent() throws Exception {
    HttpResponse<byte[]> response =
        live.post(PATH, "{\"from_hz\": 1950, \"to_hz\": 2050, \"steps\": 21, \"dwell_s\": 0.5}");
    assertEquals(202, response.statusCode());
    JsonNode progress = JsonMapper.shared().readTree(response.body());
    assertEquals(true, progress.get("running").asBoolean());
    assertEquals(0.25, progress.get("done").asDouble());
    live.post(PATH, "{}");
    assertEquals(
        List.of(
            new Sweeps.Order(1950.0, 2050.0, 21, 0.5), new Sweeps.Order(null, null, null, null)),
        live.sweeps.begun);
  }

  @Test
  void a_sweep_that_can_not_begin_is_a_conflict_that_says_why() throws Exception {
    live.sweeps.obstacle = "a sweep is under way";
    assertEquals("a sweep is under way", detail(live.post(PATH, "{}"), 409));
  }

  @Test
  void a_plan_that_can_not_work_is_refused() throws Exception {
    assertEquals("steps is 6, allowed: [7, 2000]", detail(live.post(PATH, "{\"steps\": 6}"), 400));
    assertEquals(
        "the body has the unknown key step, allowed: {\"from_hz\": 1900, \"to_hz\": 2100,"
            + " \"steps\": 41, \"dwell_s\": 0.4}, {}",
        detail(live.post(PATH, "{\"step\": 6}"), 400));
    assertEquals(List.of(), live.sweeps.begun);
  }
}
