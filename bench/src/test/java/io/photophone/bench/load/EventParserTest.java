package io.photophone.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EventParserTest {
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

  private final StringBuilder response = new StringBuilder(HEAD);

  private static EventParser fresh() {
    return new EventParser(StreamRequest.NOTHING_SEEN, 1);
  }

  private void chunk(String text) {
    response.append(Integer.toHexString(text.length())).append("\r\n").append(text).append("\r\n");
  }

  private void frame(long number, long endedMs) {
    String samples = "0.125,".repeat(500);
    chunk(
        "id: %d\ndata: {\"channel_a\":[%s1],\"sample_rate\":48000,\"timestamp\":%d,\"frame_number\":%d,\"duration_ms\":33.5}\n\n"
            .formatted(number, samples, endedMs, number));
  }

  private void notice(String name, String json) {
    chunk("event: %s\ndata: %s\n\n".formatted(name, json));
  }

  private Tally parsed(EventParser parser, int longestRead) throws IOException {
    byte[] bytes = response.toString().getBytes(US_ASCII);
    Tally tally = new Tally();
    Random random = new Random(1);
    int from = 0;
    while (from < bytes.length) {
      int length = Math.min(1 + random.nextInt(longestRead), bytes.length - from);
      parser.accept(ByteBuffer.wrap(bytes, from, length), tally);
      from += length;
    }
    assertEquals(bytes.length, tally.bytes);
    return tally;
  }

  @Test
  void events_are_counted_however_the_bytes_come() throws IOException {
    long now = System.currentTimeMillis();
    chunk("retry: 2000\n\n");
    frame(7, now);
    frame(8, now);
    notice("heartbeat", "{\"type\":\"heartbeat\"}");
    notice("lagged", "{\"topic\":\"audio\",\"missed\":12}");
    frame(21, now);
    for (int longestRead : new int[] {1, 2, 7, 100, 5000, 100_000}) {
      EventParser parser = fresh();
      Tally tally = parsed(parser, longestRead);
      assertEquals(3, tally.frames);
      assertEquals(12, tally.lost);
      assertEquals(12, tally.told);
      assertEquals(0, tally.unexplained);
      assertEquals(21, parser.seen());
      assertTrue(parser.answered() && parser.open());
    }
  }

  @Test
  void a_hole_that_the_server_does_not_tell_of_is_seen_and_so_is_one_that_is_none()
      throws IOException {
    frame(7, 0);
    frame(9, 0);
    notice("lagged", "{\"topic\":\"audio\",\"missed\":2}");
    frame(10, 0);
    Tally tally = parsed(fresh(), 100);
    assertEquals(1, tally.lost);
    assertEquals(2, tally.told);
    assertEquals(3, tally.unexplained);
  }

  @Test
  void a_hole_behind_the_event_that_a_client_has_seen_counts() throws IOException {
    frame(9, 0);
    assertEquals(4, parsed(new EventParser(4, 1), 100).lost);
  }

  @Test
  void the_delay_begins_with_the_last_sample() throws IOException {
    long now = System.currentTimeMillis();
    frame(1, now - 2000);
    double delayMs = parsed(fresh(), 5000).delayMs(100);
    assertTrue(delayMs >= 1960 && delayMs < 30_000, () -> "delay: " + delayMs);
    double fasterMs = parsed(new EventParser(StreamRequest.NOTHING_SEEN, 10), 5000).delayMs(100);
    assertTrue(fasterMs >= 1990 && fasterMs < 30_000, () -> "delay: " + fasterMs);
  }

  @Test
  void a_stream_that_ends_is_no_longer_open() throws IOException {
    frame(1, 0);
    notice("end", "{\"topic\":null,\"reason\":\"the server stops\"}");
    response.append("0\r\n\r\n");
    EventParser parser = fresh();
    assertEquals(1, parsed(parser, 5000).ended);
    assertFalse(parser.open());
  }

  @Test
  void a_refusal_is_told() {
    response.setLength(0);
    response.append("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    IOException refusal = assertThrows(IOException.class, () -> parsed(fresh(), 100));
    assertEquals("no stream, but: HTTP/1.1 401 Unauthorized", refusal.getMessage());
  }
}
