package io.photophone.server.security;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.eclipse.jetty.server.Request;

/// Where a request comes from: the other end of its socket, or what a trusted proxy told of it.
public final class ClientAddress {
  /// An IPv6 provider gives each customer at least so many bytes' worth of addresses.
  private static final int CUSTOMER_BYTES = 8;

  private ClientAddress() {}

  /// The client's address, as text without a zone.
  public static String of(Request request) {
    return address(request).getHostAddress();
  }

  /// What counts as one client: an IPv4 address, or the block of IPv6 addresses that one customer
  /// of a network has.
  public static String groupOf(Request request) {
    InetAddress address = address(request);
    return address instanceof Inet6Address
        ? withoutTail(address).getHostAddress() + "/64"
        : address.getHostAddress();
  }

  private static InetAddress address(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress()
            instanceof InetSocketAddress socket
        ? socket.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  private static InetAddress withoutTail(InetAddress address) {
    byte[] bytes = address.getAddress();
    Arrays.fill(bytes, CUSTOMER_BYTES, bytes.length, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("16 bytes are an address", e);
    }
  }
}
