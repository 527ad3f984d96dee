package io.photophone.app.config;

import io.photophone.server.protocol.ModbusServerSettings;
import io.photophone.server.protocol.MqttSettings;
import org.jspecify.annotations.Nullable;

/// The protocols beside HTTP; null for one that is off.
public record ProtocolsConfig(
    @Nullable ModbusServerSettings modbusServer, @Nullable MqttSettings mqtt) {
  public static final ProtocolsConfig NONE = new ProtocolsConfig(null, null);
}
