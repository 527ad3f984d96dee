package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.model.CaptureTime;
import io.photophone.model.NodeOutput;
import io.photophone.model.Streamed;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("M13")
@Timeout(30)
final class InstrumentsTest {
  private static final String PLAIN = "cell-2";

  /// Every character that a path gives a meaning of its own.
  private static final String ODD = "50 %+1/2 ä;x?#&%2F";

  private final FakeInstrument plain = new FakeInstrument(PLAIN);
  private final FakeInstrument odd = new FakeInstrument(ODD);
  private LiveServer live;

  @BeforeEach
  void start() throws IOException {
    live = LiveServer.startWith(List.of(plain, odd));
  }

  @AfterEach
  void stop() {
    live.close();
  }

  private static String of(String instrument, String path) {
    return "/api/instruments/" + URLEncoder.encode(instrument, UTF_8).replace("+", "%20") + path;
  }

  private String detail(int status, String path) throws Exception {
    HttpResponse<byte[]> response = live.get(path);
    assertEquals(status, response.statusCode(), path);
    assertEquals(
        "application/problem+json", response.headers().firstValue("Content-Type").orElseThrow());
    return JsonMapper.shared().readTree(response.body()).get("detail").asString();
  }

  @Test
  void all_instruments_are_listed_the_first_first() throws Exception {
    JsonNode list = live.json("/api/instruments").get("instruments");
    assertEquals(
        List.of("cell-1", PLAIN, ODD),
        list.valueStream().map(each -> each.get("instrument").asString()).toList());
    assertEquals(live.json("/api/instrument"), list.get(0));
    assertEquals("CO2", list.get(1).get("gas").asString());
  }

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, ODD})
  void an_instrument_answers_under_its_name_whatever_it_is(String name) throws Exception {
    assertEquals(name, live.json(of(name, "")).get("instrument").asString());
    assertEquals(name, live.json(of(name, "/instrument")).get("instrument").asString());
    assertEquals(
        "of " + name,
        live.json(of(name, "/audio/stream/stats")).path("source").path("error").asString());
    assertEquals("of " + name, live.json(of(name, "/acquisition")).get("error").asString());
    assertEquals(
        "of " + name, live.json(of(name, "/analysis")).path("analysis").path("name").asString());
    assertEquals(
        "tone", live.json(of(name, "/streams")).get("streams").get(0).get("node").asString());
    assertEquals(name, live.json(of(name, "/calibration")).get("of").asString());
    assertEquals(name, live.json(of(name, "/calibrations")).get("of").asString());
    assertEquals("none", live.json(of(name, "/environment")).get("sensor").asString());
    assertEquals(0, live.json(of(name, "/alarms")).get("alarms").size());
    assertEquals(0, live.json(of(name, "/alarms/events?limit=3")).get("events").size());
    assertEquals(0, live.json(of(name, "/readings/recent")).get("readings").size());
    assertEquals(204, live.get(of(name, "/readings/latest")).statusCode());
    assertEquals("asked of " + name, detail(400, of(name, "/readings/allan?gas=CO2")));
    assertEquals(204, live.get(of(name, "/sweeps/latest")).statusCode());
    assertEquals(409, live.get(of(name, "/simulation")).statusCode());
    assertEquals(200, live.post(of(name, "/acquisition"), "{\"command\": \"start\"}").statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, ODD})
  void streams_carry_what_is_of_their_instrument_alone(String name) throws Exception {
    FakeInstrument instrument = name.equals(PLAIN) ? plain : odd;
    try (Events readings = live.events(of(name, "/readings/stream"));
        Events audio = live.events(of(name, "/audio/stream/audio"));
        Events node = live.events(of(name, "/streams/tone"));
        Events many = live.events(of(name, "/stream?topics=readings"))) {
      live.publishReading(0);
      live.publish(0);
      instrument.readings.send(new Streamed.Item<>(LiveServer.reading(7)));
      instrument.publisher.publish(LiveServer.frame(5));
      instrument.outputs.send(
          new Streamed.Item<>(
              new NodeOutput.Samples("tone", 11, 48_000, new float[] {1}, CaptureTime.UNKNOWN)));
      assertEquals(
          7L * LiveServer.RATE_HZ, readings.next("message").json().get("from_sample").asLong());
      assertEquals(5, audio.next("message").number());
      assertEquals(11, node.next("message").json().get("first_sample").asLong());
      assertEquals(
          7L * LiveServer.RATE_HZ, many.next("reading").json().get("from_sample").asLong());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/instrument", "/analysis", "/streams", "/calibration", "/alarms", "/acquisition"})
  void a_path_without_a_name_is_that_of_the_first(String path) throws Exception {
    assertArrayEquals(live.get(of("cell-1", path)).body(), live.get("/api" + path).body());
    assertEquals(200, live.get("/api" + path).statusCode());
  }

  @Test
  void an_unknown_name_is_refused_with_those_there_are() throws Exception {
    assertEquals(
        "there is no instrument cell 9, allowed: cell-1, " + PLAIN + ", " + ODD,
        detail(404, of("cell 9", "/readings/latest")));
    assertEquals(
        "there is no instrument , allowed: cell-1, " + PLAIN + ", " + ODD,
        detail(404, "/api/instruments/"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/channels", "/instruments", "/instruments/cell-2", "/nothing"})
  void what_is_no_path_of_an_instrument_is_not_found_under_its_name(String path) throws Exception {
    assertTrue(detail(404, of(PLAIN, path)).startsWith("there is nothing at "), path);
  }

  @Test
  void a_method_that_a_path_of_an_instrument_does_not_have_is_refused() throws Exception {
    HttpResponse<byte[]> response = live.post(of(PLAIN, "/readings/latest"), "{}");
    assertEquals(405, response.statusCode());
    assertEquals("GET, HEAD", response.headers().firstValue("Allow").orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/..%2Fdashboard/index.html", "/a%2Fb", "/%25"})
  void an_ambiguous_path_reaches_nothing_but_instruments(String path) throws Exception {
    RawResponse response =
        live.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertEquals(400, response.status(), response::toString);
  }

  @Test
  void metrics_tell_each_instrument_by_its_name() throws Exception {
    odd.readings.send(new Streamed.Item<>(LiveServer.reading(1)));
    while (live.json(of(ODD, "/readings/recent")).get("readings").isEmpty()) {
      Thread.onSpinWait();
    }
    Exposition metrics = Exposition.parse(new String(live.get("/metrics").body(), UTF_8));
    assertTrue(metrics.valuesOf("instrument").containsAll(List.of("cell-1", PLAIN, ODD)));
    for (String name : List.of("cell-1", PLAIN, ODD)) {
      metrics.value("photophone_web_clients", "instrument", name);
      metrics.value("photophone_stream_frames_total", "instrument", name);
    }
    assertEquals(
        2e-6, metrics.value("photophone_node_seconds_total", "instrument", ODD, "node", "tone"));
  }

  @Test
  void the_channels_of_every_instrument_are_listed() throws Exception {
    List<String> names =
        live.json("/api/channels")
            .get("channels")
            .valueStream()
            .map(channel -> channel.get("name").asString())
            .toList();
    assertTrue(
        names.containsAll(List.of("cell-1/web/audio", PLAIN + "/web/audio", ODD + "/web/stats")),
        names::toString);
  }

  @Test
  void closing_the_server_ends_the_streams_of_all() throws Exception {
    List<Events> open = new ArrayList<>();
    for (String name : List.of("cell-1", PLAIN, ODD)) {
      open.add(live.events(of(name, "/readings/stream")));
    }
    live.server.close();
    for (Events events : open) {
      assertEquals("the server stops", events.next("end").json().get("reason").asString());
      assertNull(events.next());
      events.close();
    }
  }
}
