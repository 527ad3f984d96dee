package io.photophone.app.wiring;

import io.photophone.app.config.ProtocolsConfig;
import io.photophone.server.Json;
import io.photophone.server.LiveInstrument;
import io.photophone.server.protocol.ModbusServer;
import io.photophone.server.protocol.ModbusServerSettings;
import io.photophone.server.protocol.MqttPublisher;
import io.photophone.server.protocol.MqttSettings;
import io.photophone.server.protocol.ProtocolStates;
import io.photophone.server.protocol.PublishedInstrument;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The protocols beside HTTP that are configured, at work.
final class Protocols implements AutoCloseable {
  private @Nullable ModbusServer modbus;
  private @Nullable MqttPublisher mqtt;

  /// What they tell of an instrument.
  static PublishedInstrument published(LiveInstrument live, List<String> gases) {
    return new PublishedInstrument(
        live.name(),
        gases,
        live.acquisition(),
        () -> live.audio().stats().framesPerSecond(),
        live.readings(),
        live.alarms().statuses(),
        live.alarms().events());
  }

  /// Called once.
  ///
  /// @throws IOException if a port, a password or a certificate can't be had
  void start(ProtocolsConfig config, List<PublishedInstrument> instruments) throws IOException {
    ModbusServerSettings modbusServer = config.modbusServer();
    if (modbusServer != null) {
      modbus = ModbusServer.start(modbusServer, instruments);
    }
    MqttSettings broker = config.mqtt();
    if (broker != null) {
      mqtt = MqttPublisher.start(broker, instruments, Json::bytes);
    }
  }

  ProtocolStates states() {
    ModbusServer server = modbus;
    MqttPublisher publisher = mqtt;
    return new ProtocolStates(
        server == null ? null : server::state, publisher == null ? null : publisher::state);
  }

  /// Says goodbye to the broker and cuts the controllers, within seconds. Idempotent.
  @Override
  public void close() {
    if (mqtt != null) {
      mqtt.close();
    }
    if (modbus != null) {
      modbus.close();
    }
  }
}
