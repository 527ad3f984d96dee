package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Raw samples of another program, measured by the program as its users run it.
@Tag("A2")
@Timeout(180)
final class RawSourceIT {
  private static final int RATE_HZ = 8000;

  @TempDir private Path folder;

  private Photophone serve(String... arguments) throws IOException {
    return Photophone.start(
        folder,
        Stream.concat(
                Stream.of("serve", "--port", "0", "--data", folder.resolve("data").toString()),
                Stream.of(arguments))
            .toArray(String[]::new));
  }

  /// Seconds of a 1 kHz tone of amplitude 0.5 on A and silence on B, as float32.
  private static byte[] tone(int seconds) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * RATE_HZ * seconds).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      double n = bytes.position() / 8.0;
      bytes.putFloat((float) (0.5 * Math.cos(2 * Math.PI * 1000 * n / RATE_HZ))).putFloat(0);
    }
    return bytes.array();
  }

  /// Asks until the answer is as wanted; the test's time-out ends it.
  private static JsonNode await(URI address, Predicate<JsonNode> wanted) throws Exception {
    while (true) {
      var response = Http.get(address);
      if (response.statusCode() == 200) {
        JsonNode answer = JsonMapper.shared().readTree(response.body());
        if (wanted.test(answer)) {
          return answer;
        }
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void a_recording_piped_in_is_measured_at_its_rate_to_its_end() throws Exception {
    try (Photophone photophone =
        serve(
            "--source",
            "-",
            "--paced",
            "--encoding",
            "float32",
            "--rate",
            "" + RATE_HZ,
            "--modulation",
            "1000")) {
      URI page = photophone.api();
      try (OutputStream input = photophone.input()) {
        input.write(tone(4));
      }
      JsonNode reading = await(page.resolve("/api/readings/latest"), any -> any.has("amplitude"));
      assertEquals(0.5, reading.path("amplitude").asDouble(), 0.001);
      JsonNode stats =
          await(
              page.resolve("/api/audio/stream/stats"),
              any -> any.path("source").path("state").asString().equals("ended"));
      assertEquals("standard input", stats.path("source").path("name").asString());
    }
  }

  @Test
  void a_sender_that_comes_back_is_heard_again_behind_a_gap() throws Exception {
    int port;
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = any.getLocalPort();
    }
    try (Photophone photophone =
        serve(
            "--source",
            "tcp:" + port,
            "--encoding",
            "float32",
            "--rate",
            "" + RATE_HZ,
            "--modulation",
            "1000")) {
      URI stats = photophone.api().resolve("/api/audio/stream/stats");
      send(port);
      JsonNode gone =
          await(stats, any -> any.path("source").path("state").asString().equals("retrying"));
      String error = gone.path("source").path("error").asString();
      assertTrue(error.endsWith("the sender closed the connection"), error);
      long frames = gone.path("total_frames").asLong();
      assertTrue(frames > 0, gone::toString);
      send(port);
      JsonNode back = await(stats, any -> any.path("total_frames").asLong() > frames);
      assertTrue(back.path("source").path("lost_samples").asLong() > 0, back::toString);
    }
  }

  /// Connects as soon as the source listens, and sends half a second.
  private static void send(int port) throws IOException {
    while (true) {
      try (Socket sender = new Socket(InetAddress.getLoopbackAddress(), port)) {
        sender.getOutputStream().write(tone(1), 0, 8 * RATE_HZ / 2);
        return;
      } catch (ConnectException e) {
        Thread.onSpinWait();
      }
    }
  }
}
