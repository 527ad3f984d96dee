package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.wiring.RunningServer;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server of two instruments, one with a graph of its own: the example of `docs/analysis.md`.
@Timeout(120)
final class AnalysisOverHttpTest {
  /// Faster than real time, so that a window comes ten times a second.
  private static final double SPEED = 10;

  private static final String STACK = "api/instruments/stack%202/";

  @TempDir private Path folder;
  private RunningServer server;
  private URI address;

  @BeforeEach
  void start() throws Exception {
    String yaml = TwoGases.configuration(folder, SPEED);
    Path file =
        Files.writeString(
            folder.resolve("photophone.yaml"),
            "server: {port: 0}\ndata: %s\n%s".formatted(folder.resolve("data"), yaml));
    server = RunningServer.start(PhotophoneConfig.read(file, Map.of(), List.of()));
    address = Tokens.signedIn(server.address(), folder.resolve("data"));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private URI at(String path) {
    return address.resolve(path);
  }

  private JsonNode json(String path) throws Exception {
    HttpResponse<String> response = Http.get(at(path));
    assertEquals(200, response.statusCode(), response::body);
    return JsonMapper.shared().readTree(response.body());
  }

  private List<JsonNode> readings(String path, String gas) throws Exception {
    return json(path + "readings/recent?limit=3600")
        .get("readings")
        .valueStream()
        .filter(reading -> reading.get("gas").asString().equals(gas))
        .toList();
  }

  /// All readings of a gas, once there are more of them behind the sample; the test's time limit
  /// ends a wait in vain.
  private List<JsonNode> awaitBehind(long sample, int more, String gas) throws Exception {
    while (true) {
      List<JsonNode> all = readings(STACK, gas);
      long behind = all.stream().filter(each -> each.get("from_sample").asLong() >= sample).count();
      if (behind >= more) {
        return all;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private static long end(List<JsonNode> readings) {
    return readings.getLast().get("to_sample").asLong();
  }

  private static boolean isSettling(JsonNode reading) {
    return reading.get("flags").toString().contains("settling");
  }

  private static boolean hasGap(JsonNode reading) {
    return reading.get("flags").toString().contains("gap");
  }

  private static void assertNoWindowIsLost(List<JsonNode> readings) {
    long next = 0;
    for (JsonNode reading : readings) {
      assertEquals(next, reading.get("from_sample").asLong(), reading::toString);
      next = reading.get("to_sample").asLong();
    }
  }

  /// Neither a window nor a sample of one.
  private static void assertWithoutAHole(List<JsonNode> readings) {
    assertNoWindowIsLost(readings);
    readings.forEach(reading -> assertFalse(hasGap(reading), reading::toString));
  }

  private String put(String yaml, int status) throws Exception {
    HttpResponse<String> response = Http.putYaml(at(STACK + "analysis"), yaml);
    assertEquals(status, response.statusCode(), response::body);
    return response.body();
  }

  /// The example's graph without the interference, its bands and a last node as given.
  private static String graph(int so2LowHz, String... more) {
    return """
    - {name: difference, type: channel, of: [frames], channel: difference}
    - {name: b1, type: filter, of: [difference], shape: {type: butterworth, order: 2},
       band: {type: band_pass, low_hz: 1800, high_hz: 2200}}
    - {name: t1, type: lock_in, of: [b1], modulation_hz: 2000, harmonic: 1, integration_s: 1}
    - {name: g1, type: concentration, of: [t1], gas: NO2, calibration: {id: NO2-1, unit: ppm,
       sensitivity: 0.001, offset: 0, phase_deg: 0, relative_uncertainty: 0.01, highest: 200}}
    - {name: b2, type: filter, of: [difference], shape: {type: butterworth, order: 2},
       band: {type: band_pass, low_hz: %d, high_hz: 1700}}
    - {name: t2, type: lock_in, of: [b2], modulation_hz: 1500, harmonic: 1, integration_s: 1}
    - {name: g2, type: concentration, of: [t2], gas: SO2, calibration: {id: SO2-1, unit: ppm,
       sensitivity: 0.001, offset: 0, phase_deg: 0, relative_uncertainty: 0.01, highest: 200}}
    %s
    """
        .formatted(so2LowHz, String.join("\n", more));
  }

  @Test
  @Tag("M8")
  void each_gas_of_the_example_is_what_is_in_the_cell() throws Exception {
    List<JsonNode> no2 = awaitBehind(TwoGases.RATE_HZ, 1, "NO2");
    List<JsonNode> so2 = awaitBehind(TwoGases.RATE_HZ, 1, "SO2");
    assertEquals(TwoGases.NO2_PPM, no2.getLast().get("concentration").asDouble(), 0.01);
    assertEquals(TwoGases.SO2_PPM, so2.getLast().get("concentration").asDouble(), 0.01);
    assertEquals("stack 2", so2.getLast().get("instrument").asString());
    List<String> gases =
        json(STACK + "readings/recent")
            .get("readings")
            .valueStream()
            .map(reading -> reading.get("gas").asString())
            .distinct()
            .sorted()
            .toList();
    assertEquals(List.of("NO2", "SO2"), gases);
  }

  @Test
  @Tag("M13")
  void readings_arrive_under_the_name_of_their_instrument_alone() throws Exception {
    while (readings("api/instruments/bench/", "CO2").isEmpty()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    assertEquals(List.of(), readings(STACK, "CO2"));
    assertEquals(List.of(), readings("api/instruments/bench/", "NO2"));
    assertFalse(readings("api/", "CO2").isEmpty(), "the bare paths are the first's");
    assertEquals(
        List.of("bench", "stack 2"),
        json("api/instruments")
            .get("instruments")
            .valueStream()
            .map(each -> each.get("instrument").asString())
            .toList());
  }

  @Test
  @Tag("M12")
  void another_graph_takes_over_without_losing_a_window_and_what_is_unchanged_goes_on()
      throws Exception {
    put(graph(1300), 200);
    // Once the swap is in, all bands are those of the configuration under other names: none
    // settles.
    long swapped = end(awaitBehind(TwoGases.RATE_HZ, 1, "NO2"));
    for (String gas : List.of("NO2", "SO2")) {
      List<JsonNode> readings = awaitBehind(swapped, 3, gas);
      assertWithoutAHole(readings);
      List<JsonNode> settled = readings.subList(1, readings.size());
      double amplitude = gas.equals("NO2") ? TwoGases.NO2_AMPLITUDE : TwoGases.SO2_AMPLITUDE;
      for (JsonNode reading : settled) {
        assertFalse(isSettling(reading), reading::toString);
        assertEquals(amplitude, reading.get("amplitude").asDouble(), 1e-5 * amplitude);
        assertEquals(0, reading.get("phase_deg").asDouble(), 0.01);
      }
    }
  }

  @Test
  @Tag("M12")
  void a_changed_filter_settles_alone_and_comes_back_to_the_same_value() throws Exception {
    put(graph(1300), 200);
    long before = end(awaitBehind(TwoGases.RATE_HZ, 1, "SO2"));
    put(graph(1350, "- {name: level, type: level, of: [frames], interval_s: 1}"), 200);
    List<JsonNode> so2 = awaitBehind(before, 4, "SO2");
    assertNoWindowIsLost(so2);
    // The window of the swap alone has less than its samples, since the new nodes didn't see all.
    List<JsonNode> cut = so2.stream().filter(AnalysisOverHttpTest::hasGap).toList();
    assertEquals(1, cut.size(), cut::toString);
    assertTrue(isSettling(cut.getFirst()), cut::toString);
    assertFalse(isSettling(so2.getLast()), so2.getLast()::toString);
    assertEquals(
        TwoGases.SO2_AMPLITUDE,
        so2.getLast().get("amplitude").asDouble(),
        1e-5 * TwoGases.SO2_AMPLITUDE);
    assertEquals(0, so2.getLast().get("phase_deg").asDouble(), 0.01);
    List<JsonNode> no2 = awaitBehind(before, 4, "NO2");
    assertWithoutAHole(no2);
    for (JsonNode reading : no2.subList(1, no2.size())) {
      assertFalse(isSettling(reading), reading::toString);
    }
    List<String> types = new ArrayList<>();
    json(STACK + "analysis")
        .get("analysis")
        .forEach(node -> types.add(node.get("type").asString()));
    assertTrue(types.contains("level"), types::toString);
  }

  @Test
  @Tag("M13")
  void the_instrument_tells_what_the_present_graph_measures() throws Exception {
    assertEquals("NO2", json(STACK + "instrument").get("gas").asString());
    put(
        """
        - {name: signal, type: channel, of: [frames], channel: difference}
        - {name: tone, type: lock_in, of: [signal], modulation_hz: 1500, harmonic: 1, integration_s: 0.5}
        - {name: gas, type: concentration, of: [tone], gas: SO2}
        """,
        200);
    JsonNode now = json(STACK + "instrument");
    assertEquals("SO2", now.get("gas").asString());
    assertEquals(1500, now.get("modulation_hz").asDouble());
    assertEquals(0.5, now.get("integration_s").asDouble());
  }

  @Test
  @Tag("M12")
  void a_graph_that_can_not_run_is_refused_with_every_error_and_the_old_one_goes_on()
      throws Exception {
    long before = end(awaitBehind(TwoGases.RATE_HZ, 1, "NO2"));
    JsonNode graph = json(STACK + "analysis").get("analysis");
    String refused =
        put(
            """
            - {name: signal, type: channel, of: [frames], channel: difference}
            - {name: tone, type: lock_in, of: [band], modulation_hz: 2000, harmonic: 1, integration_s: 1}
            - {name: gas, type: concentration, of: [signal], gas: NO2}
            """,
            400);
    String detail = JsonMapper.shared().readTree(refused).get("detail").asString();
    assertTrue(
        detail.startsWith("the graph stays as it is, since the new one has 2 errors: "), detail);
    assertTrue(detail.contains("2:") && detail.contains("names band, which is no node"), detail);
    assertTrue(detail.contains("3:") && detail.contains("analysis[2].of"), detail);
    // What only the sample rate tells.
    String above =
        put(
            """
            - {name: signal, type: channel, of: [frames], channel: difference}
            - {name: tone, type: lock_in, of: [signal], modulation_hz: 24000, harmonic: 1, integration_s: 1}
            """,
            400);
    assertTrue(above.contains("24000"), above);
    assertEquals(graph, json(STACK + "analysis").get("analysis"));
    List<JsonNode> readings = awaitBehind(before, 2, "NO2");
    assertWithoutAHole(readings);
    for (JsonNode reading : readings.subList(1, readings.size())) {
      assertFalse(isSettling(reading), reading::toString);
    }
  }

  @Test
  @Tag("A20")
  void any_node_can_be_listened_to() throws Exception {
    for (String node :
        List.of("signal", "no2_tone", "no2_apparent", "gases", "level", "spectrum")) {
      try (var lines = Http.lines(at(STACK + "streams/" + node)).body()) {
        String data = lines.filter(line -> line.startsWith("data: ")).findFirst().orElseThrow();
        JsonNode json = JsonMapper.shared().readTree(data.substring("data: ".length()));
        assertTrue(json.size() >= 4, data);
      }
    }
  }
}
