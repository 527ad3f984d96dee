package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.photophone.server.security.Access;
import io.photophone.server.security.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpMethod;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A31")
final class RouteTableTest {
  static final List<Operation> OPERATIONS = InstrumentApi.ALL;

  private static final Parameter.Segment ID = new Parameter.Segment("id", "a test");

  private static final RouteTable.Answer NONE = (_, _, _, _) -> {};

  @Test
  void a_path_without_braces_goes_before_one_with() {
    RouteTable table = new RouteTable();
    table.add(Operation.get("/api/x/{id}", "X", "One", ID), NONE);
    table.add(Operation.get("/api/x/all", "X", "All"), NONE);
    assertEquals(Map.of(), table.at("/api/x/all").segments());
    assertEquals(Map.of("id", "other"), table.at("/api/x/other").segments());
  }

  @ParameterizedTest
  @CsvSource({"a, a", "a%2Fb, a/b", "%25, %", "1+2, 1+2", "{id}, {id}"})
  void a_part_in_braces_is_read_without_its_percent_encoding(String part, String value) {
    assertEquals(
        Map.of("id", value), new PathTemplate("/api/x/{id}/y").match("/api/x/" + part + "/y"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/x/", "/api/x//y", "/api/x/a/y/", "/api/x/a/b/y", "/api/x/a", ""})
  void a_path_with_other_parts_is_another(String path) {
    assertNull(new PathTemplate("/api/x/{id}/y").match(path));
  }

  @Test
  void head_is_answered_like_get() {
    RouteTable table = new RouteTable();
    Operation get = Operation.get("/api/x", "X", "One");
    table.add(get, NONE);
    RouteTable.Found found = table.at("/api/x");
    assertEquals(Set.of("GET", "HEAD"), found.allowed());
    assertEquals(get, found.of("HEAD").operation());
    assertThrows(IllegalArgumentException.class, () -> found.of("POST"));
  }

  @Test
  void an_operation_is_answered_once() {
    RouteTable table = new RouteTable();
    table.add(Operation.get("/api/x", "X", "One"), NONE);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> table.add(Operation.get("/api/x", "X", "Another"), NONE));
    assertEquals("answered twice: GET /api/x", refused.getMessage());
  }

  @Test
  void every_part_in_braces_is_told() {
    assertThrows(IllegalArgumentException.class, () -> Operation.get("/api/x/{id}", "X", "Untold"));
    assertThrows(
        IllegalArgumentException.class, () -> Operation.get("/api/x", "X", "No such part", ID));
  }

  @ParameterizedTest
  @FieldSource("OPERATIONS")
  void reading_is_for_viewers_and_commands_are_for_operators(Operation operation) {
    Role least = operation.method() == HttpMethod.GET ? Role.VIEWER : Role.OPERATOR;
    assertEquals(new Access.AtLeast(least), operation.access());
  }

  @Test
  void every_operation_of_an_instrument_is_bound_and_no_other() {
    LiveInstrument live = new FakeInstrument("cell").live();
    RouteTable table =
        new InstrumentRoutes(
                live,
                Duration.ofSeconds(1),
                new OpenStreams(LiveServer.STREAMS),
                List.of(new Pump(1)))
            .table();
    assertEquals(Set.copyOf(InstrumentApi.ALL), Set.copyOf(table.operations()));
  }
}
