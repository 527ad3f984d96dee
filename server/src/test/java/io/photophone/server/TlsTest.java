package io.photophone.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.server.connection.ServerCertificate;
import io.photophone.server.connection.Tls;
import io.photophone.server.connection.WebConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class TlsTest {
  private static final String AUDIO = "/api/audio/stream/audio";

  @TempDir private Path folder;
  private LiveServer live;
  private ServerCertificate certificate;
  private final List<HttpClient> clients = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    start(new Tls.SelfSigned(), Duration.ofSeconds(30));
  }

  private void start(Tls tls, Duration stallLimit) throws IOException {
    if (live != null) {
      live.close();
    }
    WebConfig config =
        new WebConfig(
            "127.0.0.1",
            0,
            tls,
            false,
            List.of(),
            List.of(),
            List.of(),
            LiveServer.LIMITS.withStallTimeout(stallLimit));
    certificate = ServerCertificate.open(config, folder);
    live = LiveServer.startEncrypted(config, certificate);
  }

  @AfterEach
  void stop() {
    clients.forEach(HttpClient::shutdownNow);
    live.close();
  }

  /// One that trusts what is in the folder now.
  private SSLContext trusting() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(folder.resolve("certificate.pem"))) {
      trusted.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private HttpClient client(HttpClient.Version version) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(trusting()).version(version).build();
    clients.add(client);
    return client;
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(live.address.resolve(path))
        .timeout(Duration.ofSeconds(20))
        .build();
  }

  private SSLSocket connect(String... protocols) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            trusting()
                .getSocketFactory()
                .createSocket(live.socketAddress().getAddress(), live.address.getPort());
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    socket.setSoTimeout(10_000);
    return socket;
  }

  @ParameterizedTest
  @EnumSource(
      value = HttpClient.Version.class,
      names = {"HTTP_1_1", "HTTP_2"})
  void both_protocols_are_spoken_over_a_connection_that_a_client_trusts(HttpClient.Version version)
      throws Exception {
    assertEquals("https", live.address.getScheme());
    HttpResponse<String> page = client(version).send(request("/"), BodyHandlers.ofString());
    assertEquals(200, page.statusCode());
    assertEquals(version, page.version());
    assertTrue(page.body().contains("<title>"));
    HttpResponse<String> nowhere =
        client(version).send(request("/api/nowhere"), BodyHandlers.ofString());
    assertEquals(404, nowhere.statusCode());
    assertEquals(
        "application/problem+json", nowhere.headers().firstValue("content-type").orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void a_current_version_is_spoken(String protocol) throws Exception {
    try (SSLSocket socket = connect(protocol)) {
      socket.startHandshake();
      assertEquals(protocol, socket.getSession().getProtocol());
    }
  }

  @Test
  void an_old_version_is_not() throws Exception {
    try (SSLSocket socket = connect()) {
      assertThrows(
          IOException.class,
          () -> {
            socket.setEnabledProtocols(new String[] {"TLSv1.1"});
            socket.startHandshake();
          });
    }
  }

  @Test
  void a_client_that_does_not_know_the_certificate_says_so() throws Exception {
    HttpClient stranger = HttpClient.newHttpClient();
    clients.add(stranger);
    assertThrows(
        SSLHandshakeException.class, () -> stranger.send(request("/"), BodyHandlers.discarding()));
  }

  @Test
  void a_certificate_of_its_own_promises_nothing_for_later_and_one_of_an_authority_does()
      throws Exception {
    HttpResponse<Void> own =
        client(HttpClient.Version.HTTP_2).send(request("/"), BodyHandlers.discarding());
    assertTrue(own.headers().firstValue("strict-transport-security").isEmpty());
    start(
        new Tls.Pem(folder.resolve("certificate.pem"), folder.resolve("key.pem")),
        Duration.ofSeconds(30));
    HttpResponse<Void> ofAuthority =
        client(HttpClient.Version.HTTP_2).send(request("/"), BodyHandlers.discarding());
    assertEquals(
        "max-age=31536000",
        ofAuthority.headers().firstValue("strict-transport-security").orElseThrow());
  }

  @Test
  void ten_event_streams_share_one_connection_of_http_2() throws Exception {
    HttpClient client = client(HttpClient.Version.HTTP_2);
    List<BufferedReader> streams = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      HttpResponse<InputStream> stream = client.send(request(AUDIO), BodyHandlers.ofInputStream());
      assertEquals(HttpClient.Version.HTTP_2, stream.version());
      streams.add(new BufferedReader(new InputStreamReader(stream.body(), US_ASCII)));
    }
    assertEquals(1, metric(client, "photophone_web_connections"));
    for (int number = 0; number < 50; number++) {
      live.publish(number);
      for (BufferedReader stream : streams) {
        assertEquals("id: " + number, line(stream, "id: "));
      }
    }
  }

  private double metric(HttpClient client, String name) throws Exception {
    String text = client.send(request("/metrics"), BodyHandlers.ofString()).body();
    return text.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static String line(BufferedReader stream, String begin) throws IOException {
    for (String line = stream.readLine(); line != null; line = stream.readLine()) {
      if (line.startsWith(begin)) {
        return line;
      }
    }
    throw new AssertionError("the stream ended before " + begin);
  }

  @Test
  void a_stream_that_is_not_read_is_reset_and_its_neighbour_on_the_connection_goes_on()
      throws Exception {
    start(new Tls.SelfSigned(), Duration.ofMillis(500));
    HttpClient client = client(HttpClient.Version.HTTP_2);
    HttpClient observer = client(HttpClient.Version.HTTP_2);
    HttpResponse<InputStream> stalled = client.send(request(AUDIO), BodyHandlers.ofInputStream());
    HttpResponse<InputStream> read = client.send(request(AUDIO), BodyHandlers.ofInputStream());
    BufferedReader neighbour = new BufferedReader(new InputStreamReader(read.body(), US_ASCII));
    int number = 0;
    while (metric(observer, "photophone_web_stalled_clients_total{instrument=\"cell-1\"}") == 0) {
      live.publisher.publish(LiveServer.largeFrame(number));
      assertEquals("id: " + number, line(neighbour, "id: "));
      number++;
    }
    assertThrows(IOException.class, () -> stalled.body().readAllBytes());
    live.publisher.publish(LiveServer.largeFrame(number));
    assertEquals("id: " + number, line(neighbour, "id: "));
    assertEquals(2, metric(observer, "photophone_web_connections"));
  }

  @Test
  void streams_are_told_their_end_as_the_server_closes() throws Exception {
    HttpResponse<InputStream> stream =
        client(HttpClient.Version.HTTP_2).send(request(AUDIO), BodyHandlers.ofInputStream());
    BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), US_ASCII));
    try (ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> type = reader.submit(() -> line(lines, "event: "));
      live.server.close();
      assertEquals("event: end", type.get());
    }
  }

  @Test
  void a_renewed_certificate_is_shown_without_a_restart() throws Exception {
    String before = shown();
    assertEquals(certificate.fingerprint(), before);
    Path next = Files.createDirectory(folder.resolve("next"));
    WebConfig config =
        new WebConfig(
            "127.0.0.1",
            0,
            new Tls.SelfSigned(),
            false,
            List.of(),
            List.of(),
            List.of(),
            LiveServer.LIMITS);
    ServerCertificate renewed = ServerCertificate.open(config, next);
    for (String file : List.of("key.pem", "certificate.pem")) {
      Files.copy(next.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    String now = before;
    while (now.equals(before)) {
      now = shown();
    }
    assertNotEquals(before, now);
    assertEquals(renewed.fingerprint(), now);
  }

  /// The fingerprint of the certificate that a new connection gets; a client that doesn't trust it
  /// yet asks again.
  private String shown() throws Exception {
    while (true) {
      try (SSLSocket socket = connect()) {
        socket.startHandshake();
        X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return HexFormat.ofDelimiter(":")
            .withUpperCase()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(shown.getEncoded()));
      } catch (SSLHandshakeException e) {
        // The folder has one certificate, and the server shows the other.
      }
    }
  }
}
