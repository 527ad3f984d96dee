package io.photophone.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.photophone.app.Tokens;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.logging.Logs;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// On a small file system in memory, which takes the rights of root.
@Timeout(60)
final class DiskFullTest {
  private static final Duration PAUSE = Duration.ofMillis(50);

  @TempDir private Path folder;
  private Path data;
  private String token = "";

  @BeforeEach
  void mount() throws Exception {
    data = Files.createDirectory(folder.resolve("data"));
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/mount"))
            && run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", data.toString()) == 0,
        "a file system can't be mounted here");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", data.toString());
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @Test
  @Tag("B6")
  void a_full_disk_is_told_nothing_half_is_kept_and_frames_go_on() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("photophone.yaml"), "server: {port: 0}\ndata: %s\n".formatted(data));
    try (RunningServer server =
        RunningServer.start(() -> PhotophoneConfig.read(file, Map.of(), List.of()), new Logs())) {
      token = Tokens.admin(data);
      fill();
      HttpResponse<String> ready = ask(server, "GET", "health/ready", "");
      assertEquals(503, ready.statusCode());
      assertTrue(ready.body().contains("the data directory has 0.0 MB left"), ready.body());

      String order = "{\"from_hz\": 1950, \"to_hz\": 2060, \"steps\": 23, \"dwell_s\": 0.3}";
      assertEquals(202, ask(server, "POST", "api/sweeps", order).statusCode());
      JsonNode sweep = json(server, "api/sweeps");
      while (sweep.get("running").asBoolean()) {
        Thread.sleep(PAUSE);
        sweep = json(server, "api/sweeps");
      }
      String error = sweep.get("error").asString();
      assertTrue(error.startsWith("the sweep can't be kept in "), error);
      assertEquals(204, ask(server, "GET", "api/sweeps/latest", "").statusCode());

      long frames = json(server, "api/audio/stream/stats").get("total_frames").asLong();
      while (json(server, "api/audio/stream/stats").get("total_frames").asLong() < frames + 10) {
        Thread.sleep(PAUSE);
      }
      Files.delete(data.resolve("ballast"));
      assertEquals(200, ask(server, "GET", "health/ready", "").statusCode());
    }
  }

  /// To the last byte.
  private void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(data.resolve("ballast"))) {
      byte[] page = new byte[4096];
      while (Files.getFileStore(data).getUsableSpace() > 0) {
        out.write(page);
      }
    }
  }

  private HttpResponse<String> ask(RunningServer server, String method, String path, String body)
      throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(server.address().resolve(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode json(RunningServer server, String path) throws Exception {
    return JsonMapper.shared().readTree(ask(server, "GET", path, "").body());
  }
}
