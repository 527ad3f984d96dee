package io.photophone.server.protocol;

import io.photophone.model.Range;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where and how readings are published over MQTT.
///
/// @param url of the broker: `mqtt://` or, with TLS, `mqtts://`; its port is 1883 or 8883 unless
///   said
/// @param topicPrefix what every topic begins with
/// @param clientId by which the broker tells its clients apart, so no two may have the same
/// @param username null where the broker asks for none
/// @param passwordFile its first line is the password; null where there is none
/// @param qos quality of service: 0 at most once, 1 at least once, 2 exactly once
/// @param retainState whether the broker keeps the newest state for those who come later
/// @param bufferMessages readings and alarms kept at most while the broker can't be reached
/// @param bufferTime age beyond which a kept one is given up
/// @param messageExpiry how long the broker keeps a reading for a subscriber that is away
/// @param ca certificates in PEM of the authorities to trust, in place of the system's; null for
///   those
public record MqttSettings(
    URI url,
    String topicPrefix,
    String clientId,
    @Nullable String username,
    @Nullable Path passwordFile,
    int qos,
    boolean retainState,
    int bufferMessages,
    Duration bufferTime,
    Duration messageExpiry,
    @Nullable Path ca) {
  public static final Pattern URL =
      Pattern.compile("mqtts?://([^/?#@:\\[\\]\\s]+|\\[[0-9a-fA-F:]+\\])(:[0-9]{1,5})?");

  /// What [#URL] allows, in words.
  public static final String URL_IN_WORDS =
      "mqtt://HOST or mqtts://HOST, perhaps with :PORT, and nothing else";

  /// Levels without wildcards. The first has no `$`, which brokers keep for themselves.
  public static final Pattern TOPIC_PREFIX =
      Pattern.compile("(?!\\$)[^/+#\\x00-\\x1f]+(/[^/+#\\x00-\\x1f]+)*");

  /// What [#TOPIC_PREFIX] allows, in words.
  public static final String TOPIC_PREFIX_IN_WORDS =
      "names with / between them, without + and #, not beginning with $";

  public static final Range PORT = Range.closed(1, 65_535);
  public static final Range QOS = Range.closed(0, 2);
  public static final Range BUFFER_MESSAGES = Range.closed(1, 1_000_000);
  public static final Range BUFFER_S = Range.closed(1, 604_800);
  public static final Range MESSAGE_EXPIRY_S = Range.closed(1, 31_536_000);

  public static final MqttSettings DEFAULT =
      new MqttSettings(
          URI.create("mqtt://127.0.0.1:1883"),
          "photophone",
          "photophone",
          null,
          null,
          1,
          true,
          10_000,
          Duration.ofHours(1),
          Duration.ofHours(1),
          null);

  private static final String TLS = "mqtts";
  private static final int PLAIN_PORT = 1883;
  private static final int TLS_PORT = 8883;

  public MqttSettings {
    if (!URL.matcher(url.toString()).matches() || url.getHost() == null) {
      throw new IllegalArgumentException("url is %s, allowed: %s".formatted(url, URL_IN_WORDS));
    }
    if (url.getPort() != -1 && !PORT.allows(url.getPort())) {
      throw new IllegalArgumentException("url is %s, allowed: a port in %s".formatted(url, PORT));
    }
    if (!TOPIC_PREFIX.matcher(topicPrefix).matches()) {
      throw new IllegalArgumentException(
          "topic_prefix is %s, allowed: %s".formatted(topicPrefix, TOPIC_PREFIX_IN_WORDS));
    }
    if (clientId.isBlank()) {
      throw new IllegalArgumentException("client_id is blank, allowed: one line of text");
    }
    if (passwordFile != null && username == null) {
      throw new IllegalArgumentException(
          "password_file is %s without a username, allowed: both or none".formatted(passwordFile));
    }
    QOS.check("qos", qos);
    BUFFER_MESSAGES.check("buffer_messages", bufferMessages);
    BUFFER_S.check("buffer_s", bufferTime.toNanos() / 1e9);
    MESSAGE_EXPIRY_S.check("message_expiry_s", messageExpiry.toNanos() / 1e9);
    if (ca != null && !url.getScheme().equals(TLS)) {
      throw new IllegalArgumentException(
          "ca is %s, but the url is %s, allowed: with mqtts:// only".formatted(ca, url));
    }
  }

  boolean isTls() {
    return url.getScheme().equals(TLS);
  }

  /// Without the brackets of an IPv6 address.
  String host() {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  int port() {
    if (url.getPort() != -1) {
      return url.getPort();
    }
    return isTls() ? TLS_PORT : PLAIN_PORT;
  }
}
