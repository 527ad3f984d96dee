package io.photophone.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.logging.Logs;
import io.photophone.app.wiring.RunningServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
final class ServerTrustTest {
  @TempDir private Path folder;

  @Test
  void a_self_signed_server_is_known_by_its_certificate() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("photophone.yaml"),
            "server: {port: 0, tls: {type: self_signed}}\ndata: %s\n"
                .formatted(folder.resolve("data")));
    try (RunningServer server =
        RunningServer.start(() -> PhotophoneConfig.read(config, Map.of(), List.of()), new Logs())) {
      URI live = server.address().resolve("/health/live");
      String certificate = folder.resolve("data/security/certificate.pem").toString();
      assertEquals(200, status(live, "--ca", certificate));
      assertThrows(SSLException.class, () -> status(live));
    }
  }

  @Test
  void a_file_without_a_certificate_is_named() throws Exception {
    Path file = Files.writeString(folder.resolve("ca.pem"), "no certificate");
    IOException failure =
        assertThrows(
            IOException.class,
            () -> status(URI.create("https://localhost"), "--ca", file.toString()));
    assertTrue(
        String.valueOf(failure.getMessage()).startsWith("--ca %s can't be used".formatted(file)),
        failure.getMessage());
  }

  private static int status(URI address, String... arguments) throws Exception {
    ServerTrust trust = CommandLine.populateCommand(new ServerTrust(), arguments);
    try (HttpClient client = trust.client().build()) {
      return client
          .send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }
}
