package io.photophone.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The certificate by which a command knows a server that no authority vouches for.
final class ServerTrust {
  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "On a server: certificate to trust, PEM; of a self-signed server,"
              + " security/certificate.pem in its data directory.")
  private @Nullable Path file;

  /// A client that trusts the certificate alone; the system's authorities where none is given.
  ///
  /// @throws IOException if the file can't be read or has no certificate
  HttpClient.Builder client() throws IOException {
    HttpClient.Builder client = HttpClient.newBuilder();
    return file == null ? client : client.sslContext(trusting(file));
  }

  private static SSLContext trusting(Path file) throws IOException {
    try (InputStream pem = Files.newInputStream(file)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(pem));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IOException("--ca %s can't be used: %s".formatted(file, e), e);
    }
  }
}
