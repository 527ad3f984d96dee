package io.photophone.server.protocol;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How the protocols beside HTTP are doing; null for one that isn't configured.
public record ProtocolStates(
    @Nullable Supplier<ModbusServerState> modbusServer, @Nullable Supplier<MqttState> mqtt) {
  /// None is configured.
  public static final ProtocolStates NONE = new ProtocolStates(null, null);
}
