package io.photophone.app.config;

import static io.photophone.app.config.Scalar.decimal;
import static io.photophone.app.config.Scalar.line;
import static io.photophone.app.config.Scalar.named;
import static io.photophone.app.config.Scalar.path;
import static io.photophone.app.config.Scalar.seconds;
import static io.photophone.app.config.Scalar.whole;

import io.photophone.acquisition.environment.ModbusRegister;
import io.photophone.acquisition.environment.ModbusSettings;
import io.photophone.acquisition.environment.Polling;
import io.photophone.acquisition.environment.SensorUncertainty;
import io.photophone.app.config.OneOf.Variant;
import io.photophone.app.config.Section.Draft;
import io.photophone.model.Environment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The part of the table of settings that is about temperature and pressure of the gas.
final class EnvironmentSettings {
  private EnvironmentSettings() {}

  static OneOf<EnvironmentConfig> environment() {
    return new OneOf<>(
        "type",
        List.of(
            new Variant<>(
                "none",
                Draft.<EnvironmentConfig.None>withoutPresets()
                    .make(_ -> new EnvironmentConfig.None()),
                n -> n,
                config -> config instanceof EnvironmentConfig.None n ? n : null),
            new Variant<>(
                "constant",
                constantEnvironment(),
                c -> c,
                config -> config instanceof EnvironmentConfig.Constant c ? c : null),
            new Variant<>(
                "file",
                environmentFile(),
                f -> f,
                config -> config instanceof EnvironmentConfig.File f ? f : null),
            new Variant<>(
                "modbus",
                modbus(),
                m -> m,
                config -> config instanceof EnvironmentConfig.Modbus m ? m : null)));
  }

  private static Section<EnvironmentConfig.Constant> constantEnvironment() {
    var s =
        Draft.from(new EnvironmentConfig.Constant(Double.NaN, 1013.25, SensorUncertainty.DEFAULT));
    var temperature =
        s.optional(
            "temperature_c",
            decimal(Environment.TEMPERATURE_C),
            c -> known(c.temperatureC()),
            "temperature, °C; without it, it isn't known");
    var pressure =
        s.optional(
            "pressure_hpa",
            decimal(Environment.PRESSURE_HPA),
            c -> known(c.pressureHpa()),
            "pressure, hPa; without it, it isn't known");
    var uncertainty = uncertainty(s, EnvironmentConfig.Constant::uncertainty);
    return s.make(v ->
        new EnvironmentConfig.Constant(
            orUnknown(v.find(temperature)), orUnknown(v.find(pressure)), uncertainty.apply(v)));
  }

  private static @Nullable Double known(double value) {
    return Double.isNaN(value) ? null : value;
  }

  private static double orUnknown(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }

  private static Section<EnvironmentConfig.File> environmentFile() {
    var s =
        Draft.from(
            new EnvironmentConfig.File(
                Path.of("environment.csv"), SensorUncertainty.DEFAULT, Polling.DEFAULT));
    var path =
        s.required(
            "path",
            path(),
            EnvironmentConfig.File::path,
            "the file; its last whole line counts: time,temperature_c,pressure_hpa or the two"
                + " numbers alone");
    var uncertainty = uncertainty(s, EnvironmentConfig.File::uncertainty);
    var polling = polling(s, EnvironmentConfig.File::polling);
    return s.make(
        v -> new EnvironmentConfig.File(v.get(path), uncertainty.apply(v), polling.apply(v)));
  }

  private static Section<EnvironmentConfig.Modbus> modbus() {
    var s =
        Draft.from(
            new EnvironmentConfig.Modbus(
                new ModbusSettings(
                    "localhost",
                    502,
                    1,
                    ModbusSettings.Table.INPUT,
                    Duration.ofSeconds(1),
                    new ModbusRegister(0, ModbusRegister.Format.FLOAT32, 1, 0),
                    null),
                SensorUncertainty.DEFAULT,
                Polling.DEFAULT));
    var host = s.required("host", line(), m -> m.settings().host(), "name or address");
    var port = s.add("port", whole(ModbusSettings.PORT), m -> m.settings().port(), "TCP port");
    var unitId =
        s.add(
            "unit_id",
            whole(ModbusSettings.UNIT_ID),
            m -> m.settings().unitId(),
            "which device behind the address");
    var table =
        s.add(
            "table",
            named(List.of(ModbusSettings.Table.values()), ModbusSettings.Table::configName),
            m -> m.settings().table(),
            "which of its tables of registers");
    var timeout =
        s.add(
            "timeout_s",
            seconds(ModbusSettings.TIMEOUT_S),
            m -> m.settings().timeout(),
            "how long a connection, or an answer, may take, s");
    var temperature =
        s.optional(
            "temperature",
            register(),
            m -> m.settings().temperature(),
            "where it tells the temperature, °C");
    var pressure =
        s.optional(
            "pressure",
            register(),
            m -> m.settings().pressure(),
            "where it tells the pressure, hPa");
    var uncertainty = uncertainty(s, EnvironmentConfig.Modbus::uncertainty);
    var polling = polling(s, EnvironmentConfig.Modbus::polling);
    return s.make(v ->
        new EnvironmentConfig.Modbus(
            new ModbusSettings(
                v.get(host),
                v.get(port),
                v.get(unitId),
                v.get(table),
                v.get(timeout),
                v.find(temperature),
                v.find(pressure)),
            uncertainty.apply(v),
            polling.apply(v)));
  }

  private static Section<ModbusRegister> register() {
    var s = Draft.from(new ModbusRegister(0, ModbusRegister.Format.FLOAT32, 1, 0));
    var address =
        s.required(
            "register",
            whole(ModbusRegister.ADDRESS),
            ModbusRegister::address,
            "the first register, counted from 0 as on the wire");
    var format =
        s.add(
            "format",
            named(List.of(ModbusRegister.Format.values()), ModbusRegister.Format::configName),
            ModbusRegister::format,
            "how the number lies in one register or two");
    var scale =
        s.add(
            "scale",
            decimal(ModbusRegister.SCALE),
            ModbusRegister::scale,
            "what the number is multiplied by; not 0");
    var offset =
        s.add(
            "offset", decimal(ModbusRegister.OFFSET), ModbusRegister::offset, "what is added then");
    return s.make(
        v -> new ModbusRegister(v.get(address), v.get(format), v.get(scale), v.get(offset)));
  }

  private static <S> Function<Values, SensorUncertainty> uncertainty(
      Draft<S> s, Function<S, SensorUncertainty> get) {
    var temperature =
        s.add(
            "temperature_uncertainty_c",
            decimal(SensorUncertainty.TEMPERATURE_C),
            config -> get.apply(config).temperatureC(),
            "standard uncertainty of the temperature, K");
    var pressure =
        s.add(
            "pressure_uncertainty_hpa",
            decimal(SensorUncertainty.PRESSURE_HPA),
            config -> get.apply(config).pressureHpa(),
            "standard uncertainty of the pressure, hPa");
    return v -> new SensorUncertainty(v.get(temperature), v.get(pressure));
  }

  private static <S> Function<Values, Polling> polling(Draft<S> s, Function<S, Polling> get) {
    var period =
        s.add(
            "period_s",
            seconds(Polling.PERIOD_S),
            config -> get.apply(config).period(),
            "how often it is asked, s");
    var maxAge =
        s.add(
            "max_age_s",
            seconds(Polling.MAX_AGE_S),
            config -> get.apply(config).maxAge(),
            "how long an answer holds, s, from period_s on; without a newer one temperature and"
                + " pressure aren't known");
    return v -> new Polling(v.get(period), v.get(maxAge));
  }
}
