package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
final class AudioResourceTest {
  private static final String STATS = "/api/audio/stream/stats";
  private static final String LATEST = "/api/audio/stream/latest";
  private static final String AUDIO = "/api/audio/stream/audio";
  private static final String SPECTRAL = "/api/audio/stream/spectral";
  private static final String BYTES = "application/octet-stream";

  @Test
  @Tag("A21")
  void statistics_before_the_first_frame_have_no_time_and_no_age() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      JsonNode stats = live.json(STATS);
      assertEquals(0, stats.get("total_frames").asLong());
      assertEquals(0, stats.get("fps").asDouble());
      assertEquals(0, stats.get("sample_rate").asInt());
      assertTrue(stats.get("last_update").isNull());
      assertTrue(stats.get("latest_frame_age_ms").isNull());
    }
  }

  @Test
  @Tag("A21")
  void statistics_tell_of_the_stream_its_clients_and_its_source() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events first = live.events(AUDIO);
        Events second = live.events(AUDIO)) {
      long before = System.currentTimeMillis();
      live.publish(0, 3);
      for (int number = 0; number < 3; number++) {
        assertEquals(number, first.next("message").number());
        assertEquals(number, second.next("message").number());
      }
      JsonNode stats = live.json(STATS);
      assertEquals(3, stats.get("total_frames").asLong());
      assertEquals(LiveServer.RATE_HZ, stats.get("sample_rate").asInt());
      assertEquals(30, stats.get("expected_fps").asDouble());
      assertEquals(2, stats.get("open_streams").asInt());
      assertEquals(3, stats.get("active_subscribers").asInt(), "two clients and the server's feed");
      assertEquals(0, stats.get("dropped_frames").asLong());
      assertEquals(0, stats.get("lagged_consumers").asInt());
      assertEquals(0, stats.get("stalled_clients").asLong());
      long after = System.currentTimeMillis();
      assertBetween(before, stats.get("last_update").asLong(), after);
      assertBetween(before, stats.get("server_time").asLong(), after);
      assertBetween(0, (long) stats.get("latest_frame_age_ms").asDouble(), after - before);
      assertEquals(
          JsonMapper.shared()
              .readTree(
                  """
                  {"name": "simulated cell", "state": "running", "error": "a cable was loose",
                   "simulated": true, "live": false, "errors": 1, "lost_samples": 2,
                   "skipped_ticks": 3}\
                  """),
          stats.get("source"));
    }
  }

  @Test
  @Tag("A21")
  void frames_that_the_feed_was_too_slow_to_get_are_counted_once() throws Exception {
    long published = LiveServer.BUFFER_FRAMES + 5;
    try (LiveServer live = LiveServer.startAfter(published);
        Events events = live.events(AUDIO)) {
      awaitFrame(events, published - 1);
      live.publish(published);
      awaitFrame(events, published);
      assertEquals(5, live.json(STATS).get("dropped_frames").asLong());
    }
  }

  private static void awaitFrame(Events events, long number) throws Exception {
    Events.Received next = events.next();
    while (!next.type().equals("message") || next.number() < number) {
      next = events.next();
    }
  }

  @Test
  @Tag("A22")
  void there_is_no_latest_frame_before_the_first() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      HttpResponse<byte[]> response = live.get(LATEST);
      assertEquals(204, response.statusCode());
      assertEquals(0, response.body().length);
      assertFalse(response.headers().firstValue("ETag").isPresent());
    }
  }

  @Test
  @Tag("A22")
  void latest_frame_has_the_fields_of_the_contract() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.publish(0, 8);
      HttpResponse<byte[]> response = live.get(LATEST);
      assertEquals("application/json", header(response, "Content-Type"));
      assertFrame(7, JsonMapper.shared().readTree(response.body()));
    }
  }

  private static void assertFrame(long number, JsonNode frame) {
    assertEquals(
        JsonMapper.shared()
            .readTree(
                """
                {"channel_a": [%d, 0.5, -1, 0.25], "channel_b": [%d, 0, 1, 0.125],
                 "sample_rate": 48000, "timestamp": 1700000000123, "frame_number": %d,
                 "first_sample": %d, "duration_ms": %s}\
                """
                    .formatted(number, -number, number, 4 * number, 4 * 1000.0 / 48_000)),
        frame);
  }

  @Test
  @Tag("A22")
  void latest_frame_that_the_client_has_is_not_sent_again() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.publish(0);
      String tag = header(live.get(LATEST), "ETag");
      for (String condition : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
        HttpResponse<byte[]> same = live.get(LATEST, "If-None-Match", condition);
        assertEquals(304, same.statusCode(), condition);
        assertEquals(tag, header(same, "ETag"));
        assertEquals(0, same.body().length);
      }
      live.publish(1);
      HttpResponse<byte[]> newer = live.get(LATEST, "If-None-Match", tag);
      assertEquals(200, newer.statusCode());
      assertNotEquals(tag, header(newer, "ETag"));
    }
  }

  @Test
  @Tag("A22")
  void tag_of_a_frame_is_not_that_of_its_bytes_or_of_another_runs_frame() throws Exception {
    String tag;
    try (LiveServer live = LiveServer.start()) {
      live.publish(0);
      tag = header(live.get(LATEST), "ETag");
      assertEquals(
          200, live.get(LATEST, "If-None-Match", tag, "Accept", BYTES).statusCode(), "bytes");
    }
    try (LiveServer another = LiveServer.start()) {
      AudioFrame frame = LiveServer.frame(0);
      another.publisher.publish(
          new AudioFrame(
              frame.channelA(),
              frame.channelB(),
              frame.sampleRateHz(),
              0,
              0,
              new CaptureTime(frame.captured().epochNanos() + 1_000_000_000, 0)));
      assertEquals(200, another.get(LATEST, "If-None-Match", tag).statusCode(), "another run");
    }
  }

  @ParameterizedTest
  @Tag("A22")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/octet-stream                          | application/octet-stream
          application/octet-stream, application/json        | application/octet-stream
          application/json, application/octet-stream        | application/json
          application/octet-stream;q=0.5, application/json  | application/json
          application/octet-stream;q=0.5, text/html         | application/octet-stream
          */*                                               | application/json
          """)
  void latest_frame_comes_as_the_client_prefers(String accept, String type) throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.publish(0);
      HttpResponse<byte[]> response = live.get(LATEST, "Accept", accept);
      assertEquals(type, header(response, "Content-Type"));
      assertEquals(List.of("Accept-Encoding", "Accept"), response.headers().allValues("Vary"));
    }
  }

  @Test
  @Tag("A22")
  void latest_frame_as_bytes_has_every_field_and_every_bit() throws Exception {
    float[] channelA = {1, -0.0f, Float.MIN_VALUE, Float.NaN, 1 / 3f};
    float[] channelB = {Float.MAX_VALUE, Float.NEGATIVE_INFINITY, -2, 0, 9.999999f};
    try (LiveServer live = LiveServer.start()) {
      live.publisher.publish(LiveServer.frame(5_000_000_000L, channelA, channelB));
      ByteBuffer bytes =
          ByteBuffer.wrap(live.get(LATEST, "Accept", BYTES).body()).order(ByteOrder.LITTLE_ENDIAN);
      assertEquals(48 + 2 * 5 * 4, bytes.remaining());
      byte[] magic = new byte[4];
      bytes.get(magic);
      assertArrayEquals(new byte[] {'P', 'P', 'A', 'F'}, magic);
      assertEquals(1, bytes.getShort(), "version");
      assertEquals(2, bytes.getShort(), "channels");
      assertEquals(1, bytes.getInt(), "sample format");
      assertEquals(LiveServer.RATE_HZ, bytes.getInt());
      assertEquals(5_000_000_000L, bytes.getLong(), "frame number");
      assertEquals(25_000_000_000L, bytes.getLong(), "first sample");
      assertEquals(1_700_000_005_123_456_789L, bytes.getLong(), "capture time");
      assertEquals(5, bytes.getInt(), "samples");
      assertEquals(0, bytes.getInt());
      for (float sample : channelA) {
        assertEquals(Float.floatToRawIntBits(sample), bytes.getInt());
      }
      for (float sample : channelB) {
        assertEquals(Float.floatToRawIntBits(sample), bytes.getInt());
      }
    }
  }

  @Test
  @Tag("A23")
  void audio_stream_sends_each_frame_under_its_number() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events events = live.events(AUDIO)) {
      assertEquals("text/event-stream", events.head.header("content-type"));
      assertEquals("no-store", events.head.header("cache-control"));
      for (int number = 0; number < 5; number++) {
        live.publish(number);
        Events.Received event = events.next("message");
        assertEquals(Integer.toString(number), event.id());
        assertFrame(number, event.json());
      }
    }
  }

  @Test
  @Tag("A23")
  void what_is_no_number_is_null_in_json() throws Exception {
    float[] samples = {
      1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -Float.MAX_VALUE
    };
    try (LiveServer live = LiveServer.start();
        Events events = live.events(AUDIO)) {
      live.publisher.publish(LiveServer.frame(0, samples, samples));
      JsonNode channel = events.next("message").json().get("channel_b");
      assertEquals(5, channel.size());
      assertEquals(1, channel.get(0).asInt());
      for (int i = 1; i < 4; i++) {
        assertTrue(channel.get(i).isNull(), "sample " + i);
      }
      assertEquals(-Float.MAX_VALUE, channel.get(4).floatValue(), Float.MAX_VALUE * 1e-6f);
    }
  }

  @Test
  @Tag("A23")
  void a_new_client_begins_with_the_latest_frame() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events before = live.events(AUDIO)) {
      live.publish(0, 3);
      awaitFrame(before, 2);
      try (Events events = live.events(AUDIO)) {
        assertEquals(2, events.next("message").number());
      }
    }
  }

  @Test
  @Tag("A27")
  void spectral_stream_sends_the_axis_once_and_then_a_spectrum_a_frame() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events events = live.events(SPECTRAL)) {
      JsonNode frequencies = events.next("axis").json().get("frequencies");
      assertEquals(LiveServer.BINS, frequencies.size());
      for (int k = 0; k < LiveServer.BINS; k++) {
        assertEquals(k * LiveServer.STEP_HZ, frequencies.get(k).asDouble());
      }
      for (int number = 0; number < 3; number++) {
        live.publishSpectrum(number);
        Events.Received event = events.next("message");
        assertEquals(Integer.toString(number), event.id());
        JsonNode spectrum = event.json();
        assertEquals(
            List.of(
                "magnitude_a",
                "magnitude_b",
                "frequency_start_hz",
                "frequency_step_hz",
                "frame_number",
                "timestamp",
                "sample_rate",
                "window",
                "size"),
            List.copyOf(spectrum.propertyNames()));
        assertBins(0, LiveServer.BINS, 0, spectrum.get("magnitude_a"));
        assertBins(0, LiveServer.BINS, 1000, spectrum.get("magnitude_b"));
        assertEquals(0, spectrum.get("frequency_start_hz").asDouble());
        assertEquals(LiveServer.STEP_HZ, spectrum.get("frequency_step_hz").asDouble());
        assertEquals(number, spectrum.get("frame_number").asLong());
        assertEquals(1_700_000_000_000L, spectrum.get("timestamp").asLong());
        assertEquals(LiveServer.RATE_HZ, spectrum.get("sample_rate").asInt());
        assertEquals("hann", spectrum.get("window").asString());
        assertEquals(LiveServer.WINDOW, spectrum.get("size").asInt());
      }
    }
  }

  private static void assertBins(int from, int to, double offset, JsonNode values) {
    assertEquals(
        IntStream.range(from, to).mapToObj(k -> offset + k).toList(),
        IntStream.range(0, values.size()).mapToObj(i -> values.get(i).asDouble()).toList());
  }

  @Test
  @Tag("A27")
  void phases_come_when_asked_for() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events with = live.events(SPECTRAL + "?phases=true&from_hz=187.5&to_hz=375");
        Events without = live.events(SPECTRAL + "?phases=false")) {
      live.publishSpectrum(0);
      with.next("axis");
      JsonNode spectrum = with.next("message").json();
      assertEquals(JsonMapper.shared().readTree("[0.001, 0.002]"), spectrum.get("phase_a"));
      assertEquals(JsonMapper.shared().readTree("[1.001, 1.002]"), spectrum.get("phase_b"));
      without.next("axis");
      assertNull(without.next("message").json().get("phase_a"));
    }
  }

  @ParameterizedTest
  @Tag("A27")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          from_hz=375              | 2   | 129
          to_hz=375                | 0   | 3
          from_hz=375&to_hz=562.5  | 2   | 4
          from_hz=375.1&to_hz=563  | 3   | 4
          from_hz=374.9&to_hz=562  | 2   | 3
          from_hz=375&to_hz=375    | 2   | 3
          from_hz=0&to_hz=0        | 0   | 1
          from_hz=24000            | 128 | 129
          from_hz=23999&to_hz=24000| 128 | 129
          from_hz=0&to_hz=24000    | 0   | 129
          """)
  void zoom_sends_the_lines_from_one_frequency_to_another_both_included(
      String query, int from, int to) throws Exception {
    try (LiveServer live = LiveServer.start();
        Events events = live.events(SPECTRAL + "?" + query)) {
      live.publishSpectrum(0);
      JsonNode frequencies = events.next("axis").json().get("frequencies");
      JsonNode spectrum = events.next("message").json();
      assertBins(from, to, 0, spectrum.get("magnitude_a"));
      assertBins(from, to, 1000, spectrum.get("magnitude_b"));
      assertEquals(from * LiveServer.STEP_HZ, spectrum.get("frequency_start_hz").asDouble(), query);
      assertEquals(
          IntStream.range(from, to).mapToObj(k -> k * LiveServer.STEP_HZ).toList(),
          IntStream.range(0, frequencies.size())
              .mapToObj(i -> frequencies.get(i).asDouble())
              .toList());
    }
  }

  @ParameterizedTest
  @Tag("A27")
  @ValueSource(
      strings = {
        "from_hz=400&to_hz=300",
        "from_hz=375.1&to_hz=562",
        "from_hz=-0.001",
        "from_hz=24000.001",
        "to_hz=24000.001",
        "to_hz=-1",
        "from_hz=NaN",
        "to_hz=Infinity",
        "from_hz=",
        "to_hz=abc",
        "phases=1",
        "phases=",
        "phases=true&phases=false",
        "from_hz=1&from_hz=2"
      })
  void zoom_that_is_no_part_of_the_axis_is_refused_with_the_value(String query) throws Exception {
    try (LiveServer live = LiveServer.start()) {
      HttpResponse<byte[]> response = live.get(SPECTRAL + "?" + query);
      assertEquals(400, response.statusCode());
      String detail = JsonMapper.shared().readTree(response.body()).get("detail").asString();
      assertTrue(detail.startsWith(query.substring(0, query.indexOf('='))), detail);
      assertTrue(detail.contains("allowed: "), detail);
    }
  }

  @Test
  @Tag("A27")
  void instrument_tells_what_it_is() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      assertEquals(
          JsonMapper.shared()
              .readTree(
                  """
                  {"instrument": "cell-1", "gas": "NH3", "unit": "ppm", "modulation_hz": 1234.5,
                   "integration_s": 1.0,
                   "source": {"name": "simulated cell", "simulated": true, "live": false},
                   "sample_rate": 48000, "target_fps": 30.0, "calibration_id": null,
                   "version": "0.1.0"}\
                  """),
          live.json("/api/instrument"));
    }
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }

  private static void assertBetween(long low, long value, long high) {
    assertTrue(low <= value && value <= high, () -> low + " <= " + value + " <= " + high);
  }

  @Test
  @Timeout(10)
  void a_number_as_long_as_a_request_may_be_is_refused_without_delay() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      String path = SPECTRAL + "?from_hz=" + "9".repeat(15_000) + "x";
      for (int i = 0; i < 20; i++) {
        assertEquals(400, live.get(path).statusCode());
      }
    }
  }
}
