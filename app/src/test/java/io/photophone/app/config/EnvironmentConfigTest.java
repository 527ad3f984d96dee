package io.photophone.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.photophone.acquisition.environment.ModbusRegister;
import io.photophone.acquisition.environment.ModbusSettings;
import io.photophone.acquisition.environment.Polling;
import io.photophone.acquisition.environment.SensorUncertainty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("B21")
class EnvironmentConfigTest {
  private static final SensorUncertainty UNCERTAINTY = new SensorUncertainty(0.25, 2);
  private static final Polling POLLING =
      new Polling(Duration.ofMillis(500), Duration.ofMillis(2500));

  @TempDir Path folder;

  static List<EnvironmentConfig> all() {
    return List.of(
        new EnvironmentConfig.None(),
        new EnvironmentConfig.Constant(23.5, 990, UNCERTAINTY),
        new EnvironmentConfig.Constant(-40, Double.NaN, UNCERTAINTY),
        new EnvironmentConfig.File(Path.of("a b.csv"), UNCERTAINTY, POLLING),
        new EnvironmentConfig.Modbus(
            new ModbusSettings(
                "10.0.0.7",
                1502,
                17,
                ModbusSettings.Table.HOLDING,
                Duration.ofMillis(250),
                new ModbusRegister(100, ModbusRegister.Format.INT16, 0.1, -40),
                new ModbusRegister(102, ModbusRegister.Format.FLOAT32_LOW_WORD_FIRST, 10, 0)),
            UNCERTAINTY,
            POLLING));
  }

  @ParameterizedTest
  @MethodSource("all")
  void what_is_written_reads_back_as_the_same(EnvironmentConfig environment) throws Exception {
    PhotophoneConfig config = PhotophoneConfig.DEFAULT;
    InstrumentConfig standard = config.instrument();
    InstrumentConfig instrument =
        new InstrumentConfig(
            standard.source(),
            standard.streaming(),
            standard.measurement(),
            null,
            null,
            environment,
            List.of());
    String yaml =
        new PhotophoneConfig(
                config.server(),
                config.security(),
                config.streams(),
                config.data(),
                config.recovery(),
                config.logging(),
                config.events(),
                instrument,
                List.of(),
                config.protocols())
            .yaml();
    assertEquals(environment, read(yaml));
  }

  @Test
  void without_it_nothing_is_known() throws Exception {
    assertEquals(new EnvironmentConfig.None(), read("{}"));
  }

  @Test
  void a_device_needs_its_host_and_one_register() throws Exception {
    EnvironmentConfig.Modbus modbus =
        (EnvironmentConfig.Modbus)
            read("environment: {type: modbus, host: sensor, pressure: {register: 4}}");
    assertEquals(
        new ModbusSettings(
            "sensor",
            502,
            1,
            ModbusSettings.Table.INPUT,
            Duration.ofSeconds(1),
            null,
            new ModbusRegister(4, ModbusRegister.Format.FLOAT32, 1, 0)),
        modbus.settings());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {type: constant}                     | environment.temperature_c is missing, and pressure_hpa too, allowed: one of them or both
          {type: constant, temperature_c: 501} | environment.temperature_c is 501, allowed: [-100, 500]
          {type: constant, pressure_hpa: 0}    | environment.pressure_hpa is 0, allowed: [1, 10000]
          {type: file}                         | environment.path is missing, allowed: a path
          {type: file, path: x, period_s: 0}   | environment.period_s is 0, allowed: [0.1, 3600]
          {type: file, path: x, period_s: 20}  | environment.max_age_s is 10.0, allowed: from period_s, 20.0
          {type: file, path: x, port: 3}       | environment.port is a setting of the type modbus, but the type is file
          {type: modbus, host: h}              | environment.temperature is missing, and pressure too, allowed: one of them or both
          {type: modbus, host: h, unit_id: 256, pressure: {register: 1}} | environment.unit_id is 256, allowed: a whole number in [0, 255]
          {type: modbus, host: h, pressure: {register: 65535}} | environment.pressure.register is 65535, allowed: up to 65534 for two registers
          {type: modbus, host: h, pressure: {register: 1, scale: 0}} | environment.pressure.scale is 0, allowed: any other number
          {type: modbus, host: h, pressure: {register: 1, format: float64}} | environment.pressure.format is "float64", allowed: float32, float32_low_word_first, int16, uint16
          {type: weather}                      | environment.type is "weather", allowed: none, constant, file, modbus
          """)
  void what_means_nothing_is_refused_with_its_place(String block, String error) {
    ConfigException refusal =
        assertThrows(ConfigException.class, () -> read("environment: " + block));
    String message = String.valueOf(refusal.getMessage());
    assertEquals(error, message.substring(message.indexOf("environment.")));
  }

  private EnvironmentConfig read(String yaml) throws IOException, ConfigException {
    Path file = Files.writeString(folder.resolve("photophone.yaml"), yaml);
    return PhotophoneConfig.read(file, Map.of(), List.of()).instrument().environment();
  }
}
