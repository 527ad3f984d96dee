package io.photophone.server;

import io.photophone.server.security.Access;
import io.photophone.server.security.Role;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpStatus;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The document of the API, made from the operations that the router has. Contract: A31.
///
/// @see <a href="https://spec.openapis.org/oas/v3.1.1.html">OpenAPI</a>
final class OpenApi {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";
  private static final String NAMED = "/api/instruments/{instrument}";
  private static final String NAMED_TAG = "Instruments by name";
  private static final Parameter.Segment INSTRUMENT =
      new Parameter.Segment("instrument", "name of an instrument");

  /// What any stream may send beside its own events.
  private static final List<Outcome.EventType> NOTICES =
      List.of(
          new Outcome.EventType("lagged", "this client missed events", List.of(Event.Lag.class)),
          new Outcome.EventType(
              "heartbeat", "nothing was sent for a while", List.of(EventStreams.Heartbeat.class)),
          new Outcome.EventType("end", "nothing more will come", List.of(Event.End.class)));

  /// How requests are refused, whatever they ask for.
  private static final Map<Integer, String> REFUSALS = refusals();

  private final Schemas schemas;
  private final ObjectNode paths = NODES.objectNode();
  private final Set<String> tags = new LinkedHashSet<>();

  private OpenApi(Glossary glossary) {
    schemas = new Schemas(glossary);
  }

  private static Map<Integer, String> refusals() {
    Map<Integer, String> refusals = new LinkedHashMap<>();
    refusals.put(
        HttpStatus.BAD_REQUEST_400, "a value is wrong: the detail names it and what is allowed");
    refusals.put(HttpStatus.UNAUTHORIZED_401, "who asks isn't signed in");
    refusals.put(HttpStatus.FORBIDDEN_403, "who asks may not do this, or is a page of elsewhere");
    refusals.put(HttpStatus.NOT_FOUND_404, "there is nothing with this name");
    refusals.put(HttpStatus.METHOD_NOT_ALLOWED_405, "the path takes other methods: see Allow");
    refusals.put(HttpStatus.NOT_ACCEPTABLE_406, "no type in Accept is served");
    refusals.put(HttpStatus.PAYLOAD_TOO_LARGE_413, "the body is too long");
    refusals.put(HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "the body is of another type");
    refusals.put(HttpStatus.MISDIRECTED_REQUEST_421, "the host is none of this server's names");
    refusals.put(HttpStatus.TOO_MANY_REQUESTS_429, "too many requests: see Retry-After");
    refusals.put(
        HttpStatus.SERVICE_UNAVAILABLE_503,
        "it can't be done now, and why: as when no source is configured");
    return refusals;
  }

  /// The document of these operations.
  ///
  /// @param glossary what fields mean
  /// @param version of the program
  /// @param ofProgram those that are there once
  /// @param ofInstrument those that each instrument has under its name, and the first without one
  static ObjectNode document(
      Glossary glossary, String version, List<Operation> ofProgram, List<Operation> ofInstrument) {
    OpenApi api = new OpenApi(glossary);
    ofInstrument.forEach(operation -> api.add(operation, operation.path().text(), operation.tag()));
    ofProgram.forEach(operation -> api.add(operation, operation.path().text(), operation.tag()));
    ofInstrument.forEach(operation -> api.add(operation, named(operation), NAMED_TAG));
    return api.document(version);
  }

  /// The path of an instrument's operation under the instrument's name.
  private static String named(Operation operation) {
    String path = operation.path().text();
    return path.equals(InstrumentApi.INSTRUMENT.path().text())
        ? NAMED
        : NAMED + path.substring("/api".length());
  }

  private ObjectNode document(String version) {
    ObjectNode document = NODES.objectNode().put("openapi", "3.1.1");
    document
        .putObject("info")
        .put("title", "Photophone")
        .put("version", version)
        .put(
            "description",
            "Gas concentrations from a photoacoustic cell, live. Paths without an instrument's"
                + " name are those of the first instrument.");
    document.putArray("servers").addObject().put("url", "/");
    ArrayNode headings = document.putArray("tags");
    tags.forEach(tag -> headings.addObject().put("name", tag));
    document.set("paths", paths);
    ObjectNode components = document.putObject("components");
    ObjectNode problem = schemas.answer(Problem.Details.class);
    components.set("schemas", schemas.components());
    ObjectNode responses = components.putObject("responses");
    REFUSALS.forEach((status, meaning) -> {
      ObjectNode response = responses.putObject(name(status)).put("description", meaning);
      response.putObject("content").putObject(PROBLEM).set("schema", problem);
    });
    ObjectNode security = components.putObject("securitySchemes");
    security
        .putObject("bearer")
        .put("type", "http")
        .put("scheme", "bearer")
        .put("bearerFormat", "JWT")
        .put("description", "a token, as `photophone token` prints it");
    security
        .putObject("session")
        .put("type", "apiKey")
        .put("in", "cookie")
        .put("name", "photophone-PORT")
        .put(
            "description",
            "the cookie that signing in on the page gives; PORT is the server's, and with TLS"
                + " the name begins with __Host-");
    security
        .putObject("ticket")
        .put("type", "apiKey")
        .put("in", "query")
        .put("name", "ticket")
        .put("description", "for one stream, as POST /api/auth/tickets gives it");
    return document;
  }

  private static String name(int status) {
    return "Refused" + status;
  }

  private void add(Operation operation, String path, String tag) {
    tags.add(tag);
    ObjectNode item = paths.withObjectProperty(path);
    ObjectNode described =
        item.putObject(operation.method().asString().toLowerCase(Locale.ROOT))
            .put("operationId", id(operation, path))
            .put("summary", operation.summary());
    described.putArray("tags").add(tag);
    addSecurity(described, operation);
    boolean byName = path.startsWith(NAMED);
    if (byName || !operation.parameters().isEmpty()) {
      ArrayNode parameters = described.putArray("parameters");
      if (byName) {
        parameters.add(parameter(INSTRUMENT));
      }
      operation.parameters().forEach(each -> parameters.add(parameter(each)));
    }
    operation.body().ifPresent(body -> described.set("requestBody", body(body)));
    ObjectNode responses = described.putObject("responses");
    operation.outcomes().forEach(outcome -> addOutcome(responses, outcome));
    REFUSALS.forEach((status, _) -> {
      if (mayRefuse(operation, status, byName) && !responses.has(Integer.toString(status))) {
        responses
            .putObject(Integer.toString(status))
            .put("$ref", "#/components/responses/" + name(status));
      }
    });
  }

  private static boolean mayRefuse(Operation operation, int status, boolean byName) {
    return switch (status) {
      case HttpStatus.UNAUTHORIZED_401, HttpStatus.FORBIDDEN_403 ->
          operation.access() instanceof Access.AtLeast;
      case HttpStatus.NOT_FOUND_404 -> byName || !operation.path().names().isEmpty();
      case HttpStatus.PAYLOAD_TOO_LARGE_413, HttpStatus.UNSUPPORTED_MEDIA_TYPE_415 ->
          operation.body().isPresent();
      default -> true;
    };
  }

  /// `get_readings_recent` of `GET /api/readings/recent`.
  private static String id(Operation operation, String path) {
    String words =
        String.join(
            "_",
            Arrays.stream(path.replaceFirst("^/api/", "/").split("[^A-Za-z0-9]+"))
                .filter(word -> !word.isEmpty())
                .toList());
    return operation.method().asString().toLowerCase(Locale.ROOT) + "_" + words;
  }

  private static void addSecurity(ObjectNode described, Operation operation) {
    ArrayNode security = described.putArray("security");
    switch (operation.access()) {
      case Access.Anyone() -> {}
      case Access.AtLeast(Role least) -> {
        String role = least.name().toLowerCase(Locale.ROOT);
        security.addObject().putArray("bearer").add(role);
        security.addObject().putArray("session").add(role);
        if (operation.outcomes().stream().anyMatch(Outcome.Events.class::isInstance)) {
          security.addObject().putArray("ticket").add(role);
        }
      }
    }
  }

  private static ObjectNode parameter(Parameter parameter) {
    ObjectNode described =
        NODES.objectNode().put("name", parameter.name()).put("description", parameter.meaning());
    switch (parameter) {
      case Parameter.OfQuery ofQuery -> {
        described.put("in", "query");
        if (ofQuery instanceof Parameter.Words) {
          described.put("style", "form").put("explode", false);
        }
        described.set("schema", schema(ofQuery));
      }
      case Parameter.Segment _ -> {
        described.put("in", "path").put("required", true);
        described.set("schema", Schemas.typed("string").put("minLength", 1));
      }
      case Parameter.Header _ -> {
        described.put("in", "header");
        described.set("schema", Schemas.typed("string"));
      }
    }
    return described;
  }

  private static ObjectNode schema(Parameter.OfQuery parameter) {
    return switch (parameter) {
      case Parameter.Real number -> {
        ObjectNode schema = Schemas.typed("number").put("minimum", number.lowest());
        if (Double.isFinite(number.highest())) {
          schema.put("maximum", number.highest());
        }
        if (Double.isFinite(number.fallback())) {
          schema.put("default", number.fallback());
        }
        yield schema;
      }
      case Parameter.Whole whole ->
          Schemas.typed("integer")
              .put("minimum", whole.lowest())
              .put("maximum", whole.highest())
              .put("default", whole.fallback());
      case Parameter.Index _ -> Schemas.typed("integer").put("format", "int64").put("minimum", 0);
      case Parameter.Time _ -> Schemas.typed("string").put("format", "date-time");
      case Parameter.Flag _ -> Schemas.typed("boolean").put("default", false);
      case Parameter.Word _ -> Schemas.typed("string");
      case Parameter.Words words -> {
        ObjectNode schema = Schemas.typed("array").put("minItems", 1);
        ObjectNode items = Schemas.typed("string");
        ArrayNode allowed = items.putArray("enum");
        words.allowed().forEach(allowed::add);
        schema.set("items", items);
        yield schema;
      }
    };
  }

  private ObjectNode body(Body<?> body) {
    ObjectNode described = NODES.objectNode().put("required", true);
    described.put("description", "at most %d bytes".formatted(body.mostBytes()));
    ObjectNode content = described.putObject("content");
    for (String mediaType : body.mediaTypes()) {
      ObjectNode media = content.putObject(mediaType);
      media.set("schema", schemas.request(body.type()));
      ObjectNode examples = media.putObject("examples");
      for (int i = 0; i < body.examples().size(); i++) {
        examples.putObject("example" + (i + 1)).set("value", Json.tree(body.examples().get(i)));
      }
    }
    return described;
  }

  private void addOutcome(ObjectNode responses, Outcome outcome) {
    ObjectNode response = responses.withObjectProperty(Integer.toString(outcome.status()));
    String meaning = outcome.meaning();
    response.put(
        "description",
        response.has("description")
            ? response.get("description").asString() + "; or " + meaning
            : meaning);
    switch (outcome) {
      case Outcome.Json json -> media(response, JSON).set("schema", schemas.answer(json.type()));
      case Outcome.Content content ->
          media(response, content.mediaType()).set("schema", Schemas.typed("string"));
      case Outcome.Nothing _ -> {}
      case Outcome.Events events ->
          media(response, EventStreams.MEDIA_TYPE).set("schema", schema(events));
      case Outcome.Refused _ ->
          media(response, PROBLEM).set("schema", schemas.answer(Problem.Details.class));
    }
  }

  private static ObjectNode media(ObjectNode response, String mediaType) {
    return response.withObjectProperty("content").putObject(mediaType);
  }

  /// The events of a stream, each as a parser of server-sent events gives it.
  private ObjectNode schema(Outcome.Events events) {
    ObjectNode schema =
        Schemas.typed("array")
            .put(
                "description", "server-sent events, as a parser of them gives one after the other");
    ArrayNode oneOf = schema.putObject("items").putArray("oneOf");
    events.types().forEach(type -> oneOf.add(schema(type)));
    NOTICES.forEach(type -> oneOf.add(schema(type)));
    return schema;
  }

  private ObjectNode schema(Outcome.EventType type) {
    ObjectNode schema = Schemas.typed("object").put("description", type.meaning());
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("event").put("const", type.name());
    properties
        .putObject("id")
        .put("type", "string")
        .put("description", "its number, on a stream of one topic");
    ObjectNode data =
        properties.putObject("data").put("type", "string").put("contentMediaType", JSON);
    if (type.types().size() == 1) {
      data.set("contentSchema", schemas.answer(type.types().getFirst()));
    } else {
      ArrayNode oneOf = data.putObject("contentSchema").putArray("oneOf");
      type.types().forEach(each -> oneOf.add(schemas.answer(each)));
    }
    schema.putArray("required").add("event").add("data");
    return schema;
  }
}
