package io.photophone.server.connection;

import io.photophone.model.Range;
import java.util.List;
import java.util.regex.Pattern;

/// Where the server listens, and for whom.
///
/// @param host name or address to listen at
/// @param port 0 for any that is free
/// @param plainHttp whether it may listen without encryption at an address that others reach
/// @param names of the server, beside loopback ones and its host, that requests may ask for
/// @param allowedOrigins whose pages may read answers
/// @param trustedProxies whose word about the client's address is taken
public record WebConfig(
    String host,
    int port,
    Tls tls,
    boolean plainHttp,
    List<String> names,
    List<String> allowedOrigins,
    List<AddressRange> trustedProxies,
    WebLimits limits) {
  /// A name or an address, without a port.
  public static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?|[0-9a-fA-F:.]{2,45}");

  public static final String HOST_IN_WORDS = "the name or address of this computer, without a port";

  /// Scheme, host and perhaps port, as browsers write them.
  public static final Pattern ORIGIN =
      Pattern.compile("https?://([a-z0-9_.-]+|\\[[0-9a-f:.]+\\])(:[1-9][0-9]{0,4})?");

  public static final String ORIGIN_IN_WORDS =
      "scheme, host in small letters and port of a page, as in https://lab.example:8443, never *";

  public static final Range PORT = Range.closed(0, 65_535);

  private static final Pattern LOOPBACK =
      Pattern.compile(
          "(?i:localhost)|127(\\.(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}|::1");

  public static final WebConfig DEFAULT = at("127.0.0.1", 8080);

  public WebConfig {
    names = List.copyOf(names);
    allowedOrigins = List.copyOf(allowedOrigins);
    trustedProxies = List.copyOf(trustedProxies);
    check("host", host, HOST, HOST_IN_WORDS);
    PORT.check("port", port);
    for (int i = 0; i < names.size(); i++) {
      check("names[%d]".formatted(i), names.get(i), HOST, HOST_IN_WORDS);
    }
    for (int i = 0; i < allowedOrigins.size(); i++) {
      check("allowed_origins[%d]".formatted(i), allowedOrigins.get(i), ORIGIN, ORIGIN_IN_WORDS);
    }
    if (!isLoopback(host) && tls instanceof Tls.None && !plainHttp) {
      throw new IllegalArgumentException(
          ("host is %s, allowed: localhost, 127.0.0.0/8 or ::1, since what others send isn't"
                  + " encrypted; for any other set server.tls, or server.plain_http behind a proxy"
                  + " that encrypts")
              .formatted(host));
    }
  }

  /// One that is as by default but for its address.
  ///
  /// @param host a loopback one
  public static WebConfig at(String host, int port) {
    return new WebConfig(
        host, port, new Tls.None(), false, List.of(), List.of(), List.of(), WebLimits.DEFAULT);
  }

  /// The same with other limits.
  public WebConfig withLimits(WebLimits limits) {
    return new WebConfig(host, port, tls, plainHttp, names, allowedOrigins, trustedProxies, limits);
  }

  /// Whether only this computer can reach a host.
  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  private static void check(String name, String value, Pattern pattern, String allowed) {
    if (!pattern.matcher(value).matches()) {
      throw new IllegalArgumentException("%s is %s, allowed: %s".formatted(name, value, allowed));
    }
  }
}
