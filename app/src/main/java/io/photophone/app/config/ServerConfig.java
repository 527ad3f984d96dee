package io.photophone.app.config;

import io.photophone.model.Range;
import java.util.regex.Pattern;

/// Where the dashboard and its interface are served.
///
/// @param host name or address to listen at
/// @param port 0 for any free one
public record ServerConfig(String host, int port) {
  /// Hosts that only this computer reaches. Nobody signs in yet, so nobody else may connect.
  public static final Pattern HOST =
      Pattern.compile("localhost|127(\\.(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}|::1");

  /// What [#HOST] allows, in words.
  public static final String HOST_IN_WORDS =
      "localhost, 127.0.0.0/8 or ::1 (there is no sign-in yet, so other computers can't connect)";

  public static final Range PORT = Range.closed(0, 65_535);

  public static final ServerConfig DEFAULT = new ServerConfig("127.0.0.1", 8080);

  public ServerConfig {
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException("host is %s, allowed: %s".formatted(host, HOST_IN_WORDS));
    }
    PORT.check("port", port);
  }
}
