package io.photophone.acquisition.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ghgande.j2mod.modbus.procimg.SimpleInputRegister;
import com.ghgande.j2mod.modbus.procimg.SimpleProcessImage;
import com.ghgande.j2mod.modbus.procimg.SimpleRegister;
import com.ghgande.j2mod.modbus.slave.ModbusSlave;
import com.ghgande.j2mod.modbus.slave.ModbusSlaveFactory;
import io.photophone.acquisition.environment.ModbusRegister.Format;
import io.photophone.acquisition.environment.ModbusSettings.Table;
import io.photophone.model.Environment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Against a device of another make: j2mod's.
@Tag("M8")
@Timeout(60)
class ModbusSensorTest {
  private static final Instant NOW = Instant.parse("2030-01-31T12:00:00Z");
  private static final int UNIT = 17;
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final SimpleProcessImage registers = new SimpleProcessImage(UNIT);
  private int port;
  private ModbusSlave device;

  @BeforeEach
  void startDevice() throws Exception {
    port = freePort();
    input(0, Float.floatToIntBits(23.5f) >>> 16);
    input(1, Float.floatToIntBits(23.5f));
    input(2, Float.floatToIntBits(101.325f));
    input(3, Float.floatToIntBits(101.325f) >>> 16);
    input(4, -125);
    input(5, 60_000);
    input(6, Float.floatToIntBits(Float.NaN) >>> 16);
    input(7, Float.floatToIntBits(Float.NaN));
    registers.addRegister(0, new SimpleRegister(9990));
    openDevice();
  }

  private void input(int address, int value) {
    registers.addInputRegister(address, new SimpleInputRegister(value));
  }

  private void openDevice() throws Exception {
    device = ModbusSlaveFactory.createTCPSlave(loopback(), port, 2, false);
    device.addProcessImage(UNIT, registers);
    device.open();
    // It opens its port on a thread of its own.
    awaitPort();
  }

  private void awaitPort() throws InterruptedException {
    while (true) {
      try (var socket = new Socket(loopback(), port)) {
        assertTrue(socket.isConnected());
        return;
      } catch (IOException e) {
        Thread.onSpinWait();
      }
    }
  }

  @AfterEach
  void closeDevice() {
    ModbusSlaveFactory.close(device);
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
      return socket.getLocalPort();
    }
  }

  private ModbusSensor sensor(
      int at,
      int unit,
      Table table,
      @Nullable ModbusRegister temperature,
      @Nullable ModbusRegister pressure) {
    return new ModbusSensor(
        new ModbusSettings("127.0.0.1", at, unit, table, TIMEOUT, temperature, pressure),
        new SensorUncertainty(0.25, 2));
  }

  private ModbusSensor thermometer(int register, Format format) {
    return sensor(port, UNIT, Table.INPUT, new ModbusRegister(register, format, 1, 0), null);
  }

  private static String refusal(ModbusSensor sensor) {
    try (sensor) {
      return String.valueOf(assertThrows(IOException.class, () -> sensor.read(NOW)).getMessage());
    }
  }

  @Test
  void floats_have_either_order_of_words() throws Exception {
    try (ModbusSensor sensor =
        sensor(
            port,
            UNIT,
            Table.INPUT,
            new ModbusRegister(0, Format.FLOAT32, 1, 0),
            new ModbusRegister(2, Format.FLOAT32_LOW_WORD_FIRST, 10, 0))) {
      Environment environment = sensor.read(NOW).environment();
      assertEquals(23.5, environment.temperatureC());
      assertEquals(0.25, environment.temperatureUncertaintyC());
      assertEquals(1013.25, environment.pressureHpa(), 1e-4);
      assertEquals(NOW, sensor.read(NOW).time());
    }
  }

  @Test
  void whole_numbers_are_scaled_and_moved() throws Exception {
    try (ModbusSensor sensor =
        sensor(
            port,
            UNIT,
            Table.INPUT,
            new ModbusRegister(4, Format.INT16, 0.1, 0),
            new ModbusRegister(5, Format.UINT16, 0.01, 400))) {
      Environment environment = sensor.read(NOW).environment();
      assertEquals(-12.5, environment.temperatureC(), 1e-12);
      assertEquals(1000, environment.pressureHpa(), 1e-12);
    }
  }

  @Test
  void holding_registers_are_a_table_of_their_own() throws Exception {
    try (ModbusSensor sensor =
        sensor(port, UNIT, Table.HOLDING, null, new ModbusRegister(0, Format.UINT16, 0.1, 0))) {
      assertEquals(new Environment(Double.NaN, Double.NaN, 999, 2), sensor.read(NOW).environment());
    }
  }

  @Test
  void a_float_that_is_no_number_is_refused() {
    assertEquals(
        "modbus://127.0.0.1:%d/17, input register 6: temperature_c is NaN, allowed: [-100, 500]"
            .formatted(port),
        refusal(thermometer(6, Format.FLOAT32)));
  }

  @Test
  void a_value_out_of_range_is_refused() {
    assertEquals(
        "modbus://127.0.0.1:%d/17, input register 5: temperature_c is 60000.0, allowed: [-100, 500]"
            .formatted(port),
        refusal(thermometer(5, Format.UINT16)));
  }

  @Test
  void a_register_that_the_device_does_not_have_is_its_exception() {
    assertEquals(
        "modbus://127.0.0.1:%d/17, input register 100: temperature_c is refused with exception 0x02"
            .formatted(port),
        refusal(thermometer(100, Format.FLOAT32)));
  }

  @Test
  void a_unit_that_is_not_there_is_refused() {
    String refusal =
        refusal(sensor(port, 18, Table.INPUT, new ModbusRegister(0, Format.FLOAT32, 1, 0), null));
    assertTrue(refusal.startsWith("modbus://127.0.0.1:%d/18".formatted(port)), refusal);
  }

  @Test
  void a_device_that_refuses_the_connection_is_told() throws Exception {
    int closed = freePort();
    String refusal =
        refusal(
            sensor(closed, UNIT, Table.INPUT, new ModbusRegister(0, Format.FLOAT32, 1, 0), null));
    assertTrue(
        refusal.startsWith("modbus://127.0.0.1:%d/17: Connection refused".formatted(closed)),
        refusal);
  }

  @Test
  void a_device_that_does_not_answer_is_told_after_the_timeout() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, loopback())) {
      ModbusSettings settings =
          new ModbusSettings(
              "127.0.0.1",
              silent.getLocalPort(),
              UNIT,
              Table.INPUT,
              Duration.ofMillis(100),
              new ModbusRegister(0, Format.FLOAT32, 1, 0),
              null);
      assertEquals(
          "modbus://127.0.0.1:%d/17: no answer within 0.1 s".formatted(silent.getLocalPort()),
          refusal(new ModbusSensor(settings, SensorUncertainty.DEFAULT)));
    }
  }

  @Test
  void a_device_that_comes_back_is_asked_again() throws Exception {
    try (ModbusSensor sensor = thermometer(0, Format.FLOAT32)) {
      assertEquals(23.5, sensor.read(NOW).environment().temperatureC());
      ModbusSlaveFactory.close(device);
      assertThrows(IOException.class, () -> sensor.read(NOW));
      openDevice();
      assertEquals(23.5, sensor.read(NOW).environment().temperatureC());
    }
  }
}
