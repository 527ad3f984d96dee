package io.photophone.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.photophone.app.Photophone.Outcome;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Encrypted connections, as a browser and curl make them to the program.
@Timeout(180)
final class TlsIT {
  @TempDir private Path folder;

  private Photophone serve(String... further) throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("photophone.yaml"), "security: {anonymous_role: viewer}\n");
    return Photophone.start(
        folder,
        Stream.concat(
                Stream.of(
                    "serve",
                    "--tls",
                    "--port",
                    "0",
                    "--data",
                    folder.resolve("data").toString(),
                    "--config",
                    config.toString()),
                Stream.of(further))
            .toArray(String[]::new));
  }

  @Test
  void a_page_with_ten_event_streams_gets_them_all() throws Exception {
    Optional<Path> executable = Browser.executable();
    assumeTrue(executable.isPresent(), "SKIPPED: no Chromium on this machine");
    try (Photophone photophone = serve();
        Browser browser = Browser.start(executable.get(), folder, 800, 600)) {
      URI page = photophone.address();
      assertEquals("https", page.getScheme());
      browser.open(page, 800, 600);
      browser.await("document.readyState === 'complete'", Duration.ofSeconds(30));
      assertEquals(
          "h2",
          browser
              .evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol")
              .asString());
      browser.evaluate(
          """
          window.received = Array(10).fill(0);
          window.sources = window.received.map((_, i) => {
            const source = new EventSource('/api/audio/stream/audio');
            source.onmessage = () => { window.received[i]++; };
            return source;
          });
          true
          """);
      browser.await("window.received.every(count => count >= 60)", Duration.ofSeconds(60));
      assertEquals(List.of(), browser.complaints());
    }
  }

  @Test
  void curl_trusts_the_certificate_that_the_server_made() throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "curl"))),
        "SKIPPED: no curl on this machine");
    try (Photophone photophone = serve()) {
      URI page = photophone.address();
      Process curl =
          new ProcessBuilder(
                  "curl",
                  "-sS",
                  "--cacert",
                  folder.resolve("data/security/certificate.pem").toString(),
                  "-w",
                  " %{http_version} %{http_code}",
                  "https://localhost:%d/api/instruments".formatted(page.getPort()))
              .redirectErrorStream(true)
              .start();
      String answer = new String(curl.getInputStream().readAllBytes(), UTF_8);
      assertTrue(curl.waitFor(30, TimeUnit.SECONDS));
      assertTrue(answer.endsWith("} 2 200"), answer);
    }
  }

  @Test
  void another_address_without_encryption_is_refused_with_what_to_do() throws Exception {
    Outcome outcome =
        Photophone.run(
            folder, "serve", "--host", "0.0.0.0", "--data", folder.resolve("data").toString());
    assertEquals(1, outcome.exitCode());
    assertTrue(
        outcome
            .errors()
            .contains(
                "--host: server.host is 0.0.0.0, allowed: localhost, 127.0.0.0/8 or ::1, since what"
                    + " others send isn't encrypted; for any other set server.tls, or"
                    + " server.plain_http behind a proxy that encrypts"),
        outcome.errors());
  }

  @Test
  void a_certificate_that_is_missing_is_told_with_its_file() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("photophone.yaml"),
            "server: {tls: {type: pem, certificate: missing.pem, key: key.pem}}");
    Outcome outcome =
        Photophone.run(
            folder,
            "serve",
            "--config",
            config.toString(),
            "--port",
            "0",
            "--data",
            folder.resolve("data").toString());
    assertEquals(1, outcome.exitCode());
    assertTrue(outcome.errors().contains("missing.pem doesn't exist"), outcome.errors());
  }
}
