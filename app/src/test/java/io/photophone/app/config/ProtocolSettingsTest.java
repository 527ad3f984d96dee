package io.photophone.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.photophone.server.protocol.ModbusServerSettings;
import io.photophone.server.protocol.ModbusServerSettings.OnStale;
import io.photophone.server.protocol.ModbusServerSettings.WordOrder;
import io.photophone.server.protocol.MqttSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProtocolSettingsTest {
  /// Both, and nothing as in the presets.
  static final ProtocolsConfig ALL =
      new ProtocolsConfig(
          new ModbusServerSettings(
              "::1",
              502,
              7,
              WordOrder.LITTLE,
              OnStale.HOLD,
              Duration.ofMillis(1500),
              3,
              Duration.ofSeconds(7),
              List.of("10.0.0.0/8", "fd00::/8")),
          new MqttSettings(
              URI.create("mqtts://[fd00::1]:8884"),
              "works/hall 3",
              "cell of hall 3",
              "ada",
              Path.of("/etc/photophone/mqtt.password"),
              2,
              false,
              17,
              Duration.ofMillis(2500),
              Duration.ofSeconds(9),
              Path.of("/etc/photophone/ca.pem")));

  @TempDir private Path folder;

  private ProtocolsConfig read(String yaml) throws Exception {
    Path file = Files.writeString(folder.resolve("photophone.yaml"), yaml);
    return PhotophoneConfig.read(file, Map.of(), List.of()).protocols();
  }

  @Test
  void both_are_off_unless_there_is_a_block_for_them() throws Exception {
    assertEquals(ProtocolsConfig.NONE, read("{}"));
    ProtocolsConfig modbus = read("modbus_server: {}");
    assertEquals(ModbusServerSettings.DEFAULT, modbus.modbusServer());
    assertNull(modbus.mqtt());
    assertEquals(MqttSettings.DEFAULT, read("mqtt: {}").mqtt());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "modbus_server: {host: ' '}|modbus_server.host is \" \", allowed: one line of text",
        "modbus_server: {port: 65536}|modbus_server.port is 65536, allowed: a whole number in [0,"
            + " 65535]",
        "modbus_server: {unit_id: 256}|modbus_server.unit_id is 256, allowed: a whole number in"
            + " [0, 255]",
        "modbus_server: {word_order: middle}|modbus_server.word_order is \"middle\", allowed: big,"
            + " little",
        "modbus_server: {on_stale: stop}|modbus_server.on_stale is \"stop\", allowed: nan, hold,"
            + " zero",
        "modbus_server: {stale_after_s: .nan}|modbus_server.stale_after_s is",
        "modbus_server: {allow: [plc.example]}|modbus_server.allow[0] is \"plc.example\", allowed:"
            + " an address or a network such as 10.0.0.0/8",
        "modbus_server: {allow: [10.0.0.1, 10.0.0.0/33]}|modbus_server.allow[1] is 10.0.0.0/33,"
            + " allowed: an address or a network such as 10.0.0.0/8",
        "modbus_server: {allow: [10.0.0.256]}|modbus_server.allow[0] is 10.0.0.256, allowed: an"
            + " address or a network such as 10.0.0.0/8",
        "mqtt: {url: 'http://a'}|mqtt.url is \"http://a\", allowed: mqtt://HOST or mqtts://HOST,"
            + " perhaps with :PORT, and nothing else",
        "mqtt: {url: 'mqtt://ada:secret@a'}|mqtt.url is",
        "mqtt: {url: 'mqtt://a:0'}|mqtt.url is mqtt://a:0, allowed: a port in [1, 65535]",
        "mqtt: {topic_prefix: 'a/+'}|mqtt.topic_prefix is \"a/+\", allowed: names with / between"
            + " them, without + and #, not beginning with $",
        "mqtt: {qos: 3}|mqtt.qos is 3, allowed: a whole number in [0, 2]",
        "mqtt: {buffer_messages: 0}|mqtt.buffer_messages is 0, allowed: a whole number in [1,"
            + " 1000000]",
        "mqtt: {password_file: p}|mqtt.password_file is p without a username, allowed: both or"
            + " none",
        "mqtt: {ca: c.pem}|mqtt.ca is c.pem, but the url is mqtt://127.0.0.1:1883, allowed: with"
            + " mqtts:// only",
        "mqtt: {password: x}|mqtt.password is unknown"
      })
  void a_wrong_value_is_refused_with_its_place(String yaml, String error) {
    List<ConfigError> errors = assertThrows(ConfigException.class, () -> read(yaml)).errors();
    assertEquals(1, errors.size(), errors::toString);
    String text = errors.getFirst().toString();
    String complaint = text.replaceFirst("^.*?:\\d+:\\d+: ", "");
    assertEquals(error, complaint.substring(0, Math.min(error.length(), complaint.length())));
  }
}
