package io.photophone.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.app.Tokens;
import io.photophone.app.config.PhotophoneConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Commands and sweeps through a whole server.
@Timeout(60)
final class CellOverHttpTest {
  @TempDir private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private String token;

  private RunningServer serve(String source) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("photophone.yaml"),
            """
            server: {port: 0}
            data: %s
            measurement: {integration_s: 0.1}
            source: %s
            """
                .formatted(folder.resolve("data"), source));
    return RunningServer.start(PhotophoneConfig.read(file, Map.of(), List.of()));
  }

  private String authorization() {
    if (token == null) {
      token = Tokens.operator(folder.resolve("data"));
    }
    return "Bearer " + token;
  }

  private JsonNode get(URI address, String path) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(address.resolve(path))
                .header("Authorization", authorization())
                .build(),
            BodyHandlers.ofString());
    return response.statusCode() == 204
        ? JsonMapper.shared().nullNode()
        : JsonMapper.shared().readTree(response.body());
  }

  private HttpResponse<String> post(URI address, String path, String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve(path))
            .header("Authorization", authorization())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  /// Asks until it is so; the test's time limit ends a wait in vain.
  private JsonNode await(URI address, String path, Predicate<JsonNode> wanted) throws Exception {
    while (true) {
      JsonNode answer = get(address, path);
      if (!answer.isNull() && wanted.test(answer)) {
        return answer;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  @Test
  @Tag("M11")
  void a_fault_on_command_flags_the_readings_until_it_is_cleared() throws Exception {
    try (RunningServer server =
        serve("{type: simulated, script: [{for_s: 100, ppm: 50}], faults: []}")) {
      URI address = server.address();
      Predicate<JsonNode> clipped = reading -> reading.get("flags").toString().contains("clipped");
      await(address, "api/readings/latest", clipped.negate());
      assertEquals(
          200,
          post(address, "api/simulation", "{\"command\": \"fault\", \"kind\": \"clipping\"}")
              .statusCode());
      await(address, "api/readings/latest", clipped);
      post(address, "api/simulation", "{\"command\": \"clear\", \"kind\": \"clipping\"}");
      await(address, "api/readings/latest", clipped.negate());
      post(address, "api/simulation", "{\"command\": \"concentration\", \"ppm\": 80}");
      await(
          address,
          "api/readings/latest",
          reading ->
              reading.get("concentration").isNumber()
                  && Math.abs(reading.get("concentration").asDouble() - 80) < 1);
    }
  }

  @Test
  @Tag("M10")
  void a_sweep_runs_beside_the_measurement_and_is_kept() throws Exception {
    String source = "{type: simulated, temperature_c: 27, faults: []}";
    try (RunningServer server = serve(source)) {
      URI address = server.address();
      assertTrue(get(address, "api/sweeps/latest").isNull());
      String order = "{\"from_hz\": 1950, \"to_hz\": 2060, \"steps\": 23, \"dwell_s\": 0.3}";
      assertEquals(202, post(address, "api/sweeps", order).statusCode());
      JsonNode progress =
          await(address, "api/sweeps", answer -> !answer.get("running").asBoolean());
      assertTrue(progress.get("error").isNull(), progress::toString);
      assertEquals(1, progress.get("done").asDouble());
      JsonNode sweep = get(address, "api/sweeps/latest");
      JsonNode resonance = sweep.get("resonance");
      double truth = 2000.8 * Math.sqrt((27 + 273.15) / (25 + 273.15));
      assertEquals(
          truth,
          resonance.get("frequency_hz").asDouble(),
          4 * resonance.get("frequency_uncertainty_hz").asDouble());
      assertEquals(80, resonance.get("quality").asDouble(), 0.1);
      assertEquals(23, sweep.get("points").size());
      assertEquals("[]", sweep.get("warnings").toString());
    }
    try (RunningServer again = serve(source)) {
      assertEquals(
          23, get(again.address(), "api/sweeps/latest").get("points").size(), "kept on disk");
    }
  }

  @Test
  @Tag("M10")
  void only_one_sweep_runs_at_a_time_and_a_stop_ends_it() throws Exception {
    try (RunningServer server = serve("{type: simulated}")) {
      URI address = server.address();
      String minutes = "{\"steps\": 1500, \"dwell_s\": 0.4}";
      assertEquals(202, post(address, "api/sweeps", minutes).statusCode());
      HttpResponse<String> second = post(address, "api/sweeps", minutes);
      assertEquals(409, second.statusCode());
      assertTrue(second.body().contains("a sweep is under way"), second::body);
    }
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().equals("sweep of cell")));
  }

  @Test
  @Tag("M10")
  void a_plan_that_can_not_work_is_refused_with_what_is_allowed() throws Exception {
    try (RunningServer server = serve("{type: simulated}")) {
      HttpResponse<String> refused = post(server.address(), "api/sweeps", "{\"from_hz\": 2200}");
      assertEquals(400, refused.statusCode());
      assertTrue(
          refused.body().contains("to_hz is 2100.0, allowed: above from_hz, which is 2200.0"),
          refused::body);
      HttpResponse<String> fast = post(server.address(), "api/sweeps", "{\"to_hz\": 24000}");
      assertTrue(fast.body().contains("to_hz is 24000, allowed: (0, 24000)"), fast::body);
    }
  }
}
