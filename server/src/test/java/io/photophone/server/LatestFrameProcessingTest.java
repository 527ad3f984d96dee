package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The latest frame as a client asks for it.
@Tag("B28")
@Timeout(30)
final class LatestFrameProcessingTest {
  private static final String LATEST = "/api/audio/stream/latest";

  private static JsonNode channelA(HttpResponse<byte[]> response) {
    return JsonMapper.shared().readTree(response.body()).get("channel_a");
  }

  @Test
  void a_normalised_frame_has_a_peak_of_one_and_a_tag_of_its_own() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.publish(0, 5);
      HttpResponse<byte[]> plain = live.get(LATEST);
      HttpResponse<byte[]> normalised = live.get(LATEST + "?normalize=true");
      assertEquals(4, channelA(plain).get(0).asDouble());
      assertEquals(1, channelA(normalised).get(0).asDouble());
      assertEquals(0.125, channelA(normalised).get(1).asDouble());
      assertNotEquals(
          plain.headers().firstValue("ETag"), normalised.headers().firstValue("ETag"));
      assertEquals(4, channelA(live.get(LATEST)).get(0).asDouble(), "the frame is as it was");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "window=triangle, triangle",
    "window=hann, 'window size is 4, allowed: from 16'",
    "normalize=yes, yes",
    "gain=2, unknown parameter gain",
  })
  void what_can_not_be_done_is_refused_with_the_reason(String query, String reason)
      throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.publish(0, 1);
      HttpResponse<byte[]> response = live.get(LATEST + "?" + query);
      assertEquals(400, response.statusCode());
      String body = new String(response.body(), StandardCharsets.UTF_8);
      assertFalse(body.indexOf(reason) < 0, body);
    }
  }
}
