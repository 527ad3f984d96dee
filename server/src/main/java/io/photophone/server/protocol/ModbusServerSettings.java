package io.photophone.server.protocol;

import io.photophone.model.Range;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.InetAddressSet;

/// How readings are offered over Modbus TCP.
///
/// @param host name or address to listen at
/// @param port 0 for any free one
/// @param unitId that requests are for; 0 and 255 are answered too, as the specification asks
/// @param wordOrder of values that take two registers
/// @param onStale what becomes of a reading that is too old
/// @param staleAfter age beyond which a reading is too old
/// @param connections most at once
/// @param idle silence after which a connection is cut, so that a dead peer keeps no place
/// @param allow addresses of clients: single ones, or networks as in `10.0.0.0/8`
public record ModbusServerSettings(
    String host,
    int port,
    int unitId,
    WordOrder wordOrder,
    OnStale onStale,
    Duration staleAfter,
    int connections,
    Duration idle,
    List<String> allow) {
  public static final Range PORT = Range.closed(0, 65_535);
  public static final Range UNIT_ID = Range.closed(0, 255);
  public static final Range STALE_AFTER_S = Range.closed(0.1, 86_400);
  public static final Range CONNECTIONS = Range.closed(1, 1000);
  public static final Range IDLE_S = Range.closed(1, 86_400);

  /// An address in digits, perhaps with the length of its network's prefix.
  public static final Pattern NETWORK =
      Pattern.compile(
          "[0-9]{1,3}(\\.[0-9]{1,3}){3}(/[0-9]{1,2})?|[0-9a-fA-F:]*:[0-9a-fA-F:]*(/[0-9]{1,3})?");

  /// What [#NETWORK] allows, in words.
  public static final String NETWORK_IN_WORDS = "an address or a network such as 10.0.0.0/8";

  public static final ModbusServerSettings DEFAULT =
      new ModbusServerSettings(
          "127.0.0.1",
          1502,
          1,
          WordOrder.BIG,
          OnStale.NAN,
          Duration.ofSeconds(10),
          16,
          Duration.ofMinutes(1),
          List.of("127.0.0.0/8", "::1"));

  /// Which word of a value of 32 bits has the lower address. The bytes of a word are always in
  /// network order.
  public enum WordOrder {
    /// The high word first.
    BIG,
    /// The low word first.
    LITTLE;

    /// The name in files, as in `big`.
    public String configName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What the numbers of a reading are once it is too old. The status word says so in any case.
  public enum OnStale {
    NAN,
    HOLD,
    ZERO;

    /// The name in files, as in `nan`.
    public String configName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public ModbusServerSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host is blank, allowed: a name or an address");
    }
    PORT.check("port", port);
    UNIT_ID.check("unit_id", unitId);
    STALE_AFTER_S.check("stale_after_s", staleAfter.toNanos() / 1e9);
    CONNECTIONS.check("connections", connections);
    IDLE_S.check("idle_s", idle.toNanos() / 1e9);
    allow = List.copyOf(allow);
    networks(allow);
  }

  /// The addresses that may connect.
  InetAddressSet networks() {
    return networks(allow);
  }

  private static InetAddressSet networks(List<String> allow) {
    InetAddressSet set = new InetAddressSet();
    for (int i = 0; i < allow.size(); i++) {
      String network = allow.get(i);
      try {
        if (!NETWORK.matcher(network).matches()) {
          throw new IllegalArgumentException(network);
        }
        set.add(network);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "allow[%d] is %s, allowed: %s".formatted(i, network, NETWORK_IN_WORDS), e);
      }
    }
    return set;
  }
}
