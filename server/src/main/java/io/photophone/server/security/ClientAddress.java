package io.photophone.server.security;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Request;

/// Where a request comes from: the other end of the socket, or what a trusted proxy tells. What
/// anybody else says in a header is ignored, since anybody may say anything there.
public final class ClientAddress {
  private static final int NETWORK_BYTES = 8;

  private ClientAddress() {}

  /// The address as a text, without the port.
  public static String of(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress ip
            && ip.getAddress() != null
        ? ip.getAddress().getHostAddress()
        : "unknown";
  }

  /// What one client has one of: an IPv4 address, or a network of IPv6, within which a client may
  /// choose its address.
  public static String network(String address) {
    if (!address.contains(":")) {
      return address;
    }
    int zone = address.indexOf('%');
    InetAddress literal = InetAddress.ofLiteral(zone < 0 ? address : address.substring(0, zone));
    if (!(literal instanceof Inet6Address)) {
      return address;
    }
    byte[] bytes = literal.getAddress();
    return java.util.HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES) + "/64";
  }
}
