package io.photophone.acquisition.source;

import io.photophone.model.Range;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Locale;

/// Where raw samples come from, and how they are written.
///
/// @param address unused for standard input
/// @param live whether the sender sets the pace; false for a recording, which is read at its rate
///   while the sender waits
/// @param timeout silence of a sender after which it has failed; also of a connection attempt
public record RawSettings(
    Transport from,
    Address address,
    PcmFormat format,
    ChannelChoice channels,
    boolean live,
    Duration timeout) {
  public static final Range PORT = Range.closed(1, 65_535);
  public static final Range SAMPLE_RATE_HZ = Range.closed(1000, 1_000_000);
  public static final Range CHANNEL_COUNT = Range.closed(1, 64);
  public static final Range TIMEOUT_S = Range.closed(0.1, 300);

  public static final RawSettings DEFAULT =
      new RawSettings(
          Transport.STDIN,
          Address.DEFAULT,
          new PcmFormat(SampleEncoding.INT16, ByteOrder.LITTLE_ENDIAN, 2, 48_000),
          ChannelChoice.STEREO,
          true,
          Duration.ofSeconds(5));

  /// How the bytes come.
  public enum Transport {
    STDIN,
    /// The sender connects to the address; one at a time.
    TCP_LISTEN,
    /// The sender listens at the address.
    TCP_CONNECT,
    /// Datagrams to the address, each of whole samples of all channels.
    UDP;

    /// The name in files, as in `tcp_listen`.
    public String configName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// An end of a connection.
  ///
  /// @param host name or address to listen at or to connect to
  /// @param peer name or address of who may send; empty for this machine alone
  public record Address(String host, int port, String peer) {
    public static final Address DEFAULT = new Address("127.0.0.1", 7355, "");

    public Address {
      if (host.isBlank()) {
        throw new IllegalArgumentException("host is blank, allowed: a name or an address");
      }
      PORT.check("port", port);
    }
  }

  public RawSettings {
    SAMPLE_RATE_HZ.check("sample_rate_hz", format.sampleRateHz());
    CHANNEL_COUNT.check("channel_count", format.channels());
    TIMEOUT_S.check("timeout_s", timeout.toNanos() / 1e9);
    if (from == Transport.UDP && !live) {
      throw new IllegalArgumentException("live is false, allowed: true (from is udp)");
    }
  }
}
