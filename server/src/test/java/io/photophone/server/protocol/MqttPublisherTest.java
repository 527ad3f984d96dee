package io.photophone.server.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.daemon.AcquisitionState.Phase;
import io.photophone.model.AlarmEvent;
import io.photophone.model.AlarmState;
import io.photophone.model.Streamed;
import io.photophone.server.Json;
import io.photophone.server.protocol.FakeBroker.Connect;
import io.photophone.server.protocol.FakeBroker.Published;
import io.photophone.server.protocol.MqttPublisher.Pauses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
final class MqttPublisherTest {
  private static final Pauses SHORT = new Pauses(Duration.ofMillis(10), Duration.ofMillis(50));
  private static final String STATUS = "lab/status";
  private static final String STATE = "lab/cell-1/state";
  private static final String READINGS = "lab/cell-1/readings";

  @TempDir private Path folder;

  private final FakeCell cell = new FakeCell("cell-1", "CO2");
  private final AtomicLong nanos = new AtomicLong();
  private MqttPublisher publisher;

  private static MqttSettings settings(int port, int buffer) {
    return settings(port, buffer, null, null);
  }

  private static MqttSettings settings(
      int port, int buffer, @Nullable String username, @Nullable Path passwordFile) {
    return new MqttSettings(
        URI.create("mqtt://127.0.0.1:" + port),
        "lab",
        "cell of a test",
        username,
        passwordFile,
        1,
        true,
        buffer,
        Duration.ofSeconds(100),
        Duration.ofSeconds(50),
        null);
  }

  private void publish(MqttSettings settings) throws IOException {
    publisher =
        MqttPublisher.start(settings, List.of(cell.published()), Json::bytes, SHORT, nanos::get);
  }

  @AfterEach
  void close() {
    if (publisher != null) {
      publisher.close();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// The test's time limit ends a wait in vain.
  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static double concentration(Published message) {
    return JsonMapper.shared().readTree(message.payload()).get("concentration").asDouble();
  }

  @Test
  void a_birth_the_states_and_then_the_readings_come() throws Exception {
    cell.alarms.add(FakeCell.alarm("CO2", "high", AlarmState.RAISED));
    try (FakeBroker broker = new FakeBroker(0)) {
      publish(settings(broker.port(), 10));
      assertEquals(
          new Connect("cell of a test", STATUS, "offline", true, 1, true, 0),
          broker.connects.take());
      assertEquals(
          new Published(STATUS, "online", 1, true, null, "text/plain"), broker.published.take());
      Published state = broker.published.take();
      assertEquals(STATE, state.topic());
      assertTrue(state.retain());
      assertEquals(
          """
          {"phase":"running","error":null,"alarms":[{"alarm":"high","gas":"CO2","state":"raised",\
          "since":"2030-01-31T12:00:00Z","acknowledged_by":null}]}\
          """,
          state.payload());
      cell.send("CO2", 2.5);
      Published reading = broker.published.take();
      assertEquals(READINGS, reading.topic());
      assertFalse(reading.retain());
      assertEquals(50, reading.expiry());
      assertEquals("application/json", reading.contentType());
      JsonNode fields = JsonMapper.shared().readTree(reading.payload());
      assertEquals(2.5, fields.get("concentration").asDouble());
      assertEquals("ppb", fields.get("unit").asString());
      await(() -> publisher.state().published() == 1);
      assertTrue(publisher.state().connected());
      assertNull(publisher.state().lastError());
    }
  }

  @Test
  void an_alarm_and_a_new_state_are_told() throws Exception {
    try (FakeBroker broker = new FakeBroker(0)) {
      publish(settings(broker.port(), 10));
      broker.next(STATUS);
      cell.events.send(
          new Streamed.Item<>(
              new AlarmEvent(
                  "high",
                  AlarmState.NORMAL,
                  AlarmState.RAISED,
                  FakeCell.START,
                  2.5,
                  1.0,
                  "ppb",
                  null)));
      Published alarm = broker.next(STATUS, STATE);
      assertEquals("lab/cell-1/alarms", alarm.topic());
      assertTrue(alarm.payload().contains("\"to\":\"raised\""), alarm::payload);
      cell.phase = Phase.RETRYING;
      Published state = broker.next(STATUS);
      assertEquals(STATE, state.topic());
      assertTrue(state.payload().startsWith("{\"phase\":\"retrying\""), state::payload);
    }
  }

  @Test
  void what_comes_while_the_broker_is_away_comes_later_and_the_oldest_are_counted()
      throws Exception {
    int port = freePort();
    publish(settings(port, 5));
    for (int value = 1; value <= 8; value++) {
      cell.send("CO2", value);
    }
    await(() -> publisher.state().buffered() == 5 && publisher.state().droppedFull() == 3);
    await(() -> publisher.state().lastError() != null);
    assertFalse(publisher.state().connected());
    assertTrue(
        String.valueOf(publisher.state().lastError()).startsWith("Connection refused"),
        publisher.state()::lastError);
    try (FakeBroker broker = new FakeBroker(port)) {
      for (int value = 4; value <= 8; value++) {
        assertEquals(value, concentration(broker.next(STATUS, STATE)));
      }
      await(() -> publisher.state().published() == 5);
      assertEquals(0, publisher.state().buffered());
      assertEquals(3, publisher.state().droppedFull());
    }
  }

  @Test
  void what_waits_too_long_is_given_up_and_counted() throws Exception {
    publish(settings(freePort(), 5));
    cell.send("CO2", 1);
    await(() -> publisher.state().buffered() == 1);
    nanos.addAndGet(Duration.ofSeconds(60).toNanos());
    cell.send("CO2", 2);
    await(() -> publisher.state().buffered() == 2);
    nanos.addAndGet(Duration.ofSeconds(41).toNanos());
    assertEquals(1, publisher.state().buffered());
    assertEquals(1, publisher.state().droppedOld());
  }

  @Test
  void a_reading_that_was_not_acknowledged_is_sent_again() throws Exception {
    try (FakeBroker broker = new FakeBroker(0)) {
      publish(settings(broker.port(), 10));
      broker.next(STATUS);
      await(() -> publisher.state().connected());
      cell.send("CO2", 1);
      assertEquals(1, concentration(broker.next(STATUS, STATE)));
      await(() -> publisher.state().published() == 1);
      broker.acknowledges = false;
      cell.send("CO2", 2);
      assertEquals(2, concentration(broker.next(STATUS, STATE)));
      broker.acknowledges = true;
      broker.cut();
      assertEquals(2, concentration(broker.next(STATUS, STATE)));
      cell.send("CO2", 3);
      assertEquals(3, concentration(broker.next(STATUS, STATE)));
      await(() -> publisher.state().published() == 3);
      assertEquals(2, publisher.state().connects());
      assertEquals(2, broker.connects.size());
    }
  }

  @Test
  void a_broker_that_never_acknowledges_holds_up_no_reading() throws Exception {
    try (FakeBroker broker = new FakeBroker(0)) {
      publish(settings(broker.port(), 5));
      await(() -> publisher.state().connected());
      cell.send("CO2", -1);
      await(() -> publisher.state().published() == 1);
      broker.acknowledges = false;
      cell.send("CO2", 0);
      broker.next(STATUS, STATE);
      broker.next(STATUS, STATE);
      for (int value = 1; value <= 100; value++) {
        cell.send("CO2", value);
      }
      await(() -> publisher.state().droppedFull() == 95);
      assertEquals(5, publisher.state().buffered());
    }
  }

  @Test
  void what_the_broker_does_not_want_is_counted_and_not_sent_again() throws Exception {
    try (FakeBroker broker = new FakeBroker(0)) {
      broker.forbidden.add(READINGS);
      publish(settings(broker.port(), 10));
      cell.send("CO2", 1);
      await(() -> publisher.state().refused() == 1);
      assertEquals(0, publisher.state().buffered());
      assertEquals(0, publisher.state().published());
      assertTrue(publisher.state().connected());
    }
  }

  @Test
  void a_close_says_offline_and_takes_its_leave() throws Exception {
    try (FakeBroker broker = new FakeBroker(0)) {
      publish(settings(broker.port(), 10));
      broker.next(STATUS);
      await(() -> publisher.state().connected());
      publisher.close();
      assertEquals(
          new Published(STATUS, "offline", 1, true, null, "text/plain"),
          broker.next(STATE, READINGS));
      assertEquals("disconnect", broker.partings.take());
      assertEquals(0, cell.readings.receiverCount());
      assertFalse(
          Thread.getAllStackTraces().keySet().stream()
              .anyMatch(thread -> thread.getName().equals("mqtt publisher")));
    }
  }

  @Test
  void a_close_does_not_wait_for_a_silent_broker() throws Exception {
    try (FakeBroker broker = new FakeBroker(0)) {
      publish(settings(broker.port(), 10));
      await(() -> publisher.state().connected());
      cell.send("CO2", 1);
      await(() -> publisher.state().published() == 1);
      broker.acknowledges = false;
      cell.send("CO2", 2);
      broker.next(STATUS, STATE);
      broker.next(STATUS, STATE);
      long before = System.nanoTime();
      publisher.close();
      assertTrue(System.nanoTime() - before < Duration.ofSeconds(4).toNanos());
    }
  }

  @Test
  void a_password_comes_from_its_file_and_is_told_nowhere() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "open sesame\n");
    try (FakeBroker broker = new FakeBroker(0, "open sesame")) {
      publish(settings(broker.port(), 10, "ada", file));
      broker.connects.take();
    }
    try (FakeBroker broker = new FakeBroker(0, "another")) {
      publisher.close();
      publish(settings(broker.port(), 10, "ada", file));
      await(() -> publisher.state().lastError() != null);
      String state = publisher.state().toString();
      assertFalse(state.contains("sesame"), state);
      assertTrue(state.contains("BAD_USER_NAME_OR_PASSWORD"), state);
      assertEquals(0, broker.connects.size());
    }
  }

  @Test
  void a_password_file_that_is_not_there_or_empty_is_told() throws Exception {
    Path absent = folder.resolve("absent");
    assertTrue(
        String.valueOf(
                assertThrows(IOException.class, () -> publish(settings(1883, 10, "ada", absent)))
                    .getMessage())
            .startsWith("mqtt.password_file " + absent));
    Path empty = Files.writeString(folder.resolve("empty"), "");
    assertEquals(
        "mqtt.password_file %s has no first line".formatted(empty),
        assertThrows(IOException.class, () -> publish(settings(1883, 10, "ada", empty)))
            .getMessage());
  }

  @Test
  void an_authority_that_can_not_be_read_is_told() throws Exception {
    Path text = Files.writeString(folder.resolve("ca.pem"), "no certificate");
    MqttSettings tls =
        new MqttSettings(
            URI.create("mqtts://127.0.0.1"),
            "lab",
            "id",
            null,
            null,
            1,
            true,
            10,
            Duration.ofSeconds(100),
            Duration.ofSeconds(50),
            text);
    assertTrue(
        String.valueOf(assertThrows(IOException.class, () -> publish(tls)).getMessage())
            .startsWith("mqtt.ca " + text));
  }

  @Test
  void what_has_a_meaning_in_topics_is_encoded() {
    assertEquals("lab/a%2Fb%2B%23%25%0A µ/readings", new MqttTopics("lab").readings("a/b+#%\n µ"));
  }

  @Test
  void pauses_double_up_to_a_limit_and_are_never_the_same_for_all() {
    Pauses pauses = new Pauses(Duration.ofSeconds(1), Duration.ofSeconds(30));
    for (int failures = 1; failures < 100; failures++) {
      double longest = Math.min(Math.scalb(1.0, Math.min(failures, 30) - 1), 30);
      double pause = pauses.after(failures).toNanos() / 1e9;
      assertTrue(pause >= longest / 2 && pause <= longest, () -> "pause " + pause);
    }
  }
}
