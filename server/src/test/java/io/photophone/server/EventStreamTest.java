package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.model.Spectrum;
import io.photophone.model.Streamed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(30)
final class EventStreamTest {
  private static final String AUDIO = "/api/audio/stream/audio";
  private static final String SPECTRAL = "/api/audio/stream/spectral";
  private static final String READINGS = "/api/readings/stream";
  private static final String MANY = "/api/stream";
  private static final int RETAINED = LiveServer.BUFFER_FRAMES;

  /// Publishes frames and waits until a client has them, so that the server has them retained.
  private static void publishAndAwait(LiveServer live, long from, long to) throws IOException {
    try (Events witness = live.events(AUDIO)) {
      for (long number = from; number < to; number++) {
        live.publish(number);
        awaitFrame(witness, number);
      }
    }
  }

  /// Waits until the server has a frame behind the end of the source.
  private static void awaitRetained(LiveServer live, long number) throws IOException {
    boolean ended = true;
    while (ended) {
      try (Events witness = live.events(AUDIO)) {
        Events.Received newest = witness.next();
        ended = newest == null || newest.type().equals("end");
        if (!ended && newest.number() < number) {
          awaitFrame(witness, number);
        }
      }
    }
  }

  private static void awaitFrame(Events events, long number) throws IOException {
    Events.Received next = events.next("message");
    while (next.number() < number) {
      next = events.next("message");
    }
  }

  private static Events resume(LiveServer live, String path, String lastId) throws IOException {
    return live.events(path, "Last-Event-ID: " + lastId);
  }

  private static void assertFrames(Events events, long from, long to) throws IOException {
    for (long number = from; number < to; number++) {
      assertEquals(number, events.next("message").number());
    }
  }

  @ParameterizedTest
  @Tag("A23")
  @ValueSource(longs = {14, 15, 20, 23})
  void a_client_that_comes_back_gets_each_retained_frame_once(long last) throws Exception {
    try (LiveServer live = LiveServer.start()) {
      publishAndAwait(live, 0, 24);
      try (Events events = resume(live, AUDIO, Long.toString(last))) {
        live.publish(24);
        assertFrames(events, last + 1, 25);
      }
    }
  }

  @Test
  @Tag("A23")
  void a_client_that_comes_back_from_just_behind_the_retained_frames_misses_none()
      throws Exception {
    try (LiveServer live = LiveServer.start()) {
      publishAndAwait(live, 0, 24);
      try (Events events = resume(live, AUDIO, Integer.toString(24 - RETAINED - 1))) {
        assertFrames(events, 24 - RETAINED, 24);
      }
    }
  }

  @ParameterizedTest
  @Tag("A23")
  @ValueSource(longs = {0, 5, 12})
  void a_client_that_comes_back_too_late_is_told_how_many_frames_it_missed(long last)
      throws Exception {
    try (LiveServer live = LiveServer.start()) {
      publishAndAwait(live, 0, 24);
      long oldest = 24 - RETAINED;
      try (Events events = resume(live, AUDIO, Long.toString(last))) {
        Events.Received lagged = events.next("lagged");
        assertEquals(oldest - last - 1, lagged.missed());
        assertEquals("audio", lagged.json().get("topic").asString());
        assertNull(lagged.id());
        assertFrames(events, oldest, 24);
      }
      assertEquals(
          oldest - last - 1, live.json("/api/audio/stream/stats").get("dropped_frames").asLong());
    }
  }

  @ParameterizedTest
  @Tag("A23")
  @ValueSource(strings = {"24", "999999999999999999", "9999999999999999999", "-1", "x", "", "1.5"})
  void an_id_that_is_not_of_this_run_begins_with_the_latest_frame(String id) throws Exception {
    try (LiveServer live = LiveServer.start()) {
      publishAndAwait(live, 0, 24);
      try (Events events = resume(live, AUDIO, id)) {
        live.publish(24);
        assertFrames(events, 23, 25);
      }
    }
  }

  @Test
  @Tag("A10")
  void a_client_that_comes_back_to_a_source_started_anew_is_not_sent_away_by_its_old_end()
      throws Exception {
    try (LiveServer live = LiveServer.start()) {
      publishAndAwait(live, 0, 2);
      live.publisher.end("the end of the file");
      try (Events ended = resume(live, AUDIO, "1")) {
        ended.next("end");
        assertNull(ended.next());
      }
      live.publish(2, 4);
      awaitRetained(live, 3);
      try (Events events = resume(live, AUDIO, "2")) {
        live.publish(4);
        assertFrames(events, 3, 5);
      }
    }
  }

  @Test
  @Tag("A10")
  void the_end_of_the_source_ends_a_stream_of_one_topic() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events audio = live.events(AUDIO);
        Events spectral = live.events(SPECTRAL);
        Events readings = live.events(READINGS)) {
      live.publish(0);
      live.publisher.end("the end of the file");
      live.spectra.send(new Streamed.End<>("the end of the file"));
      live.readings.send(new Streamed.End<>("the end of the file"));
      assertEquals(0, audio.next("message").number());
      assertEnds("audio", audio);
      spectral.next("axis");
      assertEnds("spectral", spectral);
      assertEnds("readings", readings);
      live.awaitOpenStreams(0);
    }
  }

  private static void assertEnds(String topic, Events events) throws IOException {
    JsonNode end = events.next("end").json();
    assertEquals("the end of the file", end.get("reason").asString());
    assertEquals(topic, end.get("topic").asString());
    assertNull(events.next(), topic);
  }

  @ParameterizedTest
  @Tag("A10")
  @ValueSource(strings = {"audio", "audio,readings"})
  void the_end_of_the_source_leaves_a_stream_of_any_topics_open(String topics) throws Exception {
    try (LiveServer live = LiveServer.start();
        Events events = live.events(MANY + "?topics=" + topics)) {
      live.publisher.end("the end of the file");
      assertEquals("audio", events.next("end").json().get("topic").asString());
      live.publish(0);
      assertEquals(0, events.next("audio").number());
    }
  }

  @Test
  @Tag("A23")
  void a_stream_of_many_topics_names_each_event_and_has_no_ids() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events events = live.events(MANY + "?topics=audio,spectral,readings")) {
      assertEquals(LiveServer.BINS, events.next("axis").json().get("frequencies").size());
      live.publish(0);
      Events.Received audio = events.next("audio");
      assertEquals(0, audio.number());
      assertNull(audio.id());
      live.publishSpectrum(7);
      assertEquals(7, events.next("spectral").number());
      live.publishReading(0);
      assertEquals(5, events.next("reading").json().get("amplitude").asDouble());
    }
  }

  @Test
  @Tag("A21")
  void a_stream_of_many_topics_has_statistics_every_second() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events events = live.events(MANY)) {
      events.next("axis");
      long first = events.next("stats").json().get("server_time").asLong();
      long second = events.next("stats").json().get("server_time").asLong();
      assertTrue(second - first >= 900 && second - first < 3000, () -> first + " to " + second);
      assertEquals(
          live.json("/api/audio/stream/stats").propertyNames(),
          events.next("stats").json().propertyNames());
    }
  }

  @Test
  @Tag("A24")
  void silence_is_broken_by_heartbeats_of_their_own_type() throws Exception {
    StreamingConfig beating =
        new StreamingConfig(30, RETAINED, Duration.ofSeconds(1), true, LiveServer.WINDOW);
    try (LiveServer live = LiveServer.start(beating)) {
      long opened = System.nanoTime();
      try (Events events = live.events(AUDIO)) {
        for (int i = 1; i <= 2; i++) {
          Events.Received heartbeat = events.next("heartbeat");
          assertEquals("{\"type\":\"heartbeat\"}", heartbeat.data());
          assertNull(heartbeat.id());
          long elapsed = (System.nanoTime() - opened) / 1_000_000;
          assertTrue(elapsed >= 1000L * i && elapsed < 1000L * i + 2000, elapsed + " ms");
        }
        live.publish(0);
        assertFrames(events, 0, 1);
      }
    }
  }

  @Test
  @Tag("A24")
  void heartbeats_that_are_off_are_not_sent() throws Exception {
    StreamingConfig silent =
        new StreamingConfig(30, RETAINED, Duration.ofSeconds(1), false, LiveServer.WINDOW);
    StreamingConfig beating =
        new StreamingConfig(30, RETAINED, Duration.ofSeconds(1), true, LiveServer.WINDOW);
    try (LiveServer off = LiveServer.start(silent);
        Events none = off.events(AUDIO);
        LiveServer on = LiveServer.start(beating);
        Events two = on.events(AUDIO)) {
      two.next("heartbeat");
      two.next("heartbeat");
      off.publish(0);
      assertFrames(none, 0, 1);
    }
  }

  @Test
  @Tag("A27")
  void what_cannot_be_encoded_costs_its_clients_the_stream_and_nobody_else_anything()
      throws Exception {
    try (LiveServer live = LiveServer.start();
        Events concerned = live.events(SPECTRAL);
        Events audio = live.events(AUDIO)) {
      concerned.next("axis");
      Spectrum good = LiveServer.spectrum(0);
      Spectrum withoutTime =
          new Spectrum(
              good.magnitudeA(),
              good.magnitudeB(),
              good.phaseA(),
              good.phaseB(),
              good.stepHz(),
              good.window(),
              good.sampleRateHz(),
              0,
              null);
      live.spectra.send(new Streamed.Item<>(withoutTime));
      assertThrows(IOException.class, concerned::next);
      live.publish(0);
      assertFrames(audio, 0, 1);
      live.publishSpectrum(1);
      awaitEvents(live, "cell-1/web/spectral", 2);
      try (Events later = live.events(SPECTRAL)) {
        later.next("axis");
        assertEquals(1, later.next("message").number());
      }
    }
  }

  /// Until the feed has handed on so many: who comes earlier begins with the one before.
  private static void awaitEvents(LiveServer live, String channel, long count) throws Exception {
    long sent = 0;
    while (sent < count) {
      for (JsonNode each : live.json("/api/channels").get("channels")) {
        if (each.get("name").asString().equals(channel)) {
          sent = each.get("sent").asLong();
        }
      }
    }
  }

  @Test
  @Tag("A23")
  void every_open_stream_is_counted_until_it_ends() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      List<Events> open = List.of(live.events(AUDIO), live.events(AUDIO), live.events(READINGS));
      JsonNode stats = live.json("/api/audio/stream/stats");
      assertEquals(3, stats.get("open_streams").asInt());
      assertEquals(2 + 1, stats.get("active_subscribers").asInt());
      for (Events events : open) {
        events.close();
      }
      long number = 0;
      while (live.openStreams() > 0) {
        live.publish(number);
        live.publishReading(number);
        number++;
      }
      assertEquals(1, live.json("/api/audio/stream/stats").get("active_subscribers").asInt());
    }
  }
}
