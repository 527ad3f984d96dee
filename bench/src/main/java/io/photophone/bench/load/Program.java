package io.photophone.bench.load;

import io.photophone.app.Main;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `photophone serve` in a process of its own, on a free port of the loopback address.
final class Program implements AutoCloseable {
  private static final String AUDIO = "/api/audio/stream/audio";
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

  private final ServerProcess process;
  private final @Nullable String token;
  private final HttpClient http = HttpClient.newHttpClient();

  private Program(ServerProcess process, @Nullable String token) {
    this.process = process;
    this.token = token;
  }

  /// Starts it.
  ///
  /// @param folder for its data and log
  /// @param arguments of `serve`, beyond port and data directory
  static Program start(Path folder, ProgramOptions options, String... arguments)
      throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of("serve", "--port", "0", "--data", folder.resolve("data").toString()));
    all.addAll(options.arguments());
    all.addAll(List.of(arguments));
    return new Program(ServerProcess.start(folder, Main.class, all.toArray(String[]::new)), options.token());
  }

  ServerProcess process() {
    return process;
  }

  /// Its stream of frames.
  StreamRequest audio() {
    return new StreamRequest(StreamRequest.Form.EVENTS, process.address().resolve(AUDIO), token);
  }

  /// A frame as JSON, as soon as there is one.
  String frame() throws IOException, InterruptedException {
    HttpResponse<String> response = get("/api/audio/stream/latest");
    while (response.statusCode() == 204) {
      Thread.sleep(20);
      response = get("/api/audio/stream/latest");
    }
    return body(response);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  /// The body of an answer that is as hoped for.
  static String body(HttpResponse<String> response) throws IOException {
    if (response.statusCode() != 200) {
      throw new IOException(
          "%s: %d %s".formatted(response.uri(), response.statusCode(), response.body()));
    }
    return response.body();
  }

  private HttpRequest.Builder request(String path) {
    URI address = process.address().resolve(path);
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(ANSWER_LIMIT);
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    process.close();
    http.close();
  }
}
