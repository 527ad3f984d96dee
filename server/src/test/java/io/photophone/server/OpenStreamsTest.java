package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

@Tag("A34")
@Timeout(30)
final class OpenStreamsTest {
  private static final String AUDIO = "/api/audio/stream/audio";

  @ParameterizedTest
  @CsvSource({
    "2, 10, '2 streams are open, allowed: 2 at a time'",
    "10, 2, '2 streams of this address are open, allowed: 2 at a time'"
  })
  void one_stream_too_many_is_refused_until_another_ends(int most, int perClient, String detail)
      throws Exception {
    StreamLimits limits = new StreamLimits(most, perClient, true);
    try (LiveServer live = LiveServer.start(limits);
        Events first = live.events(AUDIO)) {
      try (Messages _ = Messages.open(live, "/api/audio/stream/ws")) {
        live.awaitOpenStreams(2);
        for (String path : new String[] {AUDIO, "/api/stream", "/api/readings/stream"}) {
          HttpResponse<byte[]> refused = live.get(path);
          assertEquals(503, refused.statusCode());
          assertEquals("5", refused.headers().firstValue("Retry-After").orElseThrow());
          assertEquals(
              detail, JsonMapper.shared().readTree(refused.body()).get("detail").asString());
        }
        assertEquals(204, live.get("/api/audio/stream/latest").statusCode());
      }
      live.awaitOpenStreams(1);
      try (Events third = live.events(AUDIO)) {
        live.publish(0);
        assertEquals(0, third.next("message").number());
        assertEquals(0, first.next("message").number());
      }
    }
  }

  @Test
  @Tag("A23")
  void streams_that_ended_are_counted_by_the_reason() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events events = live.events(AUDIO)) {
      live.publisher.end("the end of the file");
      events.next("end");
      live.awaitOpenStreams(0);
      String metrics = new String(live.get("/metrics").body(), StandardCharsets.UTF_8);
      assertTrue(
          metrics.contains(
              "photophone_web_streams_ended_total{instrument=\"cell-1\",reason=\"source_ended\"}"
                  + " 1.0"),
          metrics);
      assertTrue(metrics.contains("reason=\"stalled\"} 0.0"), metrics);
    }
  }
}
