package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.server.connection.WebConfig;
import io.photophone.server.protocol.ModbusServerState;
import io.photophone.server.protocol.MqttState;
import io.photophone.server.protocol.ProtocolStates;
import io.photophone.server.security.Cheap;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ProtocolsResourceTest {
  private static final ProtocolStates BOTH =
      new ProtocolStates(
          () -> new ModbusServerState("127.0.0.1:1502", 1, 2, 3, 4, 5, 6, 7, 8, 9),
          () -> new MqttState("mqtt://broker", true, 2, 3, 4, 5, 6, 7, 8, "it was away"));

  private static String get(ProtocolStates states, String path) throws Exception {
    try (FakeSystem system = new FakeSystem();
        PhotophoneServer server =
            new PhotophoneServer(
                WebConfig.at("127.0.0.1", 0),
                null,
                List.of(),
                List::of,
                states,
                Cheap.unguarded(),
                null,
                system.live(),
                StreamLimits.DEFAULT);
        HttpClient http = HttpClient.newHttpClient()) {
      URI address = server.start();
      return http.send(
              HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void what_is_off_is_null() throws Exception {
    assertEquals(
        "{\"modbus_server\":null,\"mqtt\":null}", get(ProtocolStates.NONE, "api/protocols"));
  }

  @Test
  void what_is_on_tells_how_it_does() throws Exception {
    assertEquals(
        """
        {"modbus_server":{"address":"127.0.0.1:1502","connections":1,"accepted":2,"refused":3,\
        "full":4,"idle":5,"malformed":6,"requests":7,"exceptions":8,"missed":9},\
        "mqtt":{"url":"mqtt://broker","connected":true,"connects":2,"published":3,"buffered":4,\
        "dropped_full":5,"dropped_old":6,"refused":7,"missed":8,"last_error":"it was away"}}\
        """,
        get(BOTH, "api/protocols"));
  }

  @Test
  void its_counts_are_metrics() throws Exception {
    String metrics = get(BOTH, "metrics");
    for (String line :
        List.of(
            "photophone_modbus_connections 1.0",
            "photophone_modbus_accepted_total 2.0",
            "photophone_modbus_cut_total{reason=\"address\"} 3.0",
            "photophone_modbus_cut_total{reason=\"full\"} 4.0",
            "photophone_modbus_cut_total{reason=\"idle\"} 5.0",
            "photophone_modbus_cut_total{reason=\"malformed\"} 6.0",
            "photophone_modbus_requests_total 7.0",
            "photophone_modbus_exceptions_total 8.0",
            "photophone_modbus_missed_total 9.0",
            "photophone_mqtt_connected 1.0",
            "photophone_mqtt_connects_total 2.0",
            "photophone_mqtt_published_total 3.0",
            "photophone_mqtt_buffered 4.0",
            "photophone_mqtt_dropped_total{reason=\"full\"} 5.0",
            "photophone_mqtt_dropped_total{reason=\"old\"} 6.0",
            "photophone_mqtt_dropped_total{reason=\"refused\"} 7.0",
            "photophone_mqtt_dropped_total{reason=\"missed\"} 8.0")) {
      assertTrue(metrics.lines().anyMatch(line::equals), () -> line + " isn't in " + metrics);
    }
  }
}
