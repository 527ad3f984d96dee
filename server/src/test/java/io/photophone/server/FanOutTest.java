package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.photophone.acquisition.stream.StreamingConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("A23")
final class FanOutTest {
  private static final int CLIENTS = 1000;
  private static final int FRAMES = 90;
  private static final long PERIOD_NANOS = 1_000_000_000L / 30;
  private static final int SAMPLES = 100;

  @Test
  @Timeout(30)
  void each_of_a_thousand_clients_gets_every_frame_or_is_told_how_many_it_missed()
      throws Exception {
    StreamingConfig streaming =
        new StreamingConfig(30, 100, Duration.ofSeconds(5), true, LiveServer.WINDOW);
    try (LiveServer live = LiveServer.start(streaming);
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Events events = live.events("/api/audio/stream/audio?resolution=full");
        clients.add(readers.submit(() -> missed(events)));
      }
      long due = System.nanoTime();
      for (int number = 0; number < FRAMES; number++, due += PERIOD_NANOS) {
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        live.publisher.publish(LiveServer.frame(number, new float[SAMPLES], new float[SAMPLES]));
      }
      long missed = 0;
      for (Future<Long> client : clients) {
        missed += client.get();
      }
      assertEquals(missed, live.json("/api/audio/stream/stats").get("dropped_frames").asLong());
    }
  }

  /// Reads every frame up to the last.
  private static long missed(Events events) throws IOException {
    long missed = 0;
    long expected = 0;
    try (events) {
      while (expected < FRAMES) {
        Events.Received event = events.next();
        switch (event.type()) {
          case "message" -> {
            assertEquals(expected, event.number());
            expected++;
          }
          case "lagged" -> {
            missed += event.missed();
            expected += event.missed();
          }
          default -> assertEquals("heartbeat", event.type());
        }
      }
    }
    return missed;
  }
}
