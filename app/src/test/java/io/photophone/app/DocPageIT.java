package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.logging.Logs;
import io.photophone.app.wiring.RunningServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The page of the API in a real browser.
@Tag("A31")
@Timeout(180)
final class DocPageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String OPERATIONS =
      "[...(document.getElementById('doc')?.shadowRoot?.querySelectorAll('.nav-bar-path') ?? [])]";

  @TempDir private Path folder;

  private RunningServer serve() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("photophone.yaml"),
            "server: {port: 0}\ndata: %s\n".formatted(folder.resolve("data")));
    return RunningServer.start(() -> PhotophoneConfig.read(file, Map.of(), List.of()), new Logs());
  }

  @Test
  void every_operation_is_shown_and_nothing_comes_from_elsewhere() throws Exception {
    Optional<Path> executable = Browser.executable();
    Assumptions.assumeTrue(executable.isPresent(), "no browser");
    try (RunningServer server = serve();
        Browser browser = Browser.start(executable.get(), folder, 1200, 900)) {
      URI page = server.address().resolve("/api/doc/");
      browser.open(page, 1200, 900);
      browser.await(OPERATIONS + ".length > 30", PATIENCE);
      String shown =
          browser.evaluate(OPERATIONS + ".map(each => each.textContent).join('|')").asString();
      assertTrue(shown.contains("The newest readings"), shown);
      assertEquals(
          "",
          browser
              .evaluate(
                  "performance.getEntriesByType('resource').map(each => each.name)"
                      + ".filter(name => new URL(name).origin !== location.origin"
                      + " && !name.startsWith('data:')).join(' ')")
              .asString());
      assertEquals(List.of(), browser.complaints());
    }
  }
}
