package io.photophone.app.config;

import static io.photophone.app.config.Scalar.line;
import static io.photophone.app.config.Scalar.named;
import static io.photophone.app.config.Scalar.path;
import static io.photophone.app.config.Scalar.seconds;
import static io.photophone.app.config.Scalar.text;
import static io.photophone.app.config.Scalar.trueOrFalse;
import static io.photophone.app.config.Scalar.whole;

import io.photophone.app.config.Section.Draft;
import io.photophone.server.protocol.ModbusServerSettings;
import io.photophone.server.protocol.ModbusServerSettings.OnStale;
import io.photophone.server.protocol.ModbusServerSettings.WordOrder;
import io.photophone.server.protocol.MqttSettings;
import java.net.URI;
import java.util.List;
import java.util.function.Function;

/// The part of [Settings] that is about the protocols beside HTTP.
final class ProtocolSettings {
  private ProtocolSettings() {}

  static <S> Function<Values, ProtocolsConfig> addTo(
      Draft<S> s, Function<S, ProtocolsConfig> protocols) {
    var modbusServer =
        s.optional(
            "modbus_server",
            modbusServer(),
            c -> protocols.apply(c).modbusServer(),
            "offers readings to controllers over Modbus TCP; {} for the presets, absent for none");
    var mqtt =
        s.optional(
            "mqtt",
            mqtt(),
            c -> protocols.apply(c).mqtt(),
            "publishes readings to an MQTT 5 broker; {} for the presets, absent for none");
    return v -> new ProtocolsConfig(v.find(modbusServer), v.find(mqtt));
  }

  private static Section<ModbusServerSettings> modbusServer() {
    var s = Draft.from(ModbusServerSettings.DEFAULT);
    var host =
        s.add(
            "host",
            line(),
            ModbusServerSettings::host,
            "name or address to listen at; the protocol has no sign-in, so think before you leave"
                + " this computer");
    var port =
        s.add(
            "port",
            whole(ModbusServerSettings.PORT),
            ModbusServerSettings::port,
            "TCP port, 0 for any free one");
    var unitId =
        s.add(
            "unit_id",
            whole(ModbusServerSettings.UNIT_ID),
            ModbusServerSettings::unitId,
            "unit that requests are for; 0 and 255 are answered too");
    var wordOrder =
        s.add(
            "word_order",
            named(List.of(WordOrder.values()), WordOrder::configName),
            ModbusServerSettings::wordOrder,
            "which word of a value in two registers comes first: big for the high one");
    var onStale =
        s.add(
            "on_stale",
            named(List.of(OnStale.values()), OnStale::configName),
            ModbusServerSettings::onStale,
            "what the numbers become when no reading comes");
    var staleAfter =
        s.add(
            "stale_after_s",
            seconds(ModbusServerSettings.STALE_AFTER_S),
            ModbusServerSettings::staleAfter,
            "age beyond which a reading is too old, s");
    var connections =
        s.add(
            "connections",
            whole(ModbusServerSettings.CONNECTIONS),
            ModbusServerSettings::connections,
            "most clients at once");
    var idle =
        s.add(
            "idle_s",
            seconds(ModbusServerSettings.IDLE_S),
            ModbusServerSettings::idle,
            "silence after which a client is cut, s");
    var allow =
        s.add(
            "allow",
            new ListOf<>(
                text(ModbusServerSettings.NETWORK, ModbusServerSettings.NETWORK_IN_WORDS), 0),
            ModbusServerSettings::allow,
            "addresses and networks of clients");
    return s.make(v ->
        new ModbusServerSettings(
            v.get(host),
            v.get(port),
            v.get(unitId),
            v.get(wordOrder),
            v.get(onStale),
            v.get(staleAfter),
            v.get(connections),
            v.get(idle),
            v.get(allow)));
  }

  private static Section<MqttSettings> mqtt() {
    var s = Draft.from(MqttSettings.DEFAULT);
    var url =
        s.add(
            "url",
            text(MqttSettings.URL, MqttSettings.URL_IN_WORDS),
            settings -> settings.url().toString(),
            "the broker; mqtts for TLS");
    var topicPrefix =
        s.add(
            "topic_prefix",
            text(MqttSettings.TOPIC_PREFIX, MqttSettings.TOPIC_PREFIX_IN_WORDS),
            MqttSettings::topicPrefix,
            "what every topic begins with");
    var clientId =
        s.add(
            "client_id",
            line(),
            MqttSettings::clientId,
            "name at the broker, another for each program");
    var username = s.optional("username", line(), MqttSettings::username, "name to sign in with");
    var passwordFile =
        s.optional(
            "password_file",
            path(),
            MqttSettings::passwordFile,
            "file whose first line is the password");
    var qos =
        s.add(
            "qos",
            whole(MqttSettings.QOS),
            MqttSettings::qos,
            "quality of service: 0 at most once, 1 at least once, 2 exactly once");
    var retainState =
        s.add(
            "retain_state",
            trueOrFalse(),
            MqttSettings::retainState,
            "whether the broker keeps each instrument's state for those who come later");
    var bufferMessages =
        s.add(
            "buffer_messages",
            whole(MqttSettings.BUFFER_MESSAGES),
            MqttSettings::bufferMessages,
            "readings and alarms that wait at most while the broker can't be reached");
    var bufferTime =
        s.add(
            "buffer_s",
            seconds(MqttSettings.BUFFER_S),
            MqttSettings::bufferTime,
            "how long one waits at most, s");
    var messageExpiry =
        s.add(
            "message_expiry_s",
            seconds(MqttSettings.MESSAGE_EXPIRY_S),
            MqttSettings::messageExpiry,
            "how long the broker keeps a reading for a subscriber that is away, s");
    var ca =
        s.optional(
            "ca",
            path(),
            MqttSettings::ca,
            "certificates (PEM) of the authorities to trust in place of the system's");
    return s.make(v ->
        new MqttSettings(
            URI.create(v.get(url)),
            v.get(topicPrefix),
            v.get(clientId),
            v.find(username),
            v.find(passwordFile),
            v.get(qos),
            v.get(retainState),
            v.get(bufferMessages),
            v.get(bufferTime),
            v.get(messageExpiry),
            v.find(ca)));
  }
}
