package io.photophone.server;

import io.photophone.server.protocol.ModbusServerState;
import io.photophone.server.protocol.MqttState;
import io.photophone.server.protocol.ProtocolStates;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `/api/protocols`: how the Modbus server and the MQTT publisher are doing.
final class ProtocolsResource implements MetricSource {
  private final ProtocolStates states;

  ProtocolsResource(ProtocolStates states) {
    this.states = states;
  }

  /// Null for what isn't configured.
  record Protocols(@Nullable ModbusServerState modbusServer, @Nullable MqttState mqtt) {}

  Protocols now() {
    return new Protocols(now(states.modbusServer()), now(states.mqtt()));
  }

  private static <T> @Nullable T now(@Nullable Supplier<T> state) {
    return state == null ? null : state.get();
  }

  @Override
  public void addTo(Metrics metrics) {
    Protocols now = now();
    if (now.modbusServer() != null) {
      add(metrics, now.modbusServer());
    }
    if (now.mqtt() != null) {
      add(metrics, now.mqtt());
    }
  }

  private static void add(Metrics metrics, ModbusServerState modbus) {
    metrics.gauge(
        "photophone_modbus_connections", "Modbus connections at present.", modbus.connections());
    metrics.counter("photophone_modbus_accepted", "Modbus connections let in.", modbus.accepted());
    addCut(metrics, "address", modbus.refused());
    addCut(metrics, "full", modbus.full());
    addCut(metrics, "idle", modbus.idle());
    addCut(metrics, "malformed", modbus.malformed());
    metrics.counter("photophone_modbus_requests", "Modbus requests answered.", modbus.requests());
    metrics.counter(
        "photophone_modbus_exceptions",
        "Modbus requests answered with an exception.",
        modbus.exceptions());
    metrics.counter(
        "photophone_modbus_missed",
        "Readings that came too fast for the Modbus server.",
        modbus.missed());
  }

  private static void addCut(Metrics metrics, String reason, long count) {
    metrics.counter(
        "photophone_modbus_cut",
        "Modbus connections refused or cut, by reason.",
        count,
        "reason",
        reason);
  }

  private static void add(Metrics metrics, MqttState mqtt) {
    metrics.gauge(
        "photophone_mqtt_connected",
        "Whether there is a connection to the MQTT broker: 1 or 0.",
        mqtt.connected() ? 1L : 0L);
    metrics.counter(
        "photophone_mqtt_connects", "Connections made to the MQTT broker.", mqtt.connects());
    metrics.counter(
        "photophone_mqtt_published",
        "Readings and alarms that the MQTT broker has taken.",
        mqtt.published());
    metrics.gauge(
        "photophone_mqtt_buffered",
        "Readings and alarms that wait for the MQTT broker.",
        (long) mqtt.buffered());
    addDropped(metrics, "full", mqtt.droppedFull());
    addDropped(metrics, "old", mqtt.droppedOld());
    addDropped(metrics, "refused", mqtt.refused());
    addDropped(metrics, "missed", mqtt.missed());
  }

  private static void addDropped(Metrics metrics, String reason, long count) {
    metrics.counter(
        "photophone_mqtt_dropped",
        "Readings and alarms that the MQTT broker never got, by reason.",
        count,
        "reason",
        reason);
  }
}
