package io.photophone.server.connection;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Takes the client's address, the scheme and the host from what a trusted proxy tells of them, and
/// from nobody else.
///
/// Each proxy appends the address it was asked from, so the list is read from its end: the first
/// address that is no trusted proxy is the client; what stands before it anybody may have written.
/// `Forwarded` counts before `X-Forwarded-…`. A word that isn't understood ends the reading: the
/// last trusted proxy is then the client.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7239">RFC 7239</a>
final class Proxies implements HttpConfiguration.Customizer {
  private static final Pattern PAIR =
      Pattern.compile("\\s*([A-Za-z]+)=(?:\"([^\"\\\\]*)\"|([^\"\\s;,]*))\\s*(?:;|$)");

  /// Gives nothing back, since a pattern that might takes a stack as deep as the header is long.
  private static final Pattern ELEMENT = Pattern.compile("(?:[^,\"]++|\"[^\"]*+\")++");

  private static final Pattern IP6_AND_PORT = Pattern.compile("\\[([^\\]]*)\\](:[0-9]{1,5})?");
  private static final Pattern IP4_AND_PORT = Pattern.compile("([0-9.]+):[0-9]{1,5}");
  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9_.-]+|\\[[0-9a-fA-F:.]+\\])(?::([0-9]{1,5}))?");
  private static final Set<String> SCHEMES = Set.of("http", "https");

  private final List<AddressRange> trusted;

  Proxies(List<AddressRange> trusted) {
    this.trusted = trusted;
  }

  /// What one proxy tells.
  private record Hop(@Nullable String from, @Nullable String scheme, @Nullable String host) {}

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    if (!(request.getConnectionMetaData().getRemoteSocketAddress()
            instanceof InetSocketAddress socket)
        || !isTrusted(socket.getAddress())) {
      return request;
    }
    List<Hop> hops = hops(request.getHeaders());
    if (hops.isEmpty()) {
      return request;
    }
    InetAddress client = socket.getAddress();
    Hop told = new Hop(null, null, null);
    for (Hop hop : hops.reversed()) {
      told = hop;
      InetAddress from = hop.from == null ? null : address(hop.from);
      if (from == null) {
        break;
      }
      client = from;
      if (!isTrusted(from)) {
        break;
      }
    }
    return new Forwarded(request, client, uri(request.getHttpURI(), told));
  }

  private boolean isTrusted(InetAddress address) {
    return trusted.stream().anyMatch(range -> range.contains(address));
  }

  /// The proxies' words, the nearest to us last.
  private static List<Hop> hops(HttpFields headers) {
    List<Hop> hops = new ArrayList<>();
    if (headers.contains(HttpHeader.FORWARDED)) {
      for (String line : headers.getValuesList(HttpHeader.FORWARDED)) {
        Matcher element = ELEMENT.matcher(line);
        while (element.find()) {
          hops.add(hop(element.group()));
        }
      }
      return hops;
    }
    List<String> from = list(headers, HttpHeader.X_FORWARDED_FOR);
    List<String> schemes = list(headers, HttpHeader.X_FORWARDED_PROTO);
    List<String> hosts = list(headers, HttpHeader.X_FORWARDED_HOST);
    for (int back = from.size(); back >= 1; back--) {
      hops.add(new Hop(fromEnd(from, back), fromEnd(schemes, back), fromEnd(hosts, back)));
    }
    if (hops.isEmpty() && !(schemes.isEmpty() && hosts.isEmpty())) {
      hops.add(new Hop(null, fromEnd(schemes, 1), fromEnd(hosts, 1)));
    }
    return hops;
  }

  private static Hop hop(String element) {
    String from = null;
    String scheme = null;
    String host = null;
    Matcher pair = PAIR.matcher(element);
    while (pair.lookingAt()) {
      String value = pair.group(2) == null ? pair.group(3) : pair.group(2);
      switch (pair.group(1).toLowerCase(Locale.ROOT)) {
        case "for" -> from = value;
        case "proto" -> scheme = value;
        case "host" -> host = value;
        default -> {}
      }
      pair.region(pair.end(), element.length());
    }
    return new Hop(from, scheme, host);
  }

  private static List<String> list(HttpFields headers, HttpHeader name) {
    List<String> values = new ArrayList<>();
    for (String line : headers.getValuesList(name)) {
      for (String value : line.split(",", -1)) {
        values.add(value.strip());
      }
    }
    return values;
  }

  /// The last for 1; proxies that set a header once, instead of appending to it, leave but one.
  private static @Nullable String fromEnd(List<String> values, int back) {
    if (values.isEmpty()) {
      return null;
    }
    return values.get(Math.max(0, values.size() - back));
  }

  /// Null for `unknown`, a secret name and whatever else is no address.
  private static @Nullable InetAddress address(String text) {
    Matcher ip6 = IP6_AND_PORT.matcher(text);
    if (ip6.matches()) {
      return AddressRange.addressOrNull(ip6.group(1));
    }
    Matcher ip4 = IP4_AND_PORT.matcher(text);
    return AddressRange.addressOrNull(ip4.matches() ? ip4.group(1) : text);
  }

  private static HttpURI uri(HttpURI asked, Hop told) {
    HttpURI.Mutable uri = HttpURI.build(asked);
    String scheme = told.scheme == null ? "" : told.scheme.toLowerCase(Locale.ROOT);
    if (SCHEMES.contains(scheme)) {
      uri.scheme(scheme);
    }
    Matcher authority = AUTHORITY.matcher(told.host == null ? "" : told.host);
    if (authority.matches()) {
      String port = authority.group(2);
      uri.authority(authority.group(1), port == null ? -1 : Integer.parseInt(port));
    }
    return uri.asImmutable();
  }

  /// The request as the client sent it to the proxy.
  private static final class Forwarded extends Request.Wrapper {
    private final HttpURI uri;
    private final HttpFields headers;
    private final ConnectionMetaData connection;

    private Forwarded(Request request, InetAddress client, HttpURI uri) {
      super(request);
      this.uri = uri;
      this.headers =
          HttpFields.build(request.getHeaders()).put(HttpHeader.HOST, uri.getAuthority());
      SocketAddress remote = new InetSocketAddress(client, 0);
      this.connection =
          new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
            @Override
            public SocketAddress getRemoteSocketAddress() {
              return remote;
            }

            @Override
            public boolean isSecure() {
              return Forwarded.this.isSecure();
            }
          };
    }

    @Override
    public HttpURI getHttpURI() {
      return uri;
    }

    @Override
    public HttpFields getHeaders() {
      return headers;
    }

    @Override
    public boolean isSecure() {
      return "https".equals(uri.getScheme());
    }

    @Override
    public ConnectionMetaData getConnectionMetaData() {
      return connection;
    }
  }
}
