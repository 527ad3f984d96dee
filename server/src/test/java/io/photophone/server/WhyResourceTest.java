package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(30)
final class WhyResourceTest {
  private static final Instant BEGIN = Instant.parse("2026-03-01T03:12:00Z");

  private static WhyAnswer answer(WhyQuestion question) {
    return new WhyAnswer(
        BEGIN,
        BEGIN.plusMillis(300),
        48_000L,
        212,
        question.toString(),
        List.of(new WhyAnswer.Cause("processor_taken", "a hog ran", 212, 0.97)),
        List.of(
            new WhyAnswer.Line(
                "acquisition",
                7,
                "acquisition",
                List.of(new WhyAnswer.Stretch(0, 300, "ready", "hog (pid 9)")))),
        List.of(new WhyAnswer.Step(290, "late", 17, 212_000_000)),
        List.of(),
        "text");
  }

  @Test
  void a_time_a_reading_or_the_newest_disturbance_is_asked_about() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.why = WhyResourceTest::answer;
      assertEquals(
          "At[time=2026-03-01T03:12:00.250Z]",
          live.json("/api/why?time=2026-03-01T03:12:00.250Z").get("sentence").asString());
      assertEquals(
          "OfReading[fromSample=12345678901]",
          live.json("/api/why?from_sample=12345678901").get("sentence").asString());
      JsonNode newest = live.json("/api/instruments/cell-1/why");
      assertEquals("Newest[]", newest.get("sentence").asString());
      assertEquals("ready", newest.at("/threads/0/stretches/0/state").asString());
      assertEquals(48_000, newest.get("from_sample").asLong());
    }
  }

  @Test
  void a_question_that_is_none_is_refused_with_what_is_allowed() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.why = WhyResourceTest::answer;
      assertRefused(live, "time=03:12", 400, "time is 03:12, allowed: a time as in 2026-");
      assertRefused(live, "from_sample=-1", 400, "from_sample is -1, allowed: a whole number");
      assertRefused(live, "time=2026-03-01T03:12:00Z&from_sample=1", 400, "allowed: one of them");
    }
  }

  @Test
  void what_the_notes_do_not_tell_is_not_found_and_says_why() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      assertRefused(live, "time=2026-03-01T03:12:00Z", 404, "nothing is noted");
    }
  }

  @Test
  void disturbances_are_listed() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.disturbances = List.of(new LiveWhy.Disturbance(BEGIN, "late", 17, 212_000_000));
      JsonNode listed = live.json("/api/disturbances").get("disturbances");
      assertEquals(1, listed.size());
      assertEquals("late", listed.get(0).get("step").asString());
      assertEquals("2026-03-01T03:12:00Z", listed.get(0).get("time").asString());
    }
  }

  private static void assertRefused(LiveServer live, String query, int status, String detail)
      throws Exception {
    HttpResponse<byte[]> response = live.get("/api/why?" + query);
    String body = new String(response.body(), UTF_8);
    assertEquals(status, response.statusCode(), body);
    assertTrue(body.contains(detail), body);
  }
}
