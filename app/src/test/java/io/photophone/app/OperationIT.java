package io.photophone.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The program as a service: signals under load, reload, crash and start.
@Timeout(120)
final class OperationIT {
  private static final int CLIENTS = 200;

  /// Those of them that read nothing.
  private static final int STALLED = 20;

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final List<Integer> LATER = List.of(429, 503, 504);

  @TempDir private Path folder;

  @Test
  @Tag("B7")
  @Tag("E4")
  void a_signal_under_load_ends_it_within_five_seconds_and_every_client_that_reads_is_told()
      throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        Photophone photophone = serve("streaming: {target_fps: 10}\n")) {
      URI page = photophone.address();
      String token = Tokens.operator(folder.resolve("data"));
      CountDownLatch receiving = new CountDownLatch(CLIENTS - STALLED);
      List<Future<String>> clients = new ArrayList<>();
      List<Socket> stalled = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        if (i < STALLED) {
          stalled.add(open(page, "/api/audio/stream/audio", token));
        } else {
          String path = i % 4 == 0 ? "/api/audio/stream/audio" : "/api/stream?topics=stats";
          clients.add(executor.submit(() -> readToEnd(page, path, token, receiving)));
        }
      }
      receiving.await();
      long begin = System.nanoTime();
      int exitCode = photophone.signal("TERM");
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      assertEquals(0, exitCode, photophone.errors());
      assertTrue(took.toMillis() < 5000, () -> "it took " + took);
      for (Future<String> client : clients) {
        String end = client.get();
        assertTrue(end.contains("event: end\ndata: "), end);
        assertTrue(end.contains("the server stops"), end);
      }
      for (Socket socket : stalled) {
        socket.close();
      }
      assertTrue(photophone.errors().contains("all tasks have ended: CLEAN"), photophone.errors());
    }
  }

  @Test
  void a_hangup_signal_reads_the_configuration_again_or_says_why_not() throws Exception {
    try (Photophone photophone = serve("streaming: {target_fps: 30}\n")) {
      URI page = photophone.api();
      write("streaming: {target_fps: 12}\n");
      hangUp(photophone);
      while (targetFps(page) != 12) {
        LockSupport.parkNanos(POLL_NANOS);
      }
      write("streaming: {target_fps: 15, buffer: 7 frames}\n");
      hangUp(photophone);
      while (!photophone.errors().contains("streaming.buffer needs a restart")) {
        LockSupport.parkNanos(POLL_NANOS);
      }
      assertEquals(12, targetFps(page));
    }
  }

  /// Of a server that may be busy, and then says to ask later.
  private static double targetFps(URI page) throws Exception {
    while (true) {
      HttpResponse<String> response = Http.get(page.resolve("/api/acquisition"));
      if (response.statusCode() == 200) {
        return JsonMapper.shared().readTree(response.body()).get("target_fps").asDouble();
      }
      assertTrue(LATER.contains(response.statusCode()), response::body);
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  @Test
  @Tag("E4")
  void after_a_kill_it_starts_on_the_same_data() throws Exception {
    try (Photophone first = serve("")) {
      first.address();
      assertEquals(128 + 9, first.signal("KILL"));
    }
    try (Photophone second = serve("")) {
      assertEquals("running", json(second.api(), "/api/acquisition").get("state").asString());
    }
  }

  @Test
  void the_health_command_tells_by_its_exit_code() throws Exception {
    try (Photophone photophone = serve("")) {
      URI page = photophone.address();
      while (Http.get(page.resolve("/health/ready")).statusCode() != 200) {
        Thread.onSpinWait();
      }
      Photophone.Outcome well = Photophone.run(folder, "health", page.toString());
      assertEquals(0, well.exitCode(), well.errors());
      assertTrue(well.output().contains("pass"), well.output());
    }
    Photophone.Outcome gone = Photophone.run(folder, "health", "http://127.0.0.1:9/");
    assertEquals(1, gone.exitCode());
    assertTrue(gone.errors().contains("http://127.0.0.1:9/"), gone.errors());
  }

  private Photophone serve(String configuration) throws IOException {
    return Photophone.start(folder, "serve", "--config", write(configuration).toString());
  }

  private Path write(String configuration) throws IOException {
    return Files.writeString(
        folder.resolve("photophone.yaml"),
        "server: {port: 0}\ndata: %s\n%s".formatted(folder.resolve("data"), configuration));
  }

  private static void hangUp(Photophone photophone) throws Exception {
    new ProcessBuilder("kill", "-HUP", Long.toString(photophone.pid())).start().waitFor();
  }

  private static JsonNode json(URI page, String path) throws Exception {
    return JsonMapper.shared().readTree(Http.get(page.resolve(path)).body());
  }

  private static Socket open(URI page, String path, String token) throws IOException {
    Socket socket = new Socket(page.getHost(), page.getPort());
    socket
        .getOutputStream()
        .write(
            "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(path, token)
                .getBytes(UTF_8));
    return socket;
  }

  /// @return the last that came
  private static String readToEnd(URI page, String path, String token, CountDownLatch receiving)
      throws IOException {
    try (Socket socket = open(page, path, token)) {
      InputStream in = socket.getInputStream();
      byte[] piece = new byte[64 * 1024];
      String last = "";
      boolean first = true;
      for (int count = in.read(piece); count > 0; count = in.read(piece)) {
        if (first) {
          receiving.countDown();
          first = false;
        }
        String text = last + new String(piece, 0, count, UTF_8);
        last = text.substring(Math.max(0, text.length() - 500));
      }
      return last;
    }
  }
}
