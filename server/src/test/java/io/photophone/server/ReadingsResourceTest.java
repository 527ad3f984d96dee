package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.model.Field;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFields;
import io.photophone.model.Stability;
import io.photophone.model.Streamed;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("A20")
@Timeout(30)
final class ReadingsResourceTest {
  private static final String LATEST = "/api/readings/latest";
  private static final String RECENT = "/api/readings/recent";
  private static final String READINGS = "/api/readings/stream";
  private static final int RETAINED = LiveServer.RETAINED_READINGS;

  private static List<Integer> starts(JsonNode recent) {
    return recent.get("readings").valueStream().map(each -> each.get("from_s").asInt()).toList();
  }

  @Test
  void before_the_first_reading_there_is_no_latest_and_none_are_recent() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      assertEquals(204, live.get(LATEST).statusCode());
      assertEquals(List.of(), starts(live.json(RECENT)));
    }
  }

  @Test
  void latest_reading_has_every_field_and_null_for_what_it_does_not_have() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.publishReading(0);
      live.publishReading(1);
      JsonNode latest = live.json(LATEST);
      assertEquals(
          ReadingFields.ALL.stream().map(Field::name).toList(),
          List.copyOf(latest.propertyNames()));
      assertEquals(1, latest.get("from_s").asDouble());
      assertEquals(5, latest.get("amplitude").asDouble());
      assertTrue(latest.get("noise_density").isNull());
      assertTrue(latest.get("concentration").isNull());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "5, 5"})
  void recent_readings_are_the_newest_oldest_first(int limit, int count) throws Exception {
    try (LiveServer live = LiveServer.start()) {
      for (int number = 0; number < RETAINED + 2; number++) {
        live.publishReading(number);
      }
      List<Integer> all = List.of(2, 3, 4, 5, 6);
      assertEquals(
          all.subList(RETAINED - count, RETAINED), starts(live.json(RECENT + "?limit=" + limit)));
      assertEquals(all, starts(live.json(RECENT)));
    }
  }

  @Test
  void ends_of_the_source_do_not_count_as_readings() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.publishReading(0);
      live.publishReading(1);
      live.readings.send(new Streamed.End<>("the end of the file"));
      live.readings.send(new Streamed.End<>("the end of the file"));
      assertEquals(1, live.json(LATEST).get("from_s").asInt());
      assertEquals(List.of(1), starts(live.json(RECENT + "?limit=1")));
      assertEquals(List.of(0, 1), starts(live.json(RECENT + "?limit=2")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "6", "-1", "", "x", "1.5", "99999999999", "1&limit=2"})
  void a_limit_that_is_out_of_range_is_refused_with_the_range(String limit) throws Exception {
    try (LiveServer live = LiveServer.start()) {
      var response = live.get(RECENT + "?limit=" + limit);
      assertEquals(400, response.statusCode());
      String detail = JsonMapper.shared().readTree(response.body()).get("detail").asString();
      assertTrue(detail.startsWith("limit is "), detail);
    }
  }

  @Test
  void stream_of_readings_counts_them_and_resumes() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      try (Events events = live.events(READINGS)) {
        for (int number = 0; number < 8; number++) {
          live.publishReading(number);
          Events.Received event = events.next("message");
          assertEquals(Integer.toString(number), event.id());
          assertEquals(number, event.json().get("from_s").asInt());
        }
      }
      try (Events events = live.events(READINGS, "Last-Event-ID: 5")) {
        assertEquals("6", events.next("message").id());
        assertEquals("7", events.next("message").id());
      }
      try (Events events = live.events(READINGS, "Last-Event-ID: 1")) {
        Events.Received lagged = events.next("lagged");
        assertEquals("{\"topic\":\"readings\",\"missed\":1}", lagged.data());
        assertEquals("3", events.next("message").id());
        assertNull(lagged.id());
      }
    }
  }

  private static Stability stability(List<Reading> readings) {
    Stability.Point point = new Stability.Point(1, 1, 0.5, 0.25, 1, 1.5, 0.5);
    return new Stability(
        readings.getFirst().gas(),
        "ppm",
        readings.size(),
        0,
        readings.getFirst().fromSeconds(),
        1,
        7,
        0.5,
        null,
        List.of(point),
        point);
  }

  @ParameterizedTest
  @CsvSource({"'', 5, 2", "?seconds=2, 2, 5", "?gas=NH3&seconds=1e9, 5, 2", "?seconds=1.5, 1, 6"})
  @Tag("M9")
  void allan_is_told_what_the_newest_retained_readings_tell(String query, int count, int fromS)
      throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.stability = ReadingsResourceTest::stability;
      for (int number = 0; number < RETAINED + 2; number++) {
        live.publishReading(number);
      }
      JsonNode answer = live.json("/api/readings/allan" + query);
      assertEquals("NH3", answer.get("gas").asString());
      assertEquals(count, answer.get("readings").asInt());
      assertEquals(fromS, answer.get("from_s").asInt());
      assertTrue(answer.get("zero_gas_limit").isNull());
      assertEquals(1.5, answer.get("points").get(0).get("detection_limit").asDouble());
      assertEquals(0.25, answer.get("best").get("lower").asDouble());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''         | 5 readings are too few",
        "?gas=NO2   | gas is NO2, allowed: NH3",
        "?gas=      | gas is empty, allowed: NH3",
        "?seconds=x | seconds is x, allowed: a number in [0.0, 1.0E9]",
        "?limit=3   | unknown parameter limit, allowed: gas, seconds"
      })
  @Tag("M9")
  void allan_of_what_can_not_be_told_is_refused_with_the_reason(String query, String reason)
      throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.stability =
          readings -> {
            throw new IllegalArgumentException(readings.size() + " readings are too few");
          };
      for (int number = 0; number < RETAINED; number++) {
        live.publishReading(number);
      }
      var response = live.get("/api/readings/allan" + query);
      assertEquals(400, response.statusCode());
      assertEquals(reason, JsonMapper.shared().readTree(response.body()).get("detail").asString());
    }
  }
}
