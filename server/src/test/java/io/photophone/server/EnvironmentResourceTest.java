package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.environment.EnvironmentState;
import io.photophone.model.Environment;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Tag("M8")
@Timeout(30)
final class EnvironmentResourceTest {
  private static final String PATH = "/api/environment";

  private static final EnvironmentState KNOWN =
      new EnvironmentState(
          "modbus://sensor:502/1",
          new Environment(23.5, 0.5, 1013.25, 1),
          Instant.parse("2030-01-31T00:00:00Z"),
          0.25,
          7,
          2,
          "it was asleep");

  private static Exposition metrics(LiveServer live) throws Exception {
    return Exposition.parse(new String(live.get("/metrics").body(), UTF_8));
  }

  @Test
  void values_age_and_errors_of_the_sensor_are_told() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.environment.set(KNOWN);
      JsonNode now = live.json(PATH);
      assertEquals("modbus://sensor:502/1", now.get("sensor").asString());
      assertEquals(23.5, now.get("temperature_c").asDouble());
      assertEquals(0.5, now.get("temperature_uncertainty_c").asDouble());
      assertEquals(1013.25, now.get("pressure_hpa").asDouble());
      assertEquals(1, now.get("pressure_uncertainty_hpa").asDouble());
      assertEquals("2030-01-31T00:00:00Z", now.get("time").asString());
      assertEquals(0.25, now.get("age_s").asDouble());
      assertEquals(7, now.get("reads").asInt());
      assertEquals(2, now.get("errors").asInt());
      assertEquals("it was asleep", now.get("error").asString());
    }
  }

  @Test
  void what_is_not_known_is_null() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      JsonNode now = live.json(PATH);
      assertEquals("none", now.get("sensor").asString());
      for (String name : new String[] {"temperature_c", "pressure_hpa", "time", "age_s", "error"}) {
        assertTrue(now.get(name).isNull(), name);
      }
    }
  }

  @Test
  void metrics_tell_what_is_known_in_base_units() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      Exposition unknown = metrics(live);
      assertFalse(unknown.types().containsKey("photophone_environment_temperature_celsius"));
      live.environment.set(KNOWN);
      Exposition known = metrics(live);
      String[] label = {"instrument", "cell-1"};
      assertEquals(23.5, known.value("photophone_environment_temperature_celsius", label));
      assertEquals(101_325, known.value("photophone_environment_pressure_pascals", label));
      assertEquals(0.25, known.value("photophone_environment_age_seconds", label));
      assertEquals(7, known.value("photophone_environment_reads_total", label));
      assertEquals(2, known.value("photophone_environment_errors_total", label));
    }
  }
}
