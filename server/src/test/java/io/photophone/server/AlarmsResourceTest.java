package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.model.AlarmEvent;
import io.photophone.model.AlarmState;
import io.photophone.model.AlarmStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("M9")
@Timeout(30)
final class AlarmsResourceTest {
  private static final String ALARMS = "/api/alarms";
  private static final String EVENTS = "/api/alarms/events";
  private static final String STREAM = "/api/alarms/stream";
  private static final Instant TIME = Instant.parse("2026-03-01T12:00:00.25Z");
  private static final String EXAMPLE =
      ", allowed: {\"command\": \"acknowledge\", \"alarm\": \"high\", \"who\": \"Ada\"}";

  private final List<String> acknowledged = new CopyOnWriteArrayList<>();
  private LiveServer live;

  @BeforeEach
  void start() throws IOException {
    live = LiveServer.start();
    live.alarms = List.of(status("high", AlarmState.RAISED), status("low", AlarmState.NORMAL));
    live.acknowledge =
        (alarm, who) -> {
          acknowledged.add(alarm + " by " + who);
          return alarm.equals("high");
        };
  }

  @AfterEach
  void stop() {
    live.close();
  }

  private static AlarmStatus status(String alarm, AlarmState state) {
    return new AlarmStatus(
        alarm, "NH3", "above 50 ppm", true, state, TIME, 61.5, null, "ppm", null, null);
  }

  private static AlarmEvent event(int number) {
    return new AlarmEvent(
        "high", AlarmState.PENDING, AlarmState.RAISED, TIME, (double) number, 1.0, "ppm", null);
  }

  private RawResponse post(String body, String... headers) throws IOException {
    StringBuilder request = new StringBuilder("POST " + ALARMS + " HTTP/1.1\r\n");
    request.append("Host: localhost\r\nConnection: close\r\n");
    request.append("Content-Length: ").append(body.getBytes(UTF_8).length).append("\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return live.raw(request.append("\r\n").append(body).toString());
  }

  private String refusal(int status, String body, String... headers) throws IOException {
    RawResponse response = post(body, headers);
    assertEquals(status, response.status(), response::toString);
    return JsonMapper.shared().readTree(response.body()).get("detail").asString();
  }

  @Test
  void every_alarm_is_told_in_the_order_of_the_rules() throws Exception {
    JsonNode alarms = live.json(ALARMS).get("alarms");
    assertEquals(2, alarms.size());
    assertEquals(
        JsonMapper.shared()
            .readTree(
                """
                {"alarm": "high", "gas": "NH3", "rule": "above 50 ppm", "latching": true,
                 "state": "raised", "since": "2026-03-01T12:00:00.250Z", "value": 61.5,
                 "standard_uncertainty": null, "unit": "ppm", "acknowledged_by": null,
                 "unusable": null}
                """),
        alarms.get(0));
    assertEquals("low", alarms.get(1).get("alarm").asString());
  }

  @Test
  void without_rules_there_are_no_alarms_and_no_events() throws Exception {
    live.alarms = List.of();
    assertEquals("{\"alarms\":[]}", live.json(ALARMS).toString());
    assertEquals("{\"events\":[]}", live.json(EVENTS).toString());
    assertEquals(
        "alarm is high, allowed: none, since there is none",
        refusal(
            400,
            "{\"command\": \"acknowledge\", \"alarm\": \"high\", \"who\": \"Ada\"}",
            "Content-Type: application/json"));
  }

  @Test
  void an_acknowledgement_is_passed_on_and_answered_with_all_alarms() throws Exception {
    RawResponse response =
        post(
            "{\"command\": \"acknowledge\", \"alarm\": \"high\", \"who\": \"Ada\"}",
            "Content-Type: application/json");
    assertEquals(200, response.status(), response::toString);
    assertEquals(2, JsonMapper.shared().readTree(response.body()).get("alarms").size());
    assertEquals(List.of("high by Ada"), acknowledged);
  }

  @Test
  void an_alarm_with_nothing_to_acknowledge_is_a_conflict() throws Exception {
    assertEquals(
        "alarm low is normal: there is nothing to acknowledge",
        refusal(
            409,
            "{\"command\": \"acknowledge\", \"alarm\": \"low\", \"who\": \"Ada\"}",
            "Content-Type: application/json"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}                                            | the body has no command+",
        "{\"command\": \"silence\"}                    | the command is silence+",
        "{\"command\": \"acknowledge\"}                | the body has no alarm+",
        "{\"command\": \"acknowledge\", \"alarm\": \"high\"} | the body doesn't say who+",
        "{\"command\": \"acknowledge\", \"all\": 1}    | the body has the unknown key all+",
        "{\"command\": \"acknowledge\", \"alarm\": \"high\", \"who\": \" \"} |"
            + " who is \" \", allowed: a name",
        "{\"command\": \"acknowledge\", \"alarm\": \"x\", \"who\": \"Ada\"} |"
            + " alarm is x, allowed: high, low",
        "[                                             | the body is [+"
      })
  void a_bad_body_is_refused_and_acknowledges_nothing(String body, String detail) throws Exception {
    assertEquals(
        detail.replace("+", EXAMPLE), refusal(400, body, "Content-Type: application/json"));
    assertEquals(List.of(), acknowledged);
  }

  @Test
  void a_foreign_page_and_another_type_are_refused() throws Exception {
    String body = "{\"command\": \"acknowledge\", \"alarm\": \"high\", \"who\": \"Ada\"}";
    refusal(415, body);
    refusal(403, body, "Content-Type: application/json", "Origin: http://example.com");
    assertEquals(List.of(), acknowledged);
  }

  @ParameterizedTest
  @CsvSource({"1, 6, 1", "5, 2, 5", "'', 2, 5"})
  void the_newest_events_are_told_oldest_first(String limit, int first, int count)
      throws Exception {
    for (int number = 0; number < 7; number++) {
      live.publishAlarm(event(number));
    }
    JsonNode events = live.json(EVENTS + (limit.isEmpty() ? "" : "?limit=" + limit)).get("events");
    assertEquals(count, events.size());
    assertEquals(first, events.get(0).get("value").asInt());
    assertEquals(
        List.of("alarm", "from", "to", "time", "value", "standard_uncertainty", "unit", "who"),
        List.copyOf(events.get(0).propertyNames()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "6", "x", ""})
  void a_limit_out_of_range_is_refused(String limit) throws Exception {
    assertEquals(400, live.get(EVENTS + "?limit=" + limit).statusCode());
  }

  @Test
  void the_stream_has_its_events_under_an_id_and_beside_other_topics_under_a_type()
      throws Exception {
    try (Events events = live.events(STREAM);
        Events named = live.events("/api/stream?topics=alarms,readings")) {
      for (int number = 0; number < 3; number++) {
        live.publishAlarm(event(number));
        Events.Received event = events.next("message");
        assertEquals(Integer.toString(number), event.id());
        assertEquals("raised", event.json().get("to").asString());
        assertEquals(number, named.next("alarm").json().get("value").asInt());
      }
    }
    try (Events events = live.events(STREAM, "Last-Event-ID: 1")) {
      assertEquals("2", events.next("message").id());
    }
  }

  @Test
  void metrics_tell_the_state_of_each_alarm_and_count_its_changes() throws Exception {
    try (Events events = live.events(STREAM)) {
      live.publishAlarm(event(1));
      live.publishAlarm(event(2));
      events.next("message");
      events.next("message");
    }
    String text = new String(live.get("/metrics").body(), UTF_8);
    for (String line :
        List.of(
            "photophone_alarm_state{alarm=\"high\",instrument=\"cell-1\",state=\"raised\"} 1.0",
            "photophone_alarm_state{alarm=\"high\",instrument=\"cell-1\",state=\"normal\"} 0.0",
            "photophone_alarm_state{alarm=\"low\",instrument=\"cell-1\",state=\"normal\"} 1.0",
            "photophone_alarm_events_total{alarm=\"high\",instrument=\"cell-1\",state=\"raised\"}"
                + " 2.0",
            "photophone_alarm_events_total{alarm=\"low\",instrument=\"cell-1\",state=\"raised\"}"
                + " 0.0")) {
      assertTrue(text.contains(line + "\n"), () -> line + " is not in\n" + text);
    }
  }
}
