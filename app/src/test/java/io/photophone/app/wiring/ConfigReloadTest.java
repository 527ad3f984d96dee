package io.photophone.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.app.Tokens;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.logging.Logs;
import io.photophone.server.LiveSystem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A running server reads its configuration again: the whole of it, or nothing.
@Timeout(60)
final class ConfigReloadTest {
  @TempDir private Path folder;

  private RunningServer server;

  @BeforeEach
  void start() throws Exception {
    write("");
    server =
        RunningServer.start(
            () -> PhotophoneConfig.read(folder.resolve("photophone.yaml"), Map.of(), List.of()),
            new Logs());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void what_can_change_is_in_force_at_once() throws Exception {
    write(
        """
        streaming: {target_fps: 10}
        measurement: {modulation_hz: 1234, integration_s: 0.5}
        logging: {level: warning}
        """);
    assertEquals(
        List.of(
            "logging.level",
            "measurement.integration_s",
            "measurement.modulation_hz",
            "streaming.target_fps"),
        server.reload().stream().sorted().toList());
    assertEquals(10, json("api/acquisition").get("target_fps").asDouble());
    assertEquals(1234, json("api/instrument").get("modulation_hz").asDouble());
    assertEquals(1234, json("api/config").at("/measurement/modulation_hz").asDouble());
    assertEquals(List.of(), server.reload());
  }

  @Test
  void an_alarm_whose_rule_changed_begins_anew_and_the_others_stay() throws Exception {
    String silent = "- {type: no_reading, name: silent, gas: gas, after_s: 3600}\n";
    write("alarms:\n" + silent);
    assertEquals(List.of("alarms"), server.reload());
    String since = json("api/alarms").at("/alarms/0/since").asString();
    write("alarms:\n" + silent + "- {type: no_reading, name: dead, gas: gas, after_s: 7200}\n");
    server.reload();
    JsonNode both = json("api/alarms").get("alarms");
    assertEquals(2, both.size(), both::toString);
    assertEquals(since, both.at("/0/since").asString());
    assertEquals("dead", both.at("/1/alarm").asString());
    write("");
    server.reload();
    assertEquals(0, json("api/alarms").get("alarms").size());
  }

  @Test
  void the_audit_tells_who_had_it_read_again() throws Exception {
    assertEquals(200, post("api/config/reload").statusCode());
    server.reload();
    write("streaming: {target_fps: 0}\n");
    assertThrows(LiveSystem.Refused.class, () -> server.reload());
    String audit = json("api/auth/audit").toString();
    assertTrue(audit.contains("\"what\":\"POST /api/config/reload\",\"result\":\"200\""), audit);
    String console = "\"address\":\"console\",\"what\":\"reload the configuration\",\"result\":";
    assertTrue(audit.contains(console + "\"done\""), audit);
    assertTrue(audit.contains(console + "\"refused\""), audit);
  }

  @Test
  void a_change_that_needs_a_restart_keeps_all_the_others_out() throws Exception {
    write("streaming: {target_fps: 10, buffer: 50 frames}\n");
    LiveSystem.Refused refused = assertThrows(LiveSystem.Refused.class, () -> server.reload());
    assertEquals(List.of("streaming.buffer needs a restart"), refused.reasons());
    assertEquals(30, json("api/acquisition").get("target_fps").asDouble());
  }

  @Test
  void a_wrong_configuration_is_refused_with_every_error() throws Exception {
    write("streaming: {target_fps: 0}\nlogging: {level: loud}\n");
    HttpResponse<String> refused = post("api/config/reload");
    assertEquals(409, refused.statusCode());
    String detail = JsonMapper.shared().readTree(refused.body()).get("detail").asString();
    assertTrue(detail.contains("streaming.target_fps is 0, allowed: (0, 1000]"), detail);
    assertTrue(detail.contains("logging.level is \"loud\""), detail);
  }

  /// Without a rate of its own the file can't tell that no source carries this modulation.
  @Test
  void a_graph_that_cannot_run_leaves_the_log_and_the_graph_as_they_were() throws Exception {
    write(
        """
        logging: {format: json}
        analysis:
        - {name: signal, type: channel, of: [frames], channel: difference}
        - {name: tone, type: lock_in, of: [signal], modulation_hz: 30000, harmonic: 1, integration_s: 1}
        - {name: apparent, type: concentration, of: [tone], gas: gas, unit: ppm}
        """);
    LiveSystem.Refused refused = assertThrows(LiveSystem.Refused.class, () -> server.reload());
    assertTrue(refused.getMessage().contains("modulation_hz is 30000"), refused.getMessage());
    assertEquals(2000, json("api/instrument").get("modulation_hz").asDouble());
    assertEquals("text", json("api/config").at("/logging/format").asString());
  }

  private void write(String more) throws IOException {
    Files.writeString(
        folder.resolve("photophone.yaml"),
        "server: {port: 0}\ndata: %s\n%s".formatted(folder.resolve("data"), more));
  }

  private JsonNode json(String path) throws Exception {
    return JsonMapper.shared()
        .readTree(
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(server.address().resolve(path))
                        .header("Authorization", "Bearer " + Tokens.admin(folder.resolve("data")))
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .body());
  }

  private HttpResponse<String> post(String path) throws Exception {
    URI address = server.address().resolve(path);
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + Tokens.admin(folder.resolve("data")))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
