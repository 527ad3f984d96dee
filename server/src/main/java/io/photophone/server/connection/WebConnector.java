package io.photophone.server.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/// What listens: HTTP/1.1, and HTTP/2 beside it where connections are encrypted, since no browser
/// speaks it otherwise. A browser opens six connections of HTTP/1.1 to one origin; over one of
/// HTTP/2 a page has as many event streams as it likes.
public final class WebConnector {
  /// Small, or the kernel hides for many seconds that a client doesn't keep up. Linux takes twice
  /// as much, and the client's side buffers as well: at 200 kB/s they hold a second of audio.
  private static final int SEND_BUFFER_BYTES = 48 * 1024;

  /// How long a connection may be idle once the server stops; shorter than the limit of it all.
  private static final Duration STOP_IDLE_LIMIT = Duration.ofMillis(500);

  /// Browsers then ask for this host by HTTPS alone.
  private static final long STRICT_TRANSPORT_S = TimeUnit.DAYS.toSeconds(365);

  private static final Duration CERTIFICATE_PERIOD = Duration.ofSeconds(2);

  /// An instrument's name may have a slash or a percent sign; outside the API the router refuses
  /// them.
  private static final UriCompliance NAMES =
      UriCompliance.DEFAULT.with(
          "NAMES", Violation.AMBIGUOUS_PATH_SEPARATOR, Violation.AMBIGUOUS_PATH_ENCODING);

  private final WebConfig config;
  private final @Nullable ServerCertificate certificate;
  private final SslContextFactory.@Nullable Server ssl;
  private final ServerConnector connector;
  private final Connections connections;
  private final LongAdder sent = new LongAdder();
  private long certificateCheckedNanos = System.nanoTime();

  /// @param certificate null for connections that aren't encrypted
  public WebConnector(Server jetty, WebConfig config, @Nullable ServerCertificate certificate) {
    this.config = config;
    this.certificate = certificate;
    this.ssl = certificate == null ? null : ssl(certificate);
    connector = new CountingConnector(jetty, 1, 1, sent, protocols(http(config, certificate), ssl));
    connector.setHost(config.host());
    connector.setPort(config.port());
    connector.setIdleTimeout(config.limits().idleTimeout().toMillis());
    connector.setAcceptedSendBufferSize(SEND_BUFFER_BYTES);
    connector.setShutdownIdleTimeout(STOP_IDLE_LIMIT.toMillis());
    connections = new Connections(config.limits(), config.trustedProxies());
    connector.addBean(connections);
    jetty.addConnector(connector);
  }

  private static HttpConfiguration http(WebConfig config, @Nullable ServerCertificate certificate) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setUriCompliance(NAMES);
    http.setRequestHeaderSize(config.limits().headerBytes());
    if (certificate != null) {
      SecureRequestCustomizer secure = new SecureRequestCustomizer(false);
      // A browser takes no such promise from a server whose certificate it doesn't trust.
      secure.setStsMaxAge(certificate.isSelfSigned() ? -1 : STRICT_TRANSPORT_S);
      http.addCustomizer(secure);
    }
    if (!config.trustedProxies().isEmpty()) {
      http.addCustomizer(new Proxies(config.trustedProxies()));
    }
    return http;
  }

  private static SslContextFactory.Server ssl(ServerCertificate certificate) {
    SslContextFactory.Server ssl = new SslContextFactory.Server();
    ssl.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    ssl.setKeyStore(certificate.store());
    ssl.setKeyStorePassword(ServerCertificate.PASSWORD);
    return ssl;
  }

  private static ConnectionFactory[] protocols(
      HttpConfiguration http, SslContextFactory.@Nullable Server ssl) {
    List<ConnectionFactory> protocols = new ArrayList<>();
    if (ssl != null) {
      ALPNServerConnectionFactory choice = new ALPNServerConnectionFactory();
      choice.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
      protocols.add(new SslConnectionFactory(ssl, choice.getProtocol()));
      protocols.add(choice);
      HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(http);
      // A browser then opens a WebSocket on a connection of its own, as a GET like any other.
      http2.setConnectProtocolEnabled(false);
      protocols.add(http2);
    }
    protocols.add(new HttpConnectionFactory(http));
    return protocols.toArray(ConnectionFactory[]::new);
  }

  /// The request with the limit on how long its body may take; called as its head has arrived.
  public Request limited(Request request) {
    connections.began(request);
    return new TimedBody(request, config.limits().requestTimeout());
  }

  /// Closes connections whose requests trickle, and takes a renewed certificate; to be called by
  /// one thread, a few times within the time that a request may take.
  public void supervise() {
    connections.supervise();
    long now = System.nanoTime();
    if (certificate != null
        && ssl != null
        && now - certificateCheckedNanos > CERTIFICATE_PERIOD.toNanos()) {
      certificateCheckedNanos = now;
      if (certificate.reload()) {
        renew(ssl, certificate);
      }
    }
  }

  /// Connections that are open keep the old one.
  private static void renew(SslContextFactory.Server ssl, ServerCertificate certificate) {
    try {
      ssl.reload(factory -> factory.setKeyStore(certificate.store()));
    } catch (Exception e) {
      throw new IllegalStateException("the renewed certificate can't be used", e);
    }
  }

  /// Bytes that its sockets took.
  public long sentBytes() {
    return sent.sum();
  }

  /// How often [#supervise] is to be called.
  public Duration supervisionPeriod() {
    Duration tenth = config.limits().requestTimeout().dividedBy(10);
    return tenth.compareTo(CERTIFICATE_PERIOD) < 0 ? tenth : CERTIFICATE_PERIOD;
  }

  /// The port that it listens at; only while it does.
  public int port() {
    return connector.getLocalPort();
  }

  /// `http` or `https`.
  public String scheme() {
    return certificate == null ? "http" : "https";
  }

  public int openConnections() {
    return connections.openCount();
  }

  /// Connections that were closed at once since there were too many.
  public long refusedConnections() {
    return connections.tooManyCount();
  }

  /// Connections that were closed since a request took too long to arrive.
  public long slowConnections() {
    return connections.tooSlowCount();
  }

  /// Null for connections that aren't encrypted.
  public @Nullable ServerCertificate certificate() {
    return certificate;
  }
}
