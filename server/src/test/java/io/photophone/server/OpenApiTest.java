package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Tag("A31")
@Timeout(60)
final class OpenApiTest {
  private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

  private static LiveServer live;
  private static JsonNode document;

  @BeforeAll
  static void start() throws Exception {
    live = LiveServer.start();
    document = live.json("/openapi.json");
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  private static Schema schema(String text) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(text);
  }

  private static String resource(String name) throws IOException {
    try (InputStream file = OpenApiTest.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), UTF_8);
    }
  }

  /// A schema of the document as a schema of its own. It takes no fields that it doesn't name, so
  /// that an answer has none that the document doesn't tell.
  private static Schema standalone(JsonNode part) {
    ObjectNode root = (ObjectNode) JsonMapper.shared().readTree(part.toString());
    root.put("$schema", DRAFT);
    root.set("components", document.get("components"));
    JsonNode closed = JsonMapper.shared().readTree(root.toString());
    close(closed);
    return schema(closed.toString());
  }

  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.has("properties")
        && object.path("type").asString("").equals("object")) {
      object.put("additionalProperties", false);
    }
    node.forEach(OpenApiTest::close);
  }

  private static void assertConforms(JsonNode part, String json, String what) {
    assertEquals(
        List.of(), standalone(part).validate(json, InputFormat.JSON), () -> what + ": " + json);
  }

  @Test
  void the_document_is_one_of_openapi() throws Exception {
    Schema openApi = schema(resource("openapi-3.1-schema.json"));
    assertEquals(List.of(), openApi.validate(document.toString(), InputFormat.JSON));
    ObjectNode wrong = (ObjectNode) JsonMapper.shared().readTree(document.toString());
    wrong.putObject("info");
    assertFalse(openApi.validate(wrong.toString(), InputFormat.JSON).isEmpty());
  }

  @Test
  void every_schema_of_the_document_is_a_schema() {
    Schema schemas = schema("{\"$ref\": \"" + DRAFT + "\"}");
    document
        .get("components")
        .get("schemas")
        .forEach(
            each -> assertEquals(List.of(), schemas.validate(each.toString(), InputFormat.JSON)));
  }

  @Test
  void every_reference_leads_somewhere() {
    Set<String> broken = new TreeSet<>();
    collectBroken(document, broken);
    assertEquals(Set.of(), broken);
  }

  private static void collectBroken(JsonNode node, Set<String> broken) {
    JsonNode reference = node.get("$ref");
    if (reference != null && document.at(reference.asString().substring(1)).isMissingNode()) {
      broken.add(reference.asString());
    }
    node.forEach(each -> collectBroken(each, broken));
  }

  @Test
  void every_operation_has_an_id_of_its_own() {
    List<String> ids = new ArrayList<>();
    document
        .get("paths")
        .forEach(item -> item.forEach(each -> ids.add(each.get("operationId").asString())));
    assertEquals(ids.size(), new HashSet<>(ids).size());
    assertTrue(ids.contains("get_readings_recent"), ids::toString);
    assertTrue(ids.contains("get_instruments_instrument_readings_recent"), ids::toString);
  }

  @Test
  void every_operation_of_the_router_is_in_the_document_and_no_other() {
    Set<String> wanted = new TreeSet<>();
    for (Operation operation : InstrumentApi.ALL) {
      String path = operation.path().text();
      wanted.add(operation.method() + " " + path);
      wanted.add(
          operation.method()
              + " /api/instruments/{instrument}"
              + (path.equals("/api/instrument") ? "" : path.substring("/api".length())));
    }
    live.server.operations().forEach(each -> wanted.add(each.method() + " " + each.path().text()));
    Set<String> told = new TreeSet<>();
    document
        .get("paths")
        .propertyStream()
        .forEach(item ->
            item.getValue()
                .propertyNames()
                .forEach(
                    method -> told.add(method.toUpperCase(Locale.ROOT) + " " + item.getKey())));
    assertEquals(wanted, told);
  }

  @Test
  void every_field_has_a_meaning_and_every_meaning_a_field() {
    Glossary glossary = new Glossary();
    OpenApi.document(glossary, "1", live.server.operations(), InstrumentApi.ALL);
    assertEquals(Set.of(), glossary.missing());
    assertEquals(Set.of(), glossary.unused());
  }

  @Test
  void every_example_of_a_body_conforms_to_its_schema() {
    int examples = 0;
    for (JsonNode item : document.get("paths")) {
      for (JsonNode operation : item) {
        for (JsonNode media : operation.path("requestBody").path("content")) {
          for (JsonNode example : media.get("examples")) {
            assertConforms(
                media.get("schema"), example.get("value").toString(), operation.toString());
            examples++;
          }
        }
      }
    }
    assertNotEquals(0, examples);
  }

  @Test
  void the_document_tells_the_range_that_is_checked() throws Exception {
    JsonNode limit = parameter("/api/readings/recent", "limit").get("schema");
    assertEquals(1, limit.get("minimum").asInt());
    assertEquals(400, live.get("/api/readings/recent?limit=0").statusCode());
    assertEquals(
        400,
        live.get("/api/readings/recent?limit=" + (limit.get("maximum").asLong() + 1)).statusCode());
    JsonNode topics = parameter("/api/stream", "topics").at("/schema/items/enum");
    assertEquals(
        List.of("alarms", "audio", "readings", "spectral", "stats"),
        topics.valueStream().map(JsonNode::asString).toList());
  }

  private static JsonNode parameter(String path, String name) {
    return document
        .get("paths")
        .get(path)
        .get("get")
        .get("parameters")
        .valueStream()
        .filter(each -> each.get("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
