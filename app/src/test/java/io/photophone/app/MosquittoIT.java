package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.photophone.app.Mosquitto.Line;
import io.photophone.app.Mosquitto.Subscriber;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The program as a process, a real Mosquitto, and its own subscriber.
@Timeout(180)
final class MosquittoIT {
  private static final String STATUS = "works/hall/status";
  private static final String READINGS = "works/hall/cell/readings";
  private static final int BUFFER = 5;

  @TempDir private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void a_broker_is_installed() {
    assumeTrue(Mosquitto.isInstalled(), "SKIPPED: no mosquitto and mosquitto_sub on this machine");
  }

  private Photophone serve(Mosquitto broker) throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("photophone.yaml"),
            """
            measurement: {instrument: cell, integration_s: 0.2}
            mqtt: {url: '%s', topic_prefix: works/hall, buffer_messages: %d}
            """
                .formatted(broker.url(), BUFFER));
    return Photophone.start(
        folder,
        "serve",
        "--port",
        "0",
        "--data",
        folder.resolve("data").toString(),
        "--config",
        config.toString());
  }

  private HttpRequest request(URI address) {
    return HttpRequest.newBuilder(address)
        .header("Authorization", "Bearer " + Tokens.operator(folder.resolve("data")))
        .build();
  }

  private JsonNode mqtt(URI address) throws Exception {
    String body =
        http.send(request(address.resolve("api/protocols")), BodyHandlers.ofString()).body();
    return JsonMapper.shared().readTree(body).get("mqtt");
  }

  /// Asks until it is so; the test's time limit ends a wait in vain.
  private JsonNode await(URI address, Predicate<JsonNode> wanted) throws Exception {
    while (true) {
      JsonNode state = mqtt(address);
      if (wanted.test(state)) {
        return state;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  @Test
  void readings_birth_and_state_reach_a_subscriber_and_a_kill_leaves_the_will() throws Exception {
    try (Mosquitto broker = Mosquitto.start(folder);
        Photophone photophone = serve(broker)) {
      URI address = photophone.address();
      JsonNode reading =
          JsonMapper.shared().readTree(broker.receive(3, READINGS).getLast().payload());
      assertEquals("cell", reading.get("instrument").asString());
      assertTrue(reading.get("amplitude").isNumber(), reading::toString);
      await(address, state -> state.get("connected").asBoolean());
      assertEquals(
          new Line(STATUS, true, "online"), broker.receive(1, STATUS).getFirst(), "retained");
      Line state = broker.receive(1, "works/hall/cell/state").getFirst();
      assertTrue(state.retained());
      assertTrue(state.payload().startsWith("{\"phase\":\"running\""), state::payload);
      try (Subscriber subscriber = broker.subscribe(STATUS)) {
        assertEquals("online", subscriber.next().payload());
        photophone.signal("KILL");
        assertEquals(new Line(STATUS, false, "offline"), subscriber.next());
      }
      assertEquals(new Line(STATUS, true, "offline"), broker.receive(1, STATUS).getFirst());
    }
  }

  @Test
  void a_clean_stop_says_offline() throws Exception {
    try (Mosquitto broker = Mosquitto.start(folder);
        Photophone photophone = serve(broker)) {
      await(photophone.address(), state -> state.get("published").asInt() > 0);
      try (Subscriber subscriber = broker.subscribe(STATUS)) {
        assertEquals("online", subscriber.next().payload());
        assertEquals(0, photophone.signal("TERM"));
        assertEquals("offline", subscriber.next().payload());
      }
    }
  }

  @Test
  void a_broker_that_comes_back_gets_what_waited_and_the_rest_is_counted() throws Exception {
    try (Mosquitto broker = Mosquitto.start(folder);
        Photophone photophone = serve(broker)) {
      URI address = photophone.address();
      // Those that waited too many while the program began to connect count as well.
      int before =
          await(address, state -> state.get("published").asInt() >= 3).get("dropped_full").asInt();
      broker.stop();
      JsonNode away =
          await(address, state -> state.get("dropped_full").asInt() >= before + BUFFER + 3);
      assertFalse(away.get("connected").asBoolean());
      assertEquals(BUFFER, away.get("buffered").asInt());
      broker.startAgain();
      JsonNode back =
          await(
              address,
              state -> state.get("connects").asInt() == 2 && state.get("buffered").asInt() == 0);
      // Nothing is lost uncounted: each reading since the start is published, given up or under
      // way.
      long measured = measured(address);
      JsonNode now = mqtt(address);
      long accounted = now.get("published").asLong() + now.get("dropped_full").asLong();
      assertTrue(
          Math.abs(measured - accounted) <= 2, () -> measured + " measured, accounted " + now);
      assertEquals("online", broker.receive(1, STATUS).getFirst().payload(), back::toString);
    }
  }

  private long measured(URI address) throws Exception {
    return http.send(request(address.resolve("metrics")), BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith("photophone_readings_total{"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
