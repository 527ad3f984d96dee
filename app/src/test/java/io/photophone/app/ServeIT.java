package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.app.Photophone.Outcome;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(180)
final class ServeIT {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir private Path folder;

  private Photophone serve(String... arguments) throws Exception {
    return Photophone.start(
        folder,
        Stream.concat(
                Stream.of("serve", "--port", "0", "--data", folder.resolve("data").toString()),
                Stream.of(arguments))
            .toArray(String[]::new));
  }

  private static JsonNode json(URI address) throws Exception {
    HttpResponse<String> response = Http.get(address);
    assertEquals(200, response.statusCode(), response::body);
    return JSON.readTree(response.body());
  }

  /// The first data of each kind of event on a stream, until there are so many kinds.
  private static Map<String, JsonNode> firstEvents(URI address, int kinds) throws Exception {
    Map<String, JsonNode> events = new TreeMap<>();
    String type = "message";
    try (Stream<String> lines = Http.lines(address).body()) {
      for (String line : (Iterable<String>) lines::iterator) {
        if (line.startsWith("event: ")) {
          type = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
          events.putIfAbsent(type, JSON.readTree(line.substring("data: ".length())));
        } else if (line.isEmpty()) {
          type = "message";
        }
        if (events.size() == kinds) {
          return events;
        }
      }
    }
    throw new AssertionError("the stream ended after " + events.keySet());
  }

  /// The data of the event that ends a stream.
  private static JsonNode end(URI address) throws Exception {
    try (Stream<String> lines = Http.lines(address).body()) {
      List<String> all = lines.toList();
      int at = all.indexOf("event: end");
      assertTrue(at >= 0, () -> "no end: " + all.size() + " lines");
      return JSON.readTree(all.get(at + 1).substring("data: ".length()));
    }
  }

  @Tag("A1")
  @Test
  void without_a_configuration_the_simulated_cell_is_measured_and_streamed() throws Exception {
    try (Photophone photophone = serve()) {
      URI page = photophone.api();
      JsonNode frame = firstEvents(page.resolve("/api/audio/stream/audio"), 1).get("message");
      assertEquals(48_000, frame.path("sample_rate").asInt());
      assertEquals(1600, frame.path("channel_a").size());
      assertEquals(1600, frame.path("channel_b").size());
      assertEquals(1600 / 48.0, frame.path("duration_ms").asDouble(), 1e-9);

      JsonNode spectrum = firstEvents(page.resolve("/api/audio/stream/spectral"), 2).get("message");
      assertEquals(2049, spectrum.path("magnitude_a").size());
      assertEquals(48_000 / 4096.0, spectrum.path("frequency_step_hz").asDouble(), 1e-9);

      JsonNode reading = firstEvents(page.resolve("/api/readings/stream"), 1).get("message");
      assertEquals("ppm", reading.path("unit").asString());
      assertEquals(2000, reading.path("modulation_hz").asDouble());
      assertTrue(reading.path("flags").toString().contains("simulated"), reading::toString);

      assertEquals(
          Set.of("audio", "axis", "reading", "spectral", "stats"),
          firstEvents(page.resolve("/api/stream"), 5).keySet());

      assertEquals(
          "running",
          json(page.resolve("/api/audio/stream/stats")).path("source").path("state").asString());
      assertEquals(
          "simulated cell",
          json(page.resolve("/api/instrument")).path("source").path("name").asString());
      assertTrue(json(page.resolve("/api/readings/recent")).path("readings").size() >= 1);
    }
  }

  @Tag("E4")
  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void a_signal_ends_it_cleanly_within_five_seconds_and_tells_the_clients(String signal)
      throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        Photophone photophone = serve()) {
      URI page = photophone.api();
      CountDownLatch receiving = new CountDownLatch(1);
      Future<List<String>> client =
          executor.submit(() -> {
            try (Stream<String> lines =
                Http.lines(page.resolve("/api/audio/stream/audio")).body()) {
              return lines.peek(_ -> receiving.countDown()).toList();
            }
          });
      receiving.await();
      long begin = System.nanoTime();
      int exitCode = photophone.signal(signal);
      assertEquals(0, exitCode, photophone.errors());
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      assertTrue(took.toMillis() < 5000, () -> "it took " + took);
      List<String> lines = client.get();
      assertTrue(lines.contains("event: end"), () -> "the last line: " + lines.getLast());
    }
  }

  @Tag("E4")
  @Test
  void a_second_server_on_the_same_data_is_refused_with_the_pid_of_the_first() throws Exception {
    try (Photophone first = serve()) {
      first.address();
      Outcome second =
          Photophone.run(
              folder, "serve", "--port", "0", "--data", folder.resolve("data").toString());
      assertEquals(1, second.exitCode());
      assertTrue(second.errors().contains("in use by the process " + first.pid()), second::errors);
      assertTrue(!second.errors().contains("\tat "), second::errors);
      first.signal("KILL");
    }
    try (Photophone third = serve()) {
      third.address();
    }
  }

  @Test
  void a_port_in_use_is_told_with_what_to_do() throws Exception {
    try (Photophone first = serve()) {
      int port = first.address().getPort();
      Outcome second =
          Photophone.run(
              folder,
              "serve",
              "--port",
              Integer.toString(port),
              "--data",
              folder.resolve("other").toString());
      assertEquals(1, second.exitCode());
      assertTrue(second.errors().contains("port " + port), second::errors);
      assertTrue(second.errors().contains("--port"), second::errors);
    }
  }

  @Test
  void it_binds_to_nothing_but_loopback() throws Exception {
    Path config = Files.writeString(folder.resolve("c.yaml"), "server: {host: 0.0.0.0}\n");
    Outcome refused = Photophone.run(folder, "serve", "--config", config.toString());
    assertEquals(1, refused.exitCode());
    assertTrue(refused.errors().contains("server.host"), refused::errors);
    assertTrue(refused.errors().contains("0.0.0.0"), refused::errors);
  }

  @Tag("A20")
  @Test
  void without_a_source_the_streams_say_why_they_have_nothing() throws Exception {
    try (Photophone photophone = serve("--source", "none")) {
      URI page = photophone.api();
      HttpResponse<String> response = Http.get(page.resolve("/api/audio/stream/audio"));
      assertEquals(503, response.statusCode());
      assertTrue(response.body().contains("no source"), response::body);
    }
  }

  private static JsonNode channel(URI page, String name) throws Exception {
    for (JsonNode channel : json(page.resolve("/api/channels")).path("channels")) {
      if (channel.path("name").asString().equals(name)) {
        return channel;
      }
    }
    throw new AssertionError("no channel " + name);
  }

  private static JsonNode command(URI page, String json) throws Exception {
    HttpResponse<String> response = Http.postJson(page.resolve("/api/acquisition"), json);
    assertEquals(200, response.statusCode(), response::body);
    return JSON.readTree(response.body());
  }

  /// Asks until so many frames have been published; the test's time limit ends a wait in vain.
  private static JsonNode awaitFrames(URI page, long count) throws Exception {
    URI statistics = page.resolve("/api/audio/stream/stats");
    JsonNode stats = json(statistics);
    while (stats.path("total_frames").asLong() < count) {
      stats = json(statistics);
    }
    return stats;
  }

  @Tag("B9")
  @Test
  void the_acquisition_is_stopped_and_started_over_http_and_its_frames_go_on() throws Exception {
    try (Photophone photophone = serve()) {
      URI page = photophone.api();
      awaitFrames(page, 2);
      JsonNode stopped = command(page, "{\"command\": \"stop\"}");
      assertEquals("stopped", stopped.path("state").asString());
      long frames = stopped.path("frames").asLong();
      JsonNode still = json(page.resolve("/api/audio/stream/stats"));
      assertEquals(frames, still.path("total_frames").asLong());
      assertEquals("stopped", still.path("source").path("state").asString());

      JsonNode slower = command(page, "{\"command\": \"change_target_fps\", \"fps\": 20}");
      assertEquals(20, slower.path("target_fps").asDouble());
      assertEquals(frames, slower.path("frames").asLong());
      command(page, "{\"command\": \"start\"}");
      JsonNode moving = awaitFrames(page, frames + 2);
      assertEquals("running", moving.path("source").path("state").asString());
      assertEquals(20, moving.path("expected_fps").asDouble());
      JsonNode latest = json(page.resolve("/api/audio/stream/latest"));
      assertEquals(2400, latest.path("channel_a").size());
      assertTrue(latest.path("frame_number").asLong() > frames, latest::toString);
      assertEquals(3, channel(page, "cell/commands").path("sent").asLong());
      assertTrue(channel(page, "analysis").path("received").asLong() > 0);
    }
  }

  @Tag("C10")
  @Test
  void channels_are_listed_and_the_one_of_the_frames_moves() throws Exception {
    try (Photophone photophone = serve()) {
      URI page = photophone.api();
      List<String> names =
          json(page.resolve("/api/channels"))
              .path("channels")
              .valueStream()
              .map(channel -> channel.path("name").asString())
              .toList();
      assertEquals(
          List.of(
              "cell/frames",
              "cell/spectra",
              "cell/readings",
              "cell/nodes",
              "cell/alarms",
              "cell/commands",
              "analysis",
              "events/acquisition",
              "events/config",
              "cell/web/alarms",
              "cell/web/audio",
              "cell/web/readings",
              "cell/web/spectral",
              "cell/web/stats",
              "events/web/acquisition",
              "events/web/config",
              "events/web/frames"),
          names);
      long before = channel(page, "cell/frames").path("sent").asLong();
      JsonNode frames = channel(page, "cell/frames");
      while (frames.path("sent").asLong() <= before
          || frames.path("latency").path("count").asLong() == 0) {
        frames = channel(page, "cell/frames");
      }
      assertTrue(frames.path("latency").path("p99_nanos").asLong() > 0, frames::toString);
      HttpResponse<String> metrics = Http.get(page.resolve("/metrics"));
      assertEquals(200, metrics.statusCode());
      Matcher sent =
          Pattern.compile("photophone_channel_sent_total\\{channel=\"cell/frames\"} (\\S+)")
              .matcher(metrics.body());
      assertTrue(sent.find(), metrics::body);
      assertTrue(Double.parseDouble(sent.group(1)) > before, sent::group);
    }
  }

  @Tag("C10")
  @Test
  void after_a_recording_every_frame_is_received_dropped_or_pending() throws Exception {
    Path recording = folder.resolve("cell.wav");
    assertEquals(
        0, Photophone.run(folder, "simulate", recording.toString(), "--for", "5").exitCode());
    try (Photophone photophone = serve("--source", recording.toString(), "--speed", "max")) {
      URI page = photophone.api();
      end(page.resolve("/api/audio/stream/audio"));
      JsonNode frames = channel(page, "cell/frames");
      while (frames.path("pending").asLong() > 0) {
        frames = channel(page, "cell/frames");
      }
      long dropped = 0;
      for (JsonNode count : frames.path("dropped")) {
        dropped += count.asLong();
      }
      long frameCount = 5 * 30;
      assertEquals(frameCount + 1, frames.path("sent").asLong(), "frames and the end");
      assertTrue(frames.path("offered").asLong() > frameCount, frames::toString);
      assertEquals(
          frames.path("offered").asLong(),
          frames.path("received").asLong() + dropped + frames.path("pending").asLong(),
          frames::toString);
    }
  }

  @Tag("C10")
  @Test
  void without_a_source_the_program_still_tells_of_itself() throws Exception {
    try (Photophone photophone = serve("--source", "none")) {
      URI page = photophone.api();
      json(page.resolve("/api/channels"))
          .path("channels")
          .forEach(channel ->
              assertTrue(channel.path("name").asString().startsWith("events/"), channel::toString));
      String metrics = Http.get(page.resolve("/metrics")).body();
      assertTrue(metrics.contains("\njvm_memory_used_bytes{area=\"heap\"} "), metrics);
    }
  }

  @Tag("A10")
  @Test
  void a_recording_is_served_to_its_end_as_fast_as_possible() throws Exception {
    Path recording = folder.resolve("cell.wav");
    assertEquals(
        0, Photophone.run(folder, "simulate", recording.toString(), "--for", "20").exitCode());
    try (Photophone photophone = serve("--source", recording.toString(), "--speed", "max")) {
      URI page = photophone.api();
      JsonNode end = end(page.resolve("/api/audio/stream/audio"));
      assertTrue(end.path("reason").asString().contains("cell.wav"), end::toString);
      JsonNode readings = json(page.resolve("/api/readings/recent")).path("readings");
      assertEquals(20, readings.size());
      readings.forEach(reading ->
          assertTrue(!reading.path("flags").toString().contains("gap"), reading::toString));
      assertEquals(
          "ended",
          json(page.resolve("/api/audio/stream/stats")).path("source").path("state").asString());
    }
  }
}
