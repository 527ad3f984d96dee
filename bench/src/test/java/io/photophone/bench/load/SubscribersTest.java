package io.photophone.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/// The load program's own parts, at work on a small scale.
@Timeout(60)
final class SubscribersTest {
  private static final int CLIENTS = 10;
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long ENOUGH = 60 * CLIENTS;

  private static FrameText text() {
    var frame = new FrameText.Frame(new float[1600], new float[1600], 48_000, 0, 0, 0, 1600 / 48.0);
    return new FrameText(JsonMapper.shared().writeValueAsString(frame));
  }

  /// Reads until two seconds of frames have come to each client, and sees that none was left out.
  private static void expectEveryFrame(URI address) throws Exception {
    try (Subscribers subscribers =
        Subscribers.connect(
            new StreamRequest(StreamRequest.Form.EVENTS, address, null), CLIENTS, LIMIT)) {
      assertEquals(CLIENTS, subscribers.answered());
      Tally all = new Tally();
      while (all.frames < ENOUGH && all.ended == 0) {
        all.add(subscribers.take());
      }
      assertEquals(0, all.lost);
      assertEquals(0, all.ended);
      assertTrue(all.bytes > all.frames * 3200 * 2, () -> "bytes: " + all.bytes);
      assertTrue(all.delayMs(50) < 1000, () -> "delay: " + all.delayMs(50));
    }
  }

  @Test
  void ten_clients_of_the_selector_loop_get_every_frame() throws Exception {
    try (SelectorServer server = new SelectorServer(text())) {
      expectEveryFrame(server.start());
    }
  }

  @Test
  void ten_clients_of_the_server_that_serialises_for_each_get_every_frame() throws Exception {
    try (PerClientServer server = new PerClientServer(text())) {
      expectEveryFrame(server.start());
    }
  }

  @Test
  void a_client_that_reads_slowly_misses_frames_and_sees_fresh_ones() throws Exception {
    try (SelectorServer server = new SelectorServer(text());
        PacedClient slow =
            new PacedClient(
                new StreamRequest(StreamRequest.Form.EVENTS, server.start(), null),
                StreamRequest.NOTHING_SEEN,
                1,
                100_000)) {
      Tally all = new Tally();
      while (all.lost == 0 && slow.open()) {
        all.add(slow.take());
      }
      assertTrue(all.lost > 0, () -> "frames: " + all.frames);
    }
  }

  @Test
  void nobody_there_is_an_error() throws Exception {
    URI nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
    }
    assertThrows(
        IOException.class,
        () ->
            Subscribers.connect(
                new StreamRequest(StreamRequest.Form.EVENTS, nobody, null), CLIENTS, LIMIT));
  }
}
