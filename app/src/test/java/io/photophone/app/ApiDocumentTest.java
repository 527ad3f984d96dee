package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.logging.Logs;
import io.photophone.app.wiring.RunningServer;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a whole server answers is what its document says.
@Tag("A31")
@Timeout(120)
final class ApiDocumentTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

  /// A graph that gives everything that a node can give.
  private static final String GRAPH =
      """
      - {name: signal, type: channel, of: [frames], channel: difference}
      - {name: tone, type: lock_in, of: [signal], modulation_hz: 2000, harmonic: 1, integration_s: 0.1}
      - {name: tracked, type: resonance, of: [tone], quality: 80, quality_uncertainty: 1,
         phase_at_resonance_deg: 0, phase_uncertainty_deg: 1}
      - {name: gas, type: concentration, of: [tracked], gas: CO2, unit: ppm, calibration: {id: CO2-1,
         unit: ppm, sensitivity: 0.001, offset: 0, phase_deg: 0, relative_uncertainty: 0.01,
         highest: 1000}}
      - {name: spectrum, type: spectrum, of: [frames], size: 4096, window: hann}
      - {name: level, type: level, of: [frames], interval_s: 0.1}
      - {name: peak, type: peak, of: [signal], size: 1024, interval_s: 0.1, low_hz: 1000,
         high_hz: 3000}
      - {name: density, type: density, of: [signal], size: 1024, window: hann, interval_s: 0.1}
      """;

  private static final List<String> NODES =
      List.of("signal", "tone", "tracked", "gas", "spectrum", "level", "peak", "density");

  @TempDir private Path folder;
  private final Map<String, Schema> schemas = new HashMap<>();
  private final Set<String> checked = new TreeSet<>();
  private RunningServer server;
  private URI address;
  private JsonNode document;

  @BeforeEach
  void start() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("photophone.yaml"),
            """
            server: {port: 0}
            data: %s
            measurement: {instrument: bench 1, gas: CO2, integration_s: 0.1}
            source: {type: simulated, script: [{for_s: 600, ppm: 50}], faults: []}
            alarms:
              - {name: high, gas: CO2, direction: above, level: 10, unit: ppm, latching: true}
            analysis:
            %s
            """
                .formatted(folder.resolve("data"), GRAPH.indent(2)));
    server =
        RunningServer.start(() -> PhotophoneConfig.read(file, Map.of(), List.of()), new Logs());
    address = Tokens.signedIn(server.address(), folder.resolve("data"));
    document = JSON.readTree(Http.get(at("/openapi.json")).body());
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private URI at(String path) {
    return address.resolve(path);
  }

  /// A schema of the document as a schema of its own, which takes no fields that it doesn't name.
  private Schema standalone(JsonNode part) {
    return schemas.computeIfAbsent(
        part.toString(),
        text -> {
          ObjectNode root = (ObjectNode) JSON.readTree(text);
          root.put("$schema", DRAFT);
          root.set("components", JSON.readTree(document.get("components").toString()));
          close(root);
          return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(root.toString());
        });
  }

  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.has("properties")
        && object.path("type").asString("").equals("object")) {
      object.put("additionalProperties", false);
    }
    node.forEach(ApiDocumentTest::close);
  }

  private void assertConforms(JsonNode schema, String json, String what) {
    assertTrue(!schema.isMissingNode(), () -> what + " is not in the document: " + json);
    assertEquals(
        List.of(), standalone(schema).validate(json, InputFormat.JSON), () -> what + ": " + json);
  }

  /// Checks an answer against what the document says of the operation.
  private HttpResponse<String> checked(String method, String path, HttpResponse<String> response) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    String what = "%s %s %d".formatted(method, path, response.statusCode());
    JsonNode told =
        document
            .get("paths")
            .path(path)
            .path(method)
            .path("responses")
            .path(Integer.toString(response.statusCode()));
    assertTrue(told.isObject(), () -> what + " is not in the document: " + response.body());
    if (!response.body().isEmpty() && type.equals("application/json")) {
      assertConforms(told.path("content").path(type).path("schema"), response.body(), what);
      checked.add(method + " " + path);
    }
    return response;
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<String> response = checked("get", path, Http.get(at(path)));
    return response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body());
  }

  private JsonNode post(String path, String json) throws Exception {
    HttpResponse<String> response = checked("post", path, Http.postJson(at(path), json));
    assertTrue(response.statusCode() < 300, response::body);
    return JSON.readTree(response.body());
  }

  /// Asks until it is so; the test's time limit ends a wait in vain.
  private JsonNode await(String path, Predicate<JsonNode> wanted) throws Exception {
    while (true) {
      JsonNode answer = get(path);
      if (!answer.isNull() && wanted.test(answer)) {
        return answer;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static Predicate<JsonNode> inState(String state) {
    return answer -> answer.get("state").asString().equals(state);
  }

  @Test
  void every_json_answer_conforms_to_its_schema() throws Exception {
    await("/api/readings/latest", reading -> reading.get("concentration").isNumber());
    await("/api/alarms", all -> all.toString().contains("\"raised\""));
    post("/api/alarms", "{\"command\": \"acknowledge\", \"alarm\": \"high\", \"who\": \"Ada\"}");
    post("/api/acquisition", "{\"command\": \"change_target_fps\", \"fps\": 25}");
    post("/api/simulation", "{\"command\": \"fault\", \"kind\": \"drift\"}");
    post("/api/simulation", "{\"command\": \"clear\", \"kind\": \"drift\"}");
    post("/api/sweeps", "{\"from_hz\": 1950, \"to_hz\": 2060, \"steps\": 23, \"dwell_s\": 0.3}");
    await("/api/sweeps", progress -> !progress.get("running").asBoolean());
    calibrate();
    checked("put", "/api/analysis", Http.putYaml(at("/api/analysis"), GRAPH));
    await("/api/readings/recent", recent -> recent.get("readings").size() > 100);
    for (String path : jsonPaths("get")) {
      String asked = path.replace("{instrument}", "bench%201");
      checked("get", path, Http.get(at(asked)));
    }
    Set<String> all = new TreeSet<>();
    for (String method : List.of("get", "post", "put")) {
      jsonPaths(method).stream()
          .filter(path -> method.equals("get") || !path.startsWith("/api/instruments/"))
          .filter(path -> !isOfAdministrators(path))
          .forEach(path -> all.add(method + " " + path));
    }
    checked.removeIf(each -> isOfAdministrators(each.substring(each.indexOf(' ') + 1)));
    assertEquals(all, checked);
  }

  /// Whether the test's token, an operator's, is refused there, or some of it.
  private static boolean isOfAdministrators(String path) {
    return path.startsWith("/api/auth/") || path.startsWith("/api/config");
  }

  /// Goes through every state of a calibration.
  private void calibrate() throws Exception {
    String path = "/api/calibration";
    await(path, inState("idle"));
    post(
        path,
        "{\"command\": \"begin\", \"kind\": \"multi_point\", \"who\": \"Ada\", \"unit\": \"ppm\","
            + " \"bottle\": \"B1\", \"bottle_relative_uncertainty\": 0.01, \"valid_for_days\": 30,"
            + " \"settled_over\": 5, \"readings\": 5}");
    for (int ppm : new int[] {100, 200, 300}) {
      post("/api/simulation", "{\"command\": \"concentration\", \"ppm\": " + ppm + "}");
      post(path, "{\"command\": \"point\", \"concentration\": " + ppm + "}");
      await(path, inState("awaiting_point"));
    }
    post(path, "{\"command\": \"fit\"}");
    await(path, inState("review"));
    post(path, "{\"command\": \"accept\"}");
    await("/api/calibrations", all -> all.get("calibrations").size() == 1);
  }

  /// Paths whose operation answers with JSON.
  private List<String> jsonPaths(String method) {
    List<String> paths = new ArrayList<>();
    document
        .get("paths")
        .propertyStream()
        .forEach(item -> {
          boolean json =
              item.getValue()
                  .path(method)
                  .path("responses")
                  .valueStream()
                  .anyMatch(response -> response.path("content").has("application/json"));
          if (json) {
            paths.add(item.getKey());
          }
        });
    return paths;
  }

  @Test
  void every_event_conforms_to_its_schema() throws Exception {
    Set<String> streams = new TreeSet<>();
    document
        .get("paths")
        .propertyStream()
        .filter(item -> !events(item.getValue()).isMissingNode())
        .forEach(item -> streams.add(item.getKey()));
    for (String path : streams) {
      String named = path.replace("{instrument}", "bench%201");
      if (path.contains("{node}")) {
        for (String node : NODES) {
          assertEventsConform(path, named.replace("{node}", node), 2);
        }
      } else {
        String query = path.endsWith("spectral") ? "?phases=true" : "";
        assertEventsConform(path, named + query, path.endsWith("/alarms/stream") ? 1 : 2);
      }
    }
    assertEventsConform("/api/stream", "/api/stream", 40);
    assertEquals(13, streams.size(), streams::toString);
  }

  private static JsonNode events(JsonNode item) {
    return item.at("/get/responses/200/content/text~1event-stream/schema/items/oneOf");
  }

  /// Checks the first events of a stream.
  private void assertEventsConform(String path, String asked, int count) throws Exception {
    HttpResponse<Stream<String>> response = Http.lines(at(asked));
    assertEquals(200, response.statusCode(), asked);
    try (Stream<String> lines = response.body()) {
      String type = "message";
      int seen = 0;
      for (Iterator<String> each = lines.iterator(); seen < count && each.hasNext(); ) {
        String line = each.next();
        if (line.isEmpty()) {
          type = "message";
        } else if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("data: ")) {
          assertConforms(dataSchema(path, type), line.substring(6), asked + " " + type);
          seen++;
        }
      }
      assertEquals(count, seen, asked);
    }
  }

  private JsonNode dataSchema(String path, String type) {
    return events(document.get("paths").get(path))
        .valueStream()
        .filter(each -> each.at("/properties/event/const").asString("").equals(type))
        .findFirst()
        .map(each -> each.at("/properties/data/contentSchema"))
        .orElse(JSON.missingNode());
  }
}
