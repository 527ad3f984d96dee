package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.daemon.AcquisitionState;
import io.photophone.model.CaptureTime;
import io.photophone.model.Density;
import io.photophone.model.Level;
import io.photophone.model.Locked;
import io.photophone.model.NodeOutput;
import io.photophone.model.NodeTiming;
import io.photophone.model.Phasor;
import io.photophone.model.ReadingFlag;
import io.photophone.model.ResonanceTrack;
import io.photophone.model.Streamed;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("A20")
@Timeout(30)
final class NodesResourceTest {
  private static final String LIST = "/api/streams";
  private static final String NODE = "/api/streams/node";

  private LiveServer live;

  @BeforeEach
  void start() throws IOException {
    live = LiveServer.start();
    live.timings =
        List.of(
            new NodeTiming("node", "channel", 4, 8000, 5000),
            new NodeTiming("gas", "concentration", 0, 0, 0));
  }

  @AfterEach
  void stop() {
    live.close();
  }

  /// What a node gave, and its JSON.
  record Example(NodeOutput output, String json) {}

  private static Stream<Example> examples() {
    double nan = Double.NaN;
    return Stream.of(
        new Example(
            new NodeOutput.Samples(
                "node",
                4800,
                48_000,
                new float[] {0.5f, Float.NaN, -1},
                new CaptureTime(1_700_000_000_123_000_000L, 0)),
            """
            {"first_sample": 4800, "sample_rate": 48000, "timestamp": 1700000000123,
             "samples": [0.5, null, -1]}
            """),
        new Example(
            new NodeOutput.Samples("node", 0, 44_100, new float[0], CaptureTime.UNKNOWN),
            """
            {"first_sample": 0, "sample_rate": 44100, "timestamp": null, "samples": []}
            """),
        new Example(
            new NodeOutput.LockedIn(
                "node",
                new Locked(
                    48_000,
                    96_000,
                    Instant.parse("2026-01-01T00:00:01Z"),
                    2000,
                    new Phasor(3, 4, 0.5),
                    0.25,
                    Set.of(ReadingFlag.GAP, ReadingFlag.SETTLING),
                    null)),
            """
            {"start_time": "2026-01-01T00:00:01Z", "from_sample": 48000, "to_sample": 96000,
             "frequency_hz": 2000.0, "x": 3.0, "y": 4.0, "amplitude": 5.0,
             "phase_deg": 53.13010235415598, "standard_uncertainty": 0.5, "noise_density": 0.25,
             "resonance_hz": null, "resonance_uncertainty_hz": null, "quality": null,
             "flags": ["settling", "gap"]}
            """),
        new Example(
            new NodeOutput.LockedIn(
                "node",
                new Locked(
                    0,
                    4800,
                    null,
                    4000,
                    Phasor.NONE,
                    nan,
                    Set.of(),
                    new ResonanceTrack(2001.5, 0.25, 40, 2))),
            """
            {"start_time": null, "from_sample": 0, "to_sample": 4800, "frequency_hz": 4000.0,
             "x": null, "y": null, "amplitude": null, "phase_deg": null,
             "standard_uncertainty": null, "noise_density": null, "resonance_hz": 2001.5,
             "resonance_uncertainty_hz": 0.25, "quality": 40.0, "flags": []}
            """),
        new Example(
            new NodeOutput.Levelled(
                "node",
                new Level(
                    0,
                    48_000,
                    new Level.Channel(Math.sqrt(0.5), 1, 0.125, 2, 3),
                    new Level.Channel(nan, nan, nan, 0, 48_000))),
            """
            {"from_sample": 0, "to_sample": 48000,
             "a": {"rms": 0.7071067811865476, "dbfs": 1.928654933106574E-15, "peak": 1.0,
                   "mean": 0.125, "clipped": 2, "missing": 3},
             "b": {"rms": null, "dbfs": null, "peak": null, "mean": null,
                   "clipped": 0, "missing": 48000}}
            """),
        new Example(
            new NodeOutput.Levelled(
                "node",
                new Level(
                    5,
                    6,
                    new Level.Channel(0, 0, 0, 0, 0),
                    new Level.Channel(0.5, 0.5, 0.5, 0, 0))),
            """
            {"from_sample": 5, "to_sample": 6,
             "a": {"rms": 0.0, "dbfs": null, "peak": 0.0, "mean": 0.0, "clipped": 0, "missing": 0},
             "b": {"rms": 0.5, "dbfs": -3.0102999566398116, "peak": 0.5, "mean": 0.5,
                   "clipped": 0, "missing": 0}}
            """),
        new Example(
            new NodeOutput.Powered(
                "node", new Density(0, 96_000, 187.5, 374, 0, new double[] {1e-12, 2.5e-9, nan})),
            """
            {"from_sample": 0, "to_sample": 96000, "frequency_step_hz": 187.5, "segments": 374,
             "missing": 0, "density": [1e-12, 2.5e-9, null]}
            """),
        new Example(
            new NodeOutput.Peaked("node", 0, 4096, true, 2000.25, 0.5, 0.125, 0.01, -90),
            """
            {"from_sample": 0, "to_sample": 4096, "complete": true, "frequency_hz": 2000.25,
             "frequency_uncertainty_hz": 0.5, "amplitude": 0.125, "amplitude_uncertainty": 0.01,
             "phase_deg": -90.0}
            """),
        new Example(
            new NodeOutput.Peaked("node", 0, 4096, false, nan, nan, nan, nan, nan),
            """
            {"from_sample": 0, "to_sample": 4096, "complete": false, "frequency_hz": null,
             "frequency_uncertainty_hz": null, "amplitude": null, "amplitude_uncertainty": null,
             "phase_deg": null}
            """));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void what_a_node_gives_is_told_field_by_field(Example example) throws Exception {
    try (Events events = live.events(NODE)) {
      live.publishOutput(example.output());
      JsonNode json = events.next("message").json();
      assertEquals(JsonMapper.shared().readTree(example.json()).toString(), json.toString());
    }
  }

  @Test
  void a_reading_and_a_spectrum_are_as_on_their_own_streams() throws Exception {
    try (Events node = live.events(NODE);
        Events readings = live.events("/api/readings/stream");
        Events spectra = live.events("/api/audio/stream/spectral")) {
      live.publishReading(1);
      live.publishOutput(new NodeOutput.Measured("node", LiveServer.reading(1), false));
      assertEquals(readings.next("message").data(), node.next("message").data());
      spectra.next("axis");
      live.publishSpectrum(1);
      live.publishOutput(new NodeOutput.Spectral("node", LiveServer.spectrum(1)));
      assertEquals(spectra.next("message").data(), node.next("message").data());
    }
  }

  private static NodeOutput samples(String node, long first, int length) {
    return new NodeOutput.Samples(node, first, 48_000, new float[length], CaptureTime.UNKNOWN);
  }

  @Test
  void a_stream_carries_one_node_counts_its_events_and_goes_on_behind_the_last() throws Exception {
    try (Events node = live.events(NODE)) {
      live.publishOutput(samples("gas", 0, 1));
      live.publishOutput(samples("node", 1, 1));
      live.publishOutput(samples("node", 2, 1));
      assertEquals("0", node.next("message").id());
      assertEquals("1", node.next("message").id());
      try (Events back = live.events(NODE, "Last-Event-ID: 0")) {
        Events.Received next = back.next("message");
        assertEquals("1", next.id());
        assertEquals(2, next.json().get("first_sample").asLong());
      }
    }
  }

  @Test
  void nodes_are_listed_with_their_type_and_who_listens() throws Exception {
    try (Events _ = live.events(NODE);
        Events _ = live.events(NODE)) {
      assertEquals(
          JsonMapper.shared()
              .readTree(
                  """
                  {"streams": [{"node": "node", "type": "channel", "subscribers": 2},
                               {"node": "gas", "type": "concentration", "subscribers": 0}]}
                  """),
          live.json(LIST));
    }
  }

  @Test
  void an_unknown_node_is_refused_with_those_there_are() throws Exception {
    HttpResponse<byte[]> response = live.get("/api/streams/tone");
    assertEquals(404, response.statusCode());
    assertEquals(
        "there is no node tone, allowed: gas, node",
        JsonMapper.shared().readTree(response.body()).get("detail").asString());
    assertEquals(Set.of(), live.tapped);
  }

  /// Waits for it; the test's time limit ends a wait in vain.
  private void awaitTapped(Set<String> nodes) {
    while (!live.tapped.equals(nodes)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void a_node_is_tapped_while_somebody_listens() throws Exception {
    assertEquals(Set.of(), live.tapped);
    Events first = live.events(NODE);
    assertEquals(Set.of("node"), live.tapped);
    Events second = live.events("/api/streams/gas");
    assertEquals(Set.of("node", "gas"), live.tapped);
    first.close();
    // Only a write tells that a client has gone.
    while (!live.tapped.equals(Set.of("gas"))) {
      live.publishOutput(samples("node", 0, 20_000));
    }
    live.publishOutput(samples("gas", 3, 1));
    Events.Received next = second.next();
    while (!next.type().equals("message")) {
      next = second.next();
    }
    assertEquals(3, next.json().get("first_sample").asLong());
    second.close();
    while (!live.tapped.isEmpty()) {
      live.publishOutput(samples("gas", 0, 20_000));
    }
    awaitTapped(Set.of());
  }

  /// A client that comes back just before its node would be left.
  @Test
  void a_node_that_is_asked_for_again_is_not_left_under_its_client() {
    AtomicReference<Set<String>> tapped = new AtomicReference<>(Set.of());
    NodesResource nodes =
        new NodesResource(
            "cell-1",
            new LiveAnalysis(
                () -> JsonMapper.shared().createArrayNode(),
                () -> live.timings,
                _ -> CompletableFuture.completedFuture(null),
                tapped::set,
                live.outputs),
            live.acquisition::get);
    Topic topic = nodes.topic("node");
    nodes.supervise();
    assertEquals(topic, nodes.topic("node"));
    nodes.supervise();
    assertEquals(Set.of("node"), tapped.get());
    assertEquals(topic, nodes.topic("node"));
    nodes.supervise();
    nodes.supervise();
    assertEquals(Set.of(), tapped.get());
  }

  @Test
  void the_end_of_the_source_ends_the_stream_and_those_that_open_later() throws Exception {
    try (Events before = live.events(NODE)) {
      live.acquisition.set(new AcquisitionState(AcquisitionState.Phase.ENDED, null, 0, 0, 0));
      live.outputs.send(new Streamed.End<>("cell.wav has ended"));
      assertEnd(before);
      try (Events after = openGas()) {
        assertEnd(after);
      }
    }
  }

  @Test
  void a_topic_that_a_client_opened_after_the_end_goes_on_from_the_feed() throws Exception {
    NodesResource nodes =
        new NodesResource(
            "cell-1",
            new LiveAnalysis(
                () -> JsonMapper.shared().createArrayNode(),
                () -> live.timings,
                _ -> CompletableFuture.completedFuture(null),
                _ -> {},
                live.outputs),
            () -> new AcquisitionState(AcquisitionState.Phase.ENDED, null, 0, 0, 0));
    nodes.end("cell.wav has ended");
    CountDownLatch opened = new CountDownLatch(1);
    CountDownLatch published = new CountDownLatch(1);
    Thread client =
        Thread.ofVirtual()
            .start(() -> {
              nodes.topic("node");
              opened.countDown();
              // A thread that has ended would be taken for one that gave up.
              try {
                published.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    opened.await();
    try {
      nodes.publish(samples("node", 0, 1));
    } finally {
      published.countDown();
      client.join();
    }
    assertEquals(2, nodes.channels().getFirst().sent());
  }

  private static void assertEnd(Events events) throws IOException {
    JsonNode end = events.next("end").json();
    assertEquals("cell.wav has ended", end.get("reason").asString());
    assertNull(events.next());
  }

  @Test
  void after_a_new_start_of_the_source_a_stream_goes_on() throws Exception {
    try (Events before = live.events(NODE)) {
      live.outputs.send(new Streamed.End<>("stopped"));
      before.next("end");
    }
    try (Events after = openGas()) {
      live.publishOutput(samples("gas", 2, 1));
      assertEquals(2, after.next("message").json().get("first_sample").asLong());
    }
  }

  private Events openGas() throws IOException {
    return live.events("/api/streams/gas");
  }

  @Test
  @Tag("A23")
  void a_slow_client_is_told_how_many_events_it_missed() throws Exception {
    int published = 300;
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4096);
      socket.connect(live.socketAddress());
      socket.setSoTimeout(10_000);
      try (Events slow = Events.open(socket, NODE);
          Events reader = live.events(NODE)) {
        for (int number = 0; number < published; number++) {
          live.publishOutput(samples("node", number, 5000));
          assertEquals(number, reader.next("message").json().get("first_sample").asLong());
        }
        long missed = 0;
        long received = 0;
        long expected = 0;
        while (expected < published) {
          Events.Received event = slow.next();
          if (event.type().equals("lagged")) {
            assertEquals("node node", event.json().get("topic").asString());
            missed += event.missed();
            expected += event.missed();
          } else {
            assertEquals(expected, event.json().get("first_sample").asLong());
            received++;
            expected++;
          }
        }
        assertEquals(published, received + missed);
        assertTrue(missed > 0, "the client was not slow");
      }
    }
  }

  @Test
  void the_topic_of_a_tapped_node_is_among_the_channels() throws Exception {
    try (Events _ = live.events(NODE)) {
      assertTrue(
          new String(live.get("/api/channels").body(), UTF_8)
              .contains("\"name\":\"cell-1/web/node node\""));
    }
  }
}
