package io.photophone.server.connection;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// What requests may call this server: loopback names, its host, the configured names, and the
/// address that they reached.
///
/// A foreign page may let its own name point to this machine; its requests then carry that name.
public final class HostNames {
  private final Set<String> names = new HashSet<>();

  public HostNames(WebConfig config) {
    InetAddress host = AddressRange.addressOrNull(config.host());
    if (host == null || !host.isAnyLocalAddress()) {
      names.add(canonical(config.host()));
    }
    config.names().forEach(name -> names.add(canonical(name)));
  }

  /// Whether a request's host is one of them.
  ///
  /// @param host as the request has it, an IPv6 address in brackets; null where it has none
  public boolean allows(@Nullable String host, Request request) {
    if (host == null) {
      return false;
    }
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    if (WebConfig.isLoopback(bare) || names.contains(canonical(bare))) {
      return true;
    }
    InetAddress asked = AddressRange.addressOrNull(bare);
    return asked != null
        && request.getConnectionMetaData().getLocalSocketAddress() instanceof InetSocketAddress own
        && asked.equals(own.getAddress());
  }

  private static String canonical(String name) {
    InetAddress address = AddressRange.addressOrNull(name);
    return address == null ? name.toLowerCase(Locale.ROOT) : address.getHostAddress();
  }
}
