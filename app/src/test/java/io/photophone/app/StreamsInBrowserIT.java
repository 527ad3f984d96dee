package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.photophone.app.logging.Logs;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.wiring.RunningServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Streams as a real browser reads them.
@Timeout(300)
final class StreamsInBrowserIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private RunningServer server;
  private Browser browser;

  @BeforeEach
  void start() throws Exception {
    Optional<Path> executable = Browser.executable();
    assertTrue(
        System.getenv("CI") == null || executable.isPresent(), "no Chromium, and this is CI");
    assumeTrue(executable.isPresent(), "SKIPPED: no Chromium on this machine");
    Path file =
        Files.writeString(
            folder.resolve("photophone.yaml"),
            "server: {port: 0}\nsecurity: {anonymous_role: viewer}\ndata: " + folder.resolve("data"));
    server = RunningServer.start(() -> PhotophoneConfig.read(file, Map.of(), List.of()), new Logs());
    browser = Browser.start(executable.get(), folder, 800, 600);
    // A document of the same origin, which opens no streams of its own.
    browser.open(server.address().resolve("api/instrument"), 800, 600);
    browser.await("document.readyState === 'complete' && location.port !== ''", PATIENCE);
  }

  @AfterEach
  void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  @Tag("A42")
  void an_event_source_gets_compressed_events_whenever_it_joins() throws Exception {
    browser.evaluate(
        """
        window.gaps = 0;
        window.counts = [0, 0];
        fetch('/api/audio/stream/audio').then(answer => {
          window.encoding = answer.headers.get('content-encoding');
          answer.body.cancel();
        });
        const listen = index => {
          let next = null;
          const source = new EventSource('/api/audio/stream/audio?resolution=full');
          source.addEventListener('lagged', event => { next += JSON.parse(event.data).missed; });
          source.onmessage = event => {
            const number = JSON.parse(event.data).frame_number;
            window.gaps += next !== null && number !== next ? 1 : 0;
            next = number + 1;
            window.counts[index]++;
          };
        };
        listen(0);
        setTimeout(() => listen(1), 700);
        true
        """);
    browser.await("window.counts[0] > 60 && window.counts[1] > 30", PATIENCE);
    assertEquals("gzip", browser.evaluate("window.encoding").asString());
    assertEquals(0, browser.evaluate("window.gaps").asInt());
  }

  @Test
  @Tag("A44")
  void a_web_socket_gets_frames_as_16_bit_numbers() throws Exception {
    browser.evaluate(
        """
        window.frames16 = [];
        const socket = new WebSocket(
          `ws://${location.host}/api/audio/stream/ws?topics=audio,readings&format=int16`);
        socket.binaryType = 'arraybuffer';
        window.names = new Set();
        let missed = 0;
        socket.onmessage = ({ data }) => {
          if (typeof data === 'string') {
            const message = JSON.parse(data);
            window.names.add(message.event);
            missed += message.event === 'lagged' && message.data.topic === 'audio'
              ? message.data.missed : 0;
            return;
          }
          const view = new DataView(data);
          const length = view.getUint32(40, true);
          window.frames16.push({
            magic: String.fromCharCode(...new Uint8Array(data, 0, 4)),
            format: view.getUint32(8, true),
            number: Number(view.getBigInt64(16, true)) - missed,
            a: [...new Int16Array(data, 48, length)],
            b: [...new Int16Array(data, 48 + 2 * length, length)],
          });
        };
        true
        """);
    browser.await("window.frames16.length > 30 && window.names.has('reading')", PATIENCE);
    assertTrue(
        browser
            .evaluate(
                """
                window.frames16.every((frame, i) => frame.magic === 'PPAF' && frame.format === 2
                  && frame.a.length === frame.b.length && frame.a.some(sample => sample !== 0)
                  && (i === 0 || frame.number === window.frames16[i - 1].number + 1))
                """)
            .asBoolean());
  }
}
