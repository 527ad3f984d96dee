package io.photophone.app.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks a running server twice a second whether a frame was late, lost or lagging since it was
/// first asked. `begin` once, then `found` by any thread.
final class LateFrames implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;

  private final HttpClient http;
  private final URI resource;
  private final @Nullable String token;
  private final Set<String> before = new HashSet<>();
  private final AtomicReference<@Nullable String> found = new AtomicReference<>();
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
  private final Thread asking = Thread.ofVirtual().name("late-frames").unstarted(this::ask);

  LateFrames(HttpClient http, URI server, @Nullable String token) {
    this.http = http;
    this.resource = server.resolve("/api/disturbances");
    this.token = token;
  }

  /// Learns what was late before.
  ///
  /// @throws IOException if the server doesn't answer, or not to us
  void begin() throws IOException, InterruptedException {
    disturbances().forEach(each -> before.add(each.toString()));
    asking.start();
  }

  private void ask() {
    try {
      while (found.get() == null) {
        Thread.sleep(PERIOD);
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    try {
      for (JsonNode each : disturbances()) {
        if (!before.contains(each.toString())) {
          found.compareAndSet(null, text(each));
        }
      }
      failure.set(null);
    } catch (IOException e) {
      failure.set(e.getMessage());
    }
  }

  private static String text(JsonNode disturbance) {
    return "%s at %s, frame %d, %d"
        .formatted(
            disturbance.path("step").asString(),
            disturbance.path("time").asString(),
            disturbance.path("frame").asLong(),
            disturbance.path("amount").asLong());
  }

  private JsonNode disturbances() throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(resource).timeout(LIMIT);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<String> response;
    try {
      response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IOException("%s doesn't answer: %s".formatted(resource, e), e);
    }
    if (response.statusCode() == OK) {
      return JsonMapper.shared().readTree(response.body()).path("disturbances");
    }
    throw new IOException(
        switch (response.statusCode()) {
          case UNAUTHORIZED ->
              "the server wants to know who asks: put a token into PHOTOPHONE_TOKEN or --token-file"
                  + " FILE; 'photophone token --data DIR' prints one";
          case NOT_FOUND ->
              "%s isn't there: the server is older than this command".formatted(resource);
          default -> "%s answers with %d".formatted(resource, response.statusCode());
        });
  }

  /// What was late; null if nothing was yet.
  @Nullable String found() {
    return found.get();
  }

  /// Why the server could not be asked the last time; null if it could.
  @Nullable String failure() {
    return failure.get();
  }

  @Override
  public void close() {
    asking.interrupt();
    http.close();
  }
}
