package io.photophone.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.app.Tokens;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.logging.Logs;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
final class RunningServerTest {
  @TempDir private Path folder;

  @Test
  @Tag("E7")
  @Tag("B6")
  void all_instruments_share_one_supervisor_one_bus_and_the_threads_that_measure()
      throws Exception {
    try (RunningServer server =
        start("further_instruments: [{measurement: {instrument: second}}]\n", 0)) {
      Set<String> tasks = new TreeSet<>();
      json(server, "health/ready")
          .get("tasks")
          .forEach(task -> tasks.add(task.get("name").asString()));
      for (String instrument : List.of("cell", "second")) {
        for (String task :
            List.of("frames of ", "alarms of ", "calibration of ", "watch of ", "web stats of ")) {
          assertTrue(tasks.contains(task + instrument), tasks::toString);
        }
      }
      long workers = 0;
      for (JsonNode channel : json(server, "api/channels").get("channels")) {
        workers += channel.get("name").asString().equals("analysis") ? 1 : 0;
      }
      assertEquals(1, workers);
    }
  }

  @Test
  @Tag("B2")
  void a_start_that_fails_lets_go_of_the_data_and_ends_its_tasks() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      assertThrows(IOException.class, () -> start("", taken.getLocalPort()));
    }
    RunningServer server = start("", 0);
    assertEquals("running", json(server, "api/acquisition").get("state").asString());
    server.close();
    server.close();
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().startsWith("web feed")));
  }

  private RunningServer start(String configuration, int port) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("photophone.yaml"),
            "server: {port: %d}\ndata: %s\n%s"
                .formatted(port, folder.resolve("data"), configuration));
    return RunningServer.start(() -> PhotophoneConfig.read(file, Map.of(), List.of()), new Logs());
  }

  private JsonNode json(RunningServer server, String path) throws Exception {
    return JsonMapper.shared()
        .readTree(
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(server.address().resolve(path))
                        .header("Authorization", "Bearer " + Tokens.admin(folder.resolve("data")))
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .body());
  }
}
