package io.photophone.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A headless Chromium with one page, driven by the DevTools protocol.
///
/// @see <a href="https://chromedevtools.github.io/devtools-protocol/">DevTools protocol</a>
final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger nextId = new AtomicInteger(1);
  private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
  private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

  private Browser(Process process, URI page) {
    this.process = process;
    this.socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(page, new Listener()).join();
  }

  /// The machine's browser, if it has one.
  static Optional<Path> executable() {
    return Stream.of(System.getenv("PATH").split(":"))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Starts a browser with an empty profile below the folder and a window of this size.
  static Browser start(Path executable, Path folder, int width, int height)
      throws IOException, InterruptedException {
    Path profile = Files.createDirectory(folder.resolve("profile" + width));
    Process process =
        new ProcessBuilder(
                executable.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                // A server's own certificate is trusted by no browser.
                "--ignore-certificate-errors",
                "--remote-debugging-port=0",
                "--window-size=%d,%d".formatted(width, height),
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("browser.log").toFile())
            .start();
    int port = debuggingPort(process, profile.resolve("DevToolsActivePort"));
    return new Browser(process, pageAddress(port));
  }

  private static int debuggingPort(Process process, Path file)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      if (Files.exists(file)) {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() == 2) {
          return Integer.parseInt(lines.getFirst());
        }
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new IOException("the browser didn't start");
  }

  private static URI pageAddress(int port) throws IOException {
    JsonNode targets =
        JSON.readTree(Http.get(URI.create("http://127.0.0.1:" + port + "/json")).body());
    for (JsonNode target : targets) {
      if (target.path("type").asString().equals("page")) {
        return URI.create(target.path("webSocketDebuggerUrl").asString());
      }
    }
    throw new IOException("the browser has no page: " + targets);
  }

  /// Collects the answers to commands, and whatever the page complains of.
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        accept(JSON.readTree(text.toString()));
        text.setLength(0);
      }
      webSocket.request(1);
      return null;
    }

    private void accept(JsonNode message) {
      CompletableFuture<JsonNode> answer = pending.remove(message.path("id").asInt(-1));
      if (answer != null) {
        answer.complete(message);
        return;
      }
      JsonNode params = message.path("params");
      switch (message.path("method").asString("")) {
        case "Runtime.exceptionThrown" -> complaints.add(params.toString());
        case "Runtime.consoleAPICalled" -> {
          String type = params.path("type").asString();
          if (type.equals("error") || type.equals("warning") || type.equals("assert")) {
            complaints.add(params.toString());
          }
        }
        case "Log.entryAdded" -> {
          String level = params.path("entry").path("level").asString();
          if (level.equals("error") || level.equals("warning")) {
            complaints.add(params.toString());
          }
        }
        default -> {}
      }
    }
  }

  /// Loads a page with this width and height in pixels.
  void open(URI address, int width, int height) {
    command("Runtime.enable", Map.of());
    command("Log.enable", Map.of());
    command("Page.enable", Map.of());
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    command("Page.navigate", Map.of("url", address.toString()));
  }

  /// The value of an expression in the page.
  JsonNode evaluate(String expression) {
    JsonNode answer =
        command("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.path("exceptionDetails"));
    }
    return answer.path("result").path("value");
  }

  /// Waits until an expression in the page is true.
  void await(String expression, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!evaluate(expression).asBoolean(false)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not so within %s: %s".formatted(patience, expression));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /// Presses a key, as in `Tab`.
  void press(String key) {
    command("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key, "code", key));
    command("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key));
  }

  /// A picture of what the window shows, as PNG.
  byte[] screenshot() {
    JsonNode answer = command("Page.captureScreenshot", Map.of("format", "png"));
    return Base64.getDecoder().decode(answer.path("data").asString());
  }

  /// Errors and warnings that the page has caused so far.
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  private JsonNode command(String method, Map<String, Object> params) {
    int id = nextId.getAndIncrement();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    pending.put(id, answer);
    String text = JSON.writeValueAsString(Map.of("id", id, "method", method, "params", params));
    socket.sendText(text, true).join();
    JsonNode message = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    if (message.has("error")) {
      throw new AssertionError(method + ": " + message.path("error"));
    }
    return message.path("result");
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }
}
