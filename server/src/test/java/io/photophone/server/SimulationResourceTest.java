package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.source.SimulatedCell;
import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.source.SimulatedSource;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("M11")
@Timeout(30)
final class SimulationResourceTest {
  private static final String PATH = "/api/simulation";

  private static JsonNode posted(LiveServer live, String body) throws Exception {
    HttpResponse<byte[]> response = live.post(PATH, body);
    assertEquals(200, response.statusCode());
    return JsonMapper.shared().readTree(response.body());
  }

  private static String refusal(LiveServer live, int status, String body) throws Exception {
    HttpResponse<byte[]> response = live.post(PATH, body);
    assertEquals(status, response.statusCode());
    return JsonMapper.shared().readTree(response.body()).get("detail").asString();
  }

  @Test
  void a_command_answers_with_what_is_in_force_from_its_sample_on() throws Exception {
    SimulatedSource source = new SimulatedSource(SimulatedCellConfig.DEFAULT);
    try (SimulatedCell cell = source.open();
        LiveServer live = LiveServer.startSimulated(source)) {
      JsonNode before = live.json(PATH);
      assertEquals(0, before.get("ppm").asDouble());
      assertTrue(before.get("scripted").asBoolean());
      assertEquals(25, before.get("temperature_c").asDouble());
      assertEquals(2000.8, before.get("resonance_hz").asDouble());
      assertEquals(2000, before.get("modulation_hz").asDouble());
      assertEquals("[]", before.get("faults").toString());

      cell.read(1000);
      JsonNode after = posted(live, "{\"command\": \"concentration\", \"ppm\": 50}");
      assertEquals(1024, after.get("sample").asLong());
      assertEquals(50, after.get("ppm").asDouble());
      assertEquals(false, after.get("scripted").asBoolean());
      assertEquals(after, live.json(PATH));

      assertEquals(
          "[\"clipping\"]",
          posted(live, "{\"command\": \"fault\", \"kind\": \"clipping\", \"for_s\": 2}")
              .get("faults")
              .toString());
      assertEquals(
          "[\"clipping\",\"noise_burst\"]",
          posted(live, "{\"command\": \"fault\", \"kind\": \"noise_burst\"}")
              .get("faults")
              .toString());
      assertEquals(
          "[\"noise_burst\"]",
          posted(live, "{\"command\": \"clear\", \"kind\": \"clipping\"}")
              .get("faults")
              .toString());
      assertEquals(
          30,
          posted(live, "{\"command\": \"temperature\", \"celsius\": 30}")
              .get("temperature_c")
              .asDouble());
      assertEquals(
          30,
          posted(live, "{\"command\": \"temperature\", \"celsius\": 40, \"over_s\": 10}")
              .get("temperature_c")
              .asDouble());
      assertEquals(
          1990,
          posted(live, "{\"command\": \"modulation\", \"hz\": 1990}")
              .get("modulation_hz")
              .asDouble());
      assertTrue(posted(live, "{\"command\": \"script\"}").get("scripted").asBoolean());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"command\": \"fault\", \"kind\": \"fire\"} | kind is fire, allowed: clipping, dropout,"
            + " drift, noise_burst, no_numbers",
        "{\"command\": \"fault\"} | kind is null, allowed: clipping, dropout, drift, noise_burst,"
            + " no_numbers",
        "{\"command\": \"fault\", \"kind\": \"dropout\"} | for_s is missing for a dropout, allowed:"
            + " (0, 60]",
        "{\"command\": \"fault\", \"kind\": \"drift\", \"for_s\": 0} | for_s is 0, allowed: (0,"
            + " 86400]",
        "{\"command\": \"fault\", \"kind\": \"drift\", \"for_s\": 1e300} | for_s is 1.0E300,"
            + " allowed: at most 1000000.0",
        "{\"command\": \"concentration\", \"ppm\": -5} | ppm is -5, allowed: [0, 1000000]",
        "{\"command\": \"temperature\", \"celsius\": 200} | celsius is 200, allowed: [-50, 150]",
        "{\"command\": \"modulation\", \"hz\": 24000} | hz is 24000, allowed: (0, 24000)",
      })
  void a_value_that_is_not_allowed_is_refused(String body, String detail) throws Exception {
    SimulatedSource source = new SimulatedSource(SimulatedCellConfig.DEFAULT);
    try (SimulatedCell _ = source.open();
        LiveServer live = LiveServer.startSimulated(source)) {
      assertEquals(detail, refusal(live, 400, body));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | the body has no command",
        "{\"command\": \"explode\"} | the command is explode",
        "{\"command\": \"concentration\"} | the body has no ppm",
        "{\"command\": \"script\", \"ppm\": 3} | ppm is 3.0 with a command that has none",
        "{\"command\": \"clear\", \"kind\": \"drift\", \"for_s\": 3} | for_s is 3.0 with a command"
            + " that has none",
        "{\"command\": \"script\", \"x\": 3} | the body has the unknown key x",
      })
  void a_body_that_is_no_command_is_refused_with_examples(String body, String detail)
      throws Exception {
    SimulatedSource source = new SimulatedSource(SimulatedCellConfig.DEFAULT);
    try (SimulatedCell _ = source.open();
        LiveServer live = LiveServer.startSimulated(source)) {
      String told = refusal(live, 400, body);
      assertTrue(
          told.startsWith(detail + ", allowed: {\"command\": \"fault\", \"kind\": \"clipping\","),
          told);
    }
  }

  @Test
  void a_source_that_is_not_simulated_is_a_conflict() throws Exception {
    String reason = "the source isn't simulated: only a simulated cell takes these commands";
    try (LiveServer live = LiveServer.start()) {
      assertEquals(reason, refusal(live, 409, "{\"command\": \"script\"}"));
      assertEquals(409, live.get(PATH).statusCode());
    }
  }
}
