package io.photophone.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.logging.Logs;
import io.photophone.app.wiring.RunningServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every operation of the document, asked for with what is wrong: whatever comes, the answer is a
/// problem that tells why, and the server goes on.
@Tag("A31")
@Timeout(300)
final class BadInputPropertyTest {
  private static final long SEED = 20_261_121;
  private static final int ROUNDS = 40;
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final List<String> WORDS =
      List.of(
          "",
          "-1",
          "0",
          "1e999",
          "-1e-400",
          "NaN",
          "Infinity",
          "0x10",
          "1d",
          "99999999999999999999",
          "true",
          "null",
          "a,b",
          "%00",
          "%ff",
          "%c0%af",
          "%e2%82",
          "%zz",
          "%",
          "%2e%2e",
          "%2F..%2F",
          "%25",
          "..",
          "%F0%9F%98%80",
          "';DROP",
          "<script>",
          "x".repeat(3000),
          "x".repeat(9000));

  private static final List<String> ACCEPTS =
      List.of(
          "*/*",
          "application/json",
          "text/event-stream",
          "image/png",
          "application/json;q=0",
          "nonsense",
          ";;;,,,",
          "text/plain;q=x");

  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW", "get", "G<T");

  private static final List<String> TYPES =
      List.of(
          "application/json",
          "application/json",
          "application/json",
          "application/yaml",
          "text/plain",
          "application/json; charset=utf-16",
          "nonsense",
          "");

  private static final List<String> BODIES =
      List.of(
          "",
          " ",
          "null",
          "5",
          "\"x\"",
          "[]",
          "{}",
          "{",
          "{\"command\": 5}",
          "{\"command\": null}",
          "{\"command\": \"stop\", \"command\": \"start\"}",
          "{\"command\": \"change_target_fps\", \"fps\": 1e-300}",
          "{\"command\": \"change_target_fps\", \"fps\": 1e999}",
          "{\"command\": \"change_target_fps\", \"fps\": \"30\"}",
          "{\"command\": \"acknowledge\", \"alarm\": \"high\", \"who\": 5}",
          "{\"command\": \"fault\", \"kind\": \"clipping\", \"for_s\": -1}",
          "{\"command\": \"temperature\", \"celsius\": 1e308, \"over_s\": 1e308}",
          "{\"command\": \"begin\", \"kind\": \"span\", \"who\": \"\\u0000\"}",
          "{\"command\": \"restore\", \"id\": \"../../etc/passwd\", \"who\": \"Ada\"}",
          "{\"from_hz\": 1e308, \"to_hz\": -1e308, \"steps\": 2147483647, \"dwell_s\": 1e308}",
          "{\"steps\": 1e10}",
          "{\"steps\": 2.5}",
          "- {name: a, type: channel, of: [a], channel: a}",
          "&a [*a, *a]",
          "a: &a [x]\nb: *a",
          "!!java.lang.ProcessBuilder [ls]",
          "[".repeat(1000),
          "{\"a\":".repeat(180),
          "- ".repeat(500),
          "\"" + "x".repeat(70_000) + "\"");

  @TempDir private Path folder;
  private final List<String> errors = Collections.synchronizedList(new ArrayList<>());
  private RunningServer server;
  private String token;

  /// What came back; the status is 0 where the server closed the connection without an answer.
  private record Answer(int status, String type, String body) {}

  @Test
  void whatever_comes_is_answered_with_a_reason_and_the_server_goes_on() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("photophone.yaml"),
            """
            server: {port: 0, limits: {requests_per_s: 10000, burst: 10000}}
            data: %s
            measurement: {gas: CO2}
            source: {type: simulated}
            alarms:
              - {name: high, gas: CO2, direction: above, level: 10, unit: ppm}
            """
                .formatted(folder.resolve("data")));
    Handler handler = new Errors();
    Logger.getLogger("").addHandler(handler);
    try {
      server =
          RunningServer.start(() -> PhotophoneConfig.read(file, Map.of(), List.of()), new Logs());
      token = Tokens.operator(folder.resolve("data"));
      JsonNode document = JSON.readTree(Http.get(server.address().resolve("/openapi.json")).body());
      Set<String> threads = threads();
      Random random = new Random(SEED);
      for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
        if (path.getKey().equals("/api/auth/sign-out")) {
          continue; // Who signs out is refused from then on.
        }
        for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
          for (int round = 0; round < ROUNDS; round++) {
            send(random, path.getKey(), operation.getKey(), operation.getValue());
          }
        }
      }
      assertEquals(200, Http.get(server.address().resolve("/openapi.json")).statusCode());
      Set<String> died = new TreeSet<>(threads);
      died.removeAll(threads());
      assertEquals(Set.of(), died);
      assertEquals(List.of(), errors);
    } finally {
      Logger.getLogger("").removeHandler(handler);
      server.close();
    }
  }

  private final class Errors extends Handler {
    @Override
    public void publish(LogRecord record) {
      if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
        errors.add(record.getLoggerName() + ": " + record.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /// The program's own threads that live as long as it does. Those of the network come and go.
  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("web ") || name.startsWith("frames of"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static <T> T any(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private void send(Random random, String path, String method, JsonNode operation)
      throws IOException {
    StringBuilder target = new StringBuilder(path(random, path));
    String separator = "?";
    for (String parameter : parameters(operation)) {
      for (int i = random.nextInt(3); i > 0; i--) {
        target.append(separator).append(parameter).append('=').append(any(random, WORDS));
        separator = "&";
      }
    }
    if (random.nextInt(8) == 0) {
      target.append(separator).append(any(random, WORDS)).append("=1");
    }
    String sent = random.nextInt(4) == 0 ? any(random, METHODS) : method.toUpperCase(Locale.ROOT);
    StringBuilder head =
        new StringBuilder(sent)
            .append(' ')
            .append(target)
            .append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n")
            .append("Authorization: Bearer ")
            .append(token)
            .append("\r\n");
    if (random.nextInt(3) == 0) {
      head.append("Accept: ").append(any(random, ACCEPTS)).append("\r\n");
    }
    if (random.nextInt(10) == 0) {
      head.append("Last-Event-ID: ").append(any(random, WORDS)).append("\r\n");
    }
    byte[] body = new byte[0];
    if (operation.has("requestBody") || random.nextInt(6) == 0) {
      body = body(random, operation);
      head.append("Content-Type: ").append(any(random, TYPES)).append("\r\n");
      if (random.nextInt(4) == 0) {
        head.append("Transfer-Encoding: chunked\r\n");
        body = chunked(random, body);
      } else {
        head.append("Content-Length: ").append(body.length).append("\r\n");
      }
    }
    head.append("\r\n");
    check(head.toString(), body, ask(head.toString().getBytes(ISO_8859_1), body));
  }

  private static String path(Random random, String path) {
    String instrument = random.nextInt(4) == 0 ? any(random, WORDS) : "cell";
    String node = random.nextInt(3) == 0 ? "tone" : any(random, WORDS);
    return path.replace("{instrument}", instrument).replaceAll("\\{\\w+}", node);
  }

  private static List<String> parameters(JsonNode operation) {
    return operation
        .path("parameters")
        .valueStream()
        .filter(each -> each.get("in").asString().equals("query"))
        .map(each -> each.get("name").asString())
        .toList();
  }

  /// An example of the document with a piece of it broken, or something else altogether.
  private static byte[] body(Random random, JsonNode operation) {
    List<String> examples =
        operation
            .path("requestBody")
            .path("content")
            .path("application/json")
            .path("examples")
            .valueStream()
            .map(example -> example.get("value").toString())
            .filter(example -> !example.contains("\"stop\""))
            .toList();
    if (examples.isEmpty() || random.nextInt(3) == 0) {
      return any(random, BODIES).getBytes(UTF_8);
    }
    byte[] bytes = any(random, examples).getBytes(UTF_8);
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static byte[] chunked(Random random, byte[] body) {
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    if (body.length > 0) {
      chunks.writeBytes((Integer.toHexString(body.length) + "\r\n").getBytes(ISO_8859_1));
      chunks.writeBytes(body);
      chunks.writeBytes("\r\n".getBytes(ISO_8859_1));
    }
    chunks.writeBytes((random.nextInt(10) == 0 ? "zz\r\n" : "0\r\n\r\n").getBytes(ISO_8859_1));
    return chunks.toByteArray();
  }

  private Answer ask(byte[] head, byte[] body) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.ofLiteral("127.0.0.1"), server.address().getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(head);
      socket.getOutputStream().write(body);
      return answer(socket.getInputStream());
    }
  }

  /// A stream's events are not waited for.
  private static Answer answer(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      lines.add(line);
    }
    if (lines.isEmpty()) {
      return new Answer(0, "", "");
    }
    int status = Integer.parseInt(lines.getFirst().split(" ", -1)[1]);
    String type =
        lines.stream()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-type:"))
            .map(line -> line.substring(13).strip())
            .findFirst()
            .orElse("");
    boolean problem = type.equals("application/problem+json");
    return new Answer(status, type, problem ? new String(in.readAllBytes(), UTF_8) : "");
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private static void check(String head, byte[] body, Answer answer) {
    String what =
        "%s%s%n-> %s%nseed %d"
            .formatted(
                head.length() > 600 ? head.substring(0, 600) : head,
                body.length > 300
                    ? "…"
                    : HexFormat.of().formatHex(body) + " " + new String(body, UTF_8),
                answer,
                SEED);
    assertTrue(answer.status() >= 200, what);
    assertTrue(answer.status() < 500 || answer.status() == 503, what);
    if (answer.status() < 400) {
      return;
    }
    assertEquals("application/problem+json", answer.type(), what);
    if (head.startsWith("HEAD ")) {
      return;
    }
    try {
      JsonNode problem = JSON.readTree(answer.body());
      assertEquals(answer.status(), problem.get("status").asInt(), what);
      String detail = problem.get("detail").asString();
      assertTrue(detail.length() > problem.get("title").asString().length(), what);
      assertTrue(
          Stream.of("Exception", "io.photophone", "jetty").noneMatch(detail::contains), what);
    } catch (JacksonException e) {
      throw new AssertionError(what, e);
    }
  }
}
