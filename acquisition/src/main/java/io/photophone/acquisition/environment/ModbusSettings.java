package io.photophone.acquisition.environment;

import io.photophone.model.Range;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A device that tells temperature, pressure or both over Modbus TCP.
///
/// @param host name or address
/// @param unitId which device behind the address
/// @param timeout of a connection attempt, and of an answer
/// @param temperature °C; null where it doesn't tell it
/// @param pressure hPa; null where it doesn't tell it
public record ModbusSettings(
    String host,
    int port,
    int unitId,
    Table table,
    Duration timeout,
    @Nullable ModbusRegister temperature,
    @Nullable ModbusRegister pressure) {
  public static final Range PORT = Range.closed(1, 65_535);
  public static final Range UNIT_ID = Range.closed(0, 255);
  public static final Range TIMEOUT_S = Range.closed(0.05, 60);

  /// Which of a device's tables of registers.
  public enum Table {
    INPUT,
    HOLDING;

    /// The name in files, as in `input`.
    public String configName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public ModbusSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host is blank, allowed: a name or an address");
    }
    PORT.check("port", port);
    UNIT_ID.check("unit_id", unitId);
    TIMEOUT_S.check("timeout_s", timeout.toNanos() / 1e9);
    if (temperature == null && pressure == null) {
      throw new IllegalArgumentException(
          "temperature is missing, and pressure too, allowed: one of them or both");
    }
  }
}
