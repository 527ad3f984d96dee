package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.Receiver;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What `/api/channels` and `/metrics` tell.
@Tag("C10")
@Timeout(30)
final class ChannelsTest {

  private static List<JsonNode> channels(LiveServer live) throws Exception {
    return live.json("/api/channels").get("channels").valueStream().toList();
  }

  private static JsonNode channel(LiveServer live, String name) throws Exception {
    return channels(live).stream()
        .filter(channel -> channel.get("name").asString().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no channel " + name));
  }

  /// Asks until so many messages are received; the test's time limit ends a wait in vain.
  private static JsonNode awaitReceived(LiveServer live, String name, int count) throws Exception {
    JsonNode channel = channel(live, name);
    while (channel.get("received").asInt() < count) {
      channel = channel(live, name);
    }
    return channel;
  }

  private static Exposition metrics(LiveServer live) throws Exception {
    HttpResponse<byte[]> response = live.get("/metrics");
    assertEquals(200, response.statusCode());
    return Exposition.parse(new String(response.body(), UTF_8));
  }

  private static Set<String> fields(JsonNode node) {
    return new HashSet<>(node.propertyNames());
  }

  @Test
  void every_channel_is_listed() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      assertEquals(
          List.of(
              "cell-1/frames",
              "cell-1/spectra",
              "cell-1/readings",
              "cell-1/web/alarms",
              "cell-1/web/audio",
              "cell-1/web/readings",
              "cell-1/web/spectral",
              "cell-1/web/stats"),
          channels(live).stream().map(channel -> channel.get("name").asString()).toList());
    }
  }

  @Test
  void a_channel_tells_what_it_has_carried() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.publish(0, 3);
      JsonNode frames = awaitReceived(live, "cell-1/frames", 3);
      assertEquals(
          Set.of(
              "name",
              "kind",
              "capacity",
              "closed",
              "sent",
              "offered",
              "received",
              "dropped",
              "pending",
              "latency",
              "receivers"),
          fields(frames));
      assertEquals("broadcast", frames.get("kind").asString());
      assertEquals(LiveServer.BUFFER_FRAMES, frames.get("capacity").asInt());
      assertFalse(frames.get("closed").asBoolean());
      assertEquals(3, frames.get("sent").asInt());
      assertEquals(3, frames.get("offered").asInt());
      assertEquals(0, frames.get("pending").asInt());
      JsonNode latency = frames.get("latency");
      assertEquals(
          Set.of("count", "mean_nanos", "p50_nanos", "p99_nanos", "p999_nanos", "max_nanos"),
          fields(latency));
      assertEquals(3, latency.get("count").asInt());
      assertTrue(latency.get("p50_nanos").asLong() > 0, latency::toString);
      JsonNode web = frames.get("receivers").get(0);
      assertEquals(
          Set.of("name", "thread", "abandoned", "received", "dropped", "pending", "load"),
          fields(web));
      assertEquals("web", web.get("name").asString());
      assertEquals("web feed audio", web.get("thread").asString());
      assertEquals(3, web.get("received").asInt());
    }
  }

  @Test
  void drops_are_told_by_reason() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      BroadcastChannel<Integer> slow = new BroadcastChannel<>("slow", 2);
      live.others.add(slow);
      Receiver<Integer> receiver = slow.subscribe("sleeper", Resume.OLDEST);
      Receiver<Integer> leaving = slow.subscribe("leaver", Resume.OLDEST);
      for (int i = 0; i < 5; i++) {
        slow.send(i);
      }
      receiver.poll();
      leaving.close();
      JsonNode channel = channel(live, "slow");
      assertEquals("{\"overtaken\":3}", channel.at("/receivers/0/dropped").toString());
      assertEquals(3, channel.at("/dropped/overtaken").asInt());
      assertEquals(5, channel.at("/dropped/left").asInt());
      Exposition metrics = metrics(live);
      String dropped = "photophone_channel_dropped_total";
      assertEquals(3, metrics.value(dropped, "channel", "slow", "reason", "overtaken"));
      assertEquals(5, metrics.value(dropped, "channel", "slow", "reason", "left"));
      assertEquals(0, metrics.value(dropped, "channel", "slow", "reason", "expired"));
      assertEquals(2, metrics.value("photophone_channel_pending", "channel", "slow"));
      assertEquals(
          1,
          metrics.value(
              "photophone_channel_receiver_load", "channel", "slow", "receiver", "sleeper"));
    }
  }

  @Test
  void channels_come_and_go() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      BroadcastChannel<Integer> passing = new BroadcastChannel<>("passing", 2);
      live.others.add(passing);
      passing.close();
      assertTrue(channel(live, "passing").get("closed").asBoolean());
      assertTrue(metrics(live).valuesOf("channel").contains("passing"));
      live.others.remove(passing);
      assertEquals(8, channels(live).size());
      assertFalse(metrics(live).valuesOf("channel").contains("passing"));
    }
  }

  @Test
  void clients_are_listed_and_on_metrics_only_counted() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events _ = live.events("/api/audio/stream/audio");
        Events _ = live.events("/api/stream?topics=audio")) {
      live.awaitOpenStreams(2);
      assertEquals(
          List.of("client 1", "client 2"),
          channel(live, "cell-1/web/audio")
              .get("receivers")
              .valueStream()
              .map(receiver -> receiver.get("name").asString())
              .toList());
      Exposition metrics = metrics(live);
      assertEquals(2, metrics.value("photophone_channel_receivers", "channel", "cell-1/web/audio"));
      assertEquals(2, metrics.value("photophone_web_clients", "instrument", "cell-1"));
      assertEquals(List.of("web"), metrics.valuesOf("receiver"));
    }
  }

  @Test
  void of_very_many_receivers_only_the_first_have_series_of_their_own() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      BroadcastChannel<Integer> popular = new BroadcastChannel<>("popular", 8);
      live.others.add(popular);
      for (int i = 0; i < 40; i++) {
        popular.subscribe("reader " + i, Resume.OLDEST);
      }
      popular.send(1);
      popular.subscribe("late", Resume.OLDEST);
      popular.send(2);
      Exposition metrics = metrics(live);
      assertEquals(41, metrics.value("photophone_channel_receivers", "channel", "popular"));
      assertEquals(2, metrics.value("photophone_channel_worst_lag", "channel", "popular"));
      assertEquals(1 + 16, metrics.valuesOf("receiver").size());
      assertEquals(41, channel(live, "popular").get("receivers").size());
    }
  }

  @Test
  void names_are_escaped_and_told_apart() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      String odd = "a \"quoted\"\\name\nin two lines, µ";
      for (int i = 0; i < 3; i++) {
        BroadcastChannel<Integer> channel = new BroadcastChannel<>(odd, 2);
        channel.subscribe("twin", Resume.OLDEST);
        channel.subscribe("twin", Resume.OLDEST);
        live.others.add(channel);
      }
      Exposition metrics = metrics(live);
      for (String channel : List.of(odd, odd + "#2", odd + "#3")) {
        assertEquals(2, metrics.value("photophone_channel_capacity", "channel", channel));
        assertEquals(
            0,
            metrics.value(
                "photophone_channel_receiver_received_total",
                "channel",
                channel,
                "receiver",
                "twin#2"));
      }
    }
  }

  @Test
  void metrics_tell_the_stream_the_readings_and_the_machine() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.publish(0, 3);
      awaitReceived(live, "cell-1/frames", 3);
      live.publishReading(0);
      live.publishReading(1);
      awaitReceived(live, "cell-1/readings", 2);
      Exposition metrics = metrics(live);
      while (metrics.value("photophone_readings_total", "instrument", "cell-1") < 2) {
        metrics = metrics(live);
      }
      String[] instrument = {"instrument", "cell-1"};
      assertEquals(3, metrics.value("photophone_stream_frames_total", instrument));
      assertEquals(1, metrics.value("photophone_source_errors_total", instrument));
      assertEquals(2, metrics.value("photophone_source_lost_samples_total", instrument));
      assertEquals(0, metrics.value("photophone_web_stalled_clients_total", instrument));
      assertEquals(
          1, metrics.value("photophone_source_state", "instrument", "cell-1", "state", "running"));
      assertEquals(
          0,
          metrics.value(
              "photophone_readings_flagged_total", "instrument", "cell-1", "flag", "gap"));
      assertEquals(
          3, metrics.value("photophone_channel_latency_seconds_count", "channel", "cell-1/frames"));
      double longest =
          metrics.value(
              "photophone_channel_latency_seconds", "channel", "cell-1/frames", "quantile", "1.0");
      assertTrue(longest > 0 && longest < 30, () -> longest + " s");
      assertTrue(metrics.value("jvm_memory_used_bytes", "area", "heap") > 1e6);
      assertTrue(metrics.value("jvm_threads_current") > 1);
      assertTrue(metrics.types().get("jvm_gc_collection_seconds").equals("summary"));
      assertTrue(metrics.value("process_start_time_seconds") < System.currentTimeMillis() / 1000.0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text/plain                                                                | text/plain
          */*                                                                       | text/plain
          application/openmetrics-text;version=1.0.0                                | application/openmetrics-text
          application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3,*/*;q=0.1 | application/openmetrics-text
          application/openmetrics-text;q=0.1,text/plain;version=0.0.4;q=0.9         | text/plain
          """)
  void the_format_is_the_one_that_the_client_prefers(String accept, String type) throws Exception {
    try (LiveServer live = LiveServer.start()) {
      HttpResponse<byte[]> response = live.get("/metrics", "Accept", accept);
      String contentType = response.headers().firstValue("Content-Type").orElseThrow();
      assertTrue(contentType.startsWith(type + "; version="), contentType);
      assertTrue(contentType.endsWith("; charset=utf-8"), contentType);
      assertEquals("Accept", response.headers().firstValue("Vary").orElseThrow());
      String text = new String(response.body(), UTF_8);
      assertEquals(type.contains("openmetrics"), text.endsWith("\n# EOF\n"));
    }
  }
}
