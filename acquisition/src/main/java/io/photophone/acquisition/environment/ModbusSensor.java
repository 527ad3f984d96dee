package io.photophone.acquisition.environment;

import com.digitalpetri.modbus.client.ModbusTcpClient;
import com.digitalpetri.modbus.exceptions.ModbusException;
import com.digitalpetri.modbus.exceptions.ModbusExecutionException;
import com.digitalpetri.modbus.exceptions.ModbusResponseException;
import com.digitalpetri.modbus.exceptions.ModbusTimeoutException;
import com.digitalpetri.modbus.pdu.ReadHoldingRegistersRequest;
import com.digitalpetri.modbus.pdu.ReadInputRegistersRequest;
import com.digitalpetri.modbus.tcp.client.NettyTcpClientTransport;
import io.photophone.model.Environment;
import io.photophone.model.Range;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A device that is asked over Modbus TCP.
///
/// The connection is kept as long as answers come, and made anew after a failure. Contract: M8.
public final class ModbusSensor implements EnvironmentSensor {
  private final ModbusSettings settings;
  private final SensorUncertainty uncertainty;
  private @Nullable ModbusTcpClient connected;

  /// Connects when it is first asked.
  public ModbusSensor(ModbusSettings settings, SensorUncertainty uncertainty) {
    this.settings = settings;
    this.uncertainty = uncertainty;
  }

  @Override
  public String name() {
    return "modbus://%s:%d/%d".formatted(settings.host(), settings.port(), settings.unitId());
  }

  @Override
  public TimedEnvironment read(Instant now) throws IOException {
    try {
      ModbusTcpClient client = connection();
      double temperature =
          value(client, "temperature_c", settings.temperature(), Environment.TEMPERATURE_C);
      double pressure =
          value(client, "pressure_hpa", settings.pressure(), Environment.PRESSURE_HPA);
      return new TimedEnvironment(now, uncertainty.of(temperature, pressure));
    } catch (ModbusException e) {
      close();
      throw new IOException("%s: %s".formatted(name(), complaint(e)), e);
    }
  }

  private ModbusTcpClient connection() throws ModbusException {
    ModbusTcpClient client = connected;
    if (client == null || !client.isConnected()) {
      close();
      client =
          ModbusTcpClient.create(
              NettyTcpClientTransport.create(transport ->
                  transport
                      .setHostname(settings.host())
                      .setPort(settings.port())
                      .setConnectTimeout(settings.timeout())
                      .setConnectPersistent(false)),
              config -> config.setRequestTimeout(settings.timeout()));
      connected = client;
      client.connect();
    }
    return client;
  }

  private double value(
      ModbusTcpClient client, String name, @Nullable ModbusRegister register, Range range)
      throws ModbusException, IOException {
    if (register == null) {
      return Double.NaN;
    }
    String place = "%s, %s register %d".formatted(name(), table(), register.address());
    byte[] answer;
    try {
      answer = ask(client, register);
    } catch (ModbusResponseException e) {
      throw new IOException(
          "%s: %s is refused with exception 0x%02x".formatted(place, name, e.getExceptionCode()),
          e);
    }
    if (answer.length != 2 * register.registers()) {
      throw new IOException(
          "%s: %s came in %d bytes, asked for: %d"
              .formatted(place, name, answer.length, 2 * register.registers()));
    }
    return SensorUncertainty.checked(place, name, register.value(answer), range);
  }

  private byte[] ask(ModbusTcpClient client, ModbusRegister register) throws ModbusException {
    int unit = settings.unitId();
    int address = register.address();
    int count = register.registers();
    return switch (settings.table()) {
      case INPUT ->
          client
              .readInputRegisters(unit, new ReadInputRegistersRequest(address, count))
              .registers();
      case HOLDING ->
          client
              .readHoldingRegisters(unit, new ReadHoldingRegistersRequest(address, count))
              .registers();
    };
  }

  private String table() {
    return settings.table().configName();
  }

  private String complaint(ModbusException e) {
    return switch (e) {
      case ModbusTimeoutException _ ->
          "no answer within %s s".formatted(settings.timeout().toMillis() / 1e3);
      case ModbusExecutionException _ when e.getCause() != null ->
          String.valueOf(e.getCause().getMessage());
      default -> String.valueOf(e.getMessage());
    };
  }

  @Override
  public void close() {
    ModbusTcpClient client = connected;
    connected = null;
    if (client != null) {
      try {
        client.disconnect();
      } catch (ModbusException e) {
        System.getLogger(ModbusSensor.class.getName())
            .log(System.Logger.Level.DEBUG, "a connection that had failed didn't close", e);
      }
    }
  }
}
