package io.photophone.bench.load;

import io.photophone.app.Main;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// `photophone serve` in a process of its own, on a free port of the loopback address.
final class Program implements AutoCloseable {
  private static final String EVENTS = "/api/audio/stream/audio?resolution=full";
  private static final String MESSAGES =
      "/api/audio/stream/ws?topics=audio&format=float32&resolution=full";

  /// Everybody comes from one address here, and is let in.
  private static final String CONFIGURATION =
      """
      server:
        limits: {connections: 20000, connections_per_address: 20000, requests_per_s: 100000, burst: 100000}
      streams: {most: 20000, most_per_client: 20000}
      """;

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

  private final ServerProcess process;
  private final String token;
  private final HttpClient http = HttpClient.newHttpClient();

  private Program(ServerProcess process, String token) {
    this.process = process;
    this.token = token;
  }

  /// Starts it, and makes a token for who asks it.
  ///
  /// @param folder for its data, configuration and log
  /// @param arguments of `serve`, beyond port, data directory and configuration
  static Program start(Path folder, String... arguments) throws IOException, InterruptedException {
    Path configuration = folder.resolve("load.yaml");
    Files.writeString(configuration, CONFIGURATION);
    String data = folder.resolve("data").toString();
    List<String> all =
        new ArrayList<>(
            List.of("serve", "--port", "0", "--data", data, "--config", configuration.toString()));
    all.addAll(List.of(arguments));
    ServerProcess process = ServerProcess.start(folder, Main.class, all.toArray(String[]::new));
    try {
      String token = ServerProcess.run(Main.class, "token", "--data", data, "--role", "operator");
      return new Program(process, token);
    } catch (IOException e) {
      process.close();
      throw e;
    }
  }

  ServerProcess process() {
    return process;
  }

  /// Its stream of frames, in full resolution however slow the client.
  StreamRequest audio(StreamRequest.Form form) {
    String path =
        switch (form) {
          case EVENTS -> EVENTS;
          case MESSAGES -> MESSAGES;
        };
    return new StreamRequest(form, process.address().resolve(path), token);
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
    return request.header("Authorization", "Bearer " + token);
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
