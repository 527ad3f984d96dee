package io.photophone.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.app.Tokens;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.logging.Logs;
import io.photophone.app.wiring.RunningServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The terminal's side of the workflow, on a running server with a simulated cell.
@Tag("M8")
@Timeout(60)
final class CalibrationDialogTest {
  @TempDir private Path folder;
  private RunningServer server;
  private final StringWriter said = new StringWriter();

  @BeforeEach
  void start() throws Exception {
    // Zero gas, and readings fast enough for a test.
    Path config =
        Files.writeString(
            folder.resolve("photophone.yaml"),
            """
            server: {port: 0}
            data: %s
            source:
              type: simulated
              script: [{for_s: 3600, ppm: 0}]
              faults: []
            measurement: {integration_s: 0.1}
            """
                .formatted(folder.resolve("data")));
    server =
        RunningServer.start(() -> PhotophoneConfig.read(config, Map.of(), List.of()), new Logs());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void a_zero_is_measured_shown_and_accepted() throws Exception {
    assertTrue(dialog("\nyes\n").run(zero(), List.of("0"), false), said::toString);
    String text = said.toString();
    assertTrue(text.contains("Switch the gas to 0 ppm and press Enter: "), text);
    assertTrue(text.contains("of 5 steady readings"), text);
    assertTrue(text.contains("offset_uncertainty: "), text);
    assertTrue(text.contains("gas-1 is in force since "), text);
    assertTrue(Files.exists(folder.resolve("data/calibrations/cell/000001.json")), text);
  }

  @Test
  void what_is_not_accepted_is_not_kept() throws Exception {
    assertFalse(dialog("\nno\n").run(zero(), List.of("0"), false), said::toString);
    assertTrue(said.toString().contains("The calibration was cancelled."), said::toString);
    assertFalse(Files.exists(folder.resolve("data/calibrations")), said::toString);
  }

  @Test
  void the_end_of_the_input_cancels() throws Exception {
    assertFalse(dialog("").run(zero(), List.of("0"), true), said::toString);
    assertFalse(dialog("").run(zero(), List.of(), true), "the next one can begin");
  }

  @Test
  void a_slip_is_explained_and_asked_for_again() throws Exception {
    assertTrue(dialog("zero\n-1\n5\nfit\n0\n").run(zero(), List.of(), true), said::toString);
    String text = said.toString();
    assertTrue(text.contains("\"zero\" is no concentration, allowed: a number, or fit"), text);
    assertTrue(text.contains("concentration is -1, allowed: [0, 1000000000000]"), text);
    assertTrue(text.contains("concentration is 5.0, allowed for a zero: 0"), text);
    assertTrue(text.contains("awaiting_point, which doesn't allow fit"), text);
  }

  @Test
  void a_server_that_is_not_there_is_named() {
    CalibrationDialog dialog =
        new CalibrationDialog(
            HttpClient.newHttpClient(),
            URI.create("http://127.0.0.1:1"),
            null,
            new ByteArrayInputStream(new byte[0]),
            new PrintWriter(said));
    IOException failure =
        assertThrows(IOException.class, () -> dialog.run(zero(), List.of("0"), true));
    assertTrue(
        String.valueOf(failure.getMessage())
            .startsWith("http://127.0.0.1:1/api/calibration doesn't answer"),
        failure.getMessage());
  }

  @Test
  void who_shows_no_token_is_told_where_to_put_one() {
    CalibrationDialog dialog =
        new CalibrationDialog(
            HttpClient.newHttpClient(),
            server.address(),
            null,
            new ByteArrayInputStream(new byte[0]),
            new PrintWriter(said));
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> dialog.run(zero(), List.of("0"), true));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains("PHOTOPHONE_TOKEN or --token-file FILE"),
        refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          multi_point | 0;ten | --points has "ten", allowed: concentrations, as in 0,10,100
          multi_point | 0;-1  | a concentration of --points is -1, allowed: [0, 1000000000000]
          zero        | 5     | --points has 5, allowed for a zero: 0
          span        | 0     | --points has 0, allowed for a span: above 0
          zero        | 0;0   | --points has 2 points, allowed for a zero: 1
          """)
  void points_are_checked_before_anything_is_begun(String kind, String points, String message) {
    CalibrationDialog.Begin begin =
        new CalibrationDialog.Begin(kind, "Ada", null, null, "ppm", null, null, null);
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> dialog("").run(begin, List.of(points.split(";", -1)), true));
    assertEquals(message, refusal.getMessage());
    assertEquals("", said.toString());
  }

  @Test
  void a_kind_that_there_is_not_is_refused() {
    CalibrationDialog.Begin slope =
        new CalibrationDialog.Begin("slope", "Ada", null, null, "ppm", null, null, null);
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> dialog("").run(slope, List.of("0"), true));
    assertEquals("kind is slope, allowed: zero, span, multi_point", refusal.getMessage());
  }

  private CalibrationDialog dialog(String typed) {
    return new CalibrationDialog(
        HttpClient.newHttpClient(),
        server.address(),
        Tokens.operator(folder.resolve("data")),
        new ByteArrayInputStream(typed.getBytes(UTF_8)),
        new PrintWriter(said));
  }

  private static CalibrationDialog.Begin zero() {
    return new CalibrationDialog.Begin("zero", "Ada", null, null, "ppm", null, null, 5);
  }
}
