package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

@Tag("A31")
@Timeout(30)
final class AcceptedTest {
  private static LiveServer live;

  @BeforeAll
  static void start() throws Exception {
    live = LiveServer.start();
    live.publish(0);
    live.publishReading(0);
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /api/instrument           | text/html                    | application/json
          /api/instrument           | application/json;q=0         | application/json
          /api/instrument           | text/*, image/png            | application/json
          /api/instrument           | nonsense                     | application/json
          /api/audio/stream/latest  | text/html                    | application/json, application/octet-stream
          /api/readings/stream      | application/json             | text/event-stream
          /metrics                  | application/json             | application/openmetrics-text, text/plain
          /openapi.json             | application/yaml             | application/json
          /api/instrument           | "                            | application/json
          /api/instrument           | text/html;a="b               | application/json
          /api/instrument           | application/json;q="         | application/json
          """)
  void a_type_that_nobody_serves_is_refused_with_those_served(
      String path, String accept, String served) throws Exception {
    HttpResponse<byte[]> response = live.get(path, "Accept", accept);
    assertEquals(406, response.statusCode());
    assertEquals(
        "application/problem+json", response.headers().firstValue("Content-Type").orElseThrow());
    assertEquals(
        "Accept is " + accept + ", served: " + served,
        JsonMapper.shared().readTree(response.body()).get("detail").asString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /api/instrument           | application/json
          /api/instrument           | Application/JSON; charset=utf-8
          /api/instrument           | text/html, */*;q=0.1
          /api/instrument           | application/*
          /api/audio/stream/latest  | application/octet-stream
          /api/readings/latest      | ''
          /metrics                  | text/plain;version=0.0.4;charset=utf-8
          """)
  void a_type_that_is_served_is_answered(String path, String accept) throws Exception {
    assertEquals(200, live.get(path, "Accept", accept).statusCode());
  }
}
