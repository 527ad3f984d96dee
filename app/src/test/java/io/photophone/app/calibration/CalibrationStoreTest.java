package io.photophone.app.calibration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.analysis.calibration.CalibrationFit;
import io.photophone.analysis.calibration.CalibrationKind;
import io.photophone.analysis.calibration.CalibrationPlan;
import io.photophone.analysis.calibration.CalibrationPoint;
import io.photophone.analysis.calibration.CalibrationRecord;
import io.photophone.analysis.calibration.GasBottle;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import io.photophone.model.Phasor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M8")
final class CalibrationStoreTest {
  private static final Instant START = Instant.parse("2026-05-01T08:00:00.123456Z");

  @TempDir private Path data;

  @Test
  void what_was_accepted_is_there_after_a_restart() throws Exception {
    CalibrationStore store = open();
    CalibrationRecord full = record("CO2-1", START, new GasBottle("B-17 \"blue\"", 0.01));
    store.add(full);
    CalibrationRecord without = record("CO2-2", START.plusSeconds(1), null);
    store.add(without);
    CalibrationRecord restored =
        store.calibrations().restoring("CO2-1", "Åsa", "", START.plusSeconds(2));
    store.add(restored);
    assertEquals(List.of(full, without, restored), open().calibrations().records());
  }

  @Test
  void nothing_is_made_until_something_is_accepted() throws Exception {
    assertEquals(List.of(), open().calibrations().records());
    try (Stream<Path> files = Files.list(data)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void a_file_is_never_written_again() throws Exception {
    CalibrationStore store = open();
    store.add(record("CO2-1", START, null));
    byte[] first = Files.readAllBytes(file(1));
    CalibrationStore other = CalibrationStore.open(data, "cell", Map.of());
    store.add(record("CO2-2", START, null));
    IOException refusal =
        assertThrows(IOException.class, () -> other.add(record("CO2-3", START, null)));
    assertEquals(file(2) + " is there already and is not overwritten", refusal.getMessage());
    assertEquals(1, other.calibrations().records().size());
    assertEquals(new String(first, UTF_8), Files.readString(file(1)));
  }

  @Test
  void what_does_not_follow_is_not_kept() throws Exception {
    CalibrationStore store = open();
    store.add(record("CO2-1", START, null));
    assertThrows(
        IllegalArgumentException.class,
        () -> store.add(record("CO2-2", START.minusSeconds(1), null)));
    assertFalse(Files.exists(file(2)));
    assertEquals(1, open().calibrations().records().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "sensitivity" : 0.0  | "sensitivity" : 0.1  | its sha256 isn't that of its content: it was changed
          "who" : "Ada"        | "who" : "Bob"        | its sha256 isn't that of its content: it was changed
          "comment"            | comment              | it is no JSON: Unexpected character
          calibration 1        | calibration 9        | it doesn't begin with the format, photophone calibration 1
          """)
  void a_damaged_file_is_named_with_the_reason(String original, String damaged, String reason)
      throws Exception {
    open().add(record("CO2-1", START, null));
    String text = Files.readString(file(1));
    assertTrue(text.contains(original), text);
    Files.writeString(file(1), text.replace(original, damaged));
    IOException refusal = assertThrows(IOException.class, this::open);
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.startsWith(file(1) + " can't be used: " + reason), message);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 700})
  void a_torn_file_is_refused(int length) throws Exception {
    open().add(record("CO2-1", START, null));
    Files.write(file(1), Arrays.copyOf(Files.readAllBytes(file(1)), length));
    IOException refusal = assertThrows(IOException.class, this::open);
    assertTrue(
        String.valueOf(refusal.getMessage()).startsWith(file(1) + " can't be used: "),
        refusal.getMessage());
  }

  @Test
  void a_foreign_file_is_refused_by_its_name() throws Exception {
    open().add(record("CO2-1", START, null));
    Path notes = Files.writeString(data.resolve("calibrations/cell/notes.txt"), "");
    IOException refusal = assertThrows(IOException.class, this::open);
    assertEquals(
        notes + " is no calibration, allowed here: 000001.json, 000002.json, …; move it away",
        refusal.getMessage());
  }

  @Test
  void a_missing_file_is_noticed() throws Exception {
    CalibrationStore store = open();
    store.add(record("CO2-1", START, null));
    store.add(record("CO2-2", START, null));
    Files.delete(file(1));
    IOException refusal = assertThrows(IOException.class, this::open);
    assertEquals(
        file(1)
            + " is missing: calibrations are numbered without a hole, and 000002.json is there; put"
            + " it back",
        refusal.getMessage());
  }

  @Test
  void a_stop_between_write_and_rename_accepts_nothing_and_blocks_nothing() throws Exception {
    open().add(record("CO2-1", START, null));
    Path unfinished = data.resolve("calibrations/cell/000002.json.unfinished");
    Files.writeString(unfinished, "{\"format\": \"photophone cal");
    CalibrationStore store = open();
    assertEquals(1, store.calibrations().records().size());
    CalibrationRecord next = record("CO2-2", START, null);
    store.add(next);
    assertFalse(Files.exists(unfinished));
    assertEquals(next, open().calibrations().records().getLast());
  }

  @Test
  void a_folder_that_cannot_be_synced_does_not_take_back_what_has_its_name() throws Exception {
    CalibrationStore store =
        CalibrationStore.open(
            data,
            "cell",
            Map.of(),
            folder -> {
              throw new IOException("no space on the disk for " + folder);
            });
    CalibrationRecord first = record("CO2-1", START, null);
    store.add(first);
    assertEquals(List.of(first), store.calibrations().records());
    assertEquals(List.of(first), open().calibrations().records());
    store.add(record("CO2-2", START, null));
    assertEquals(2, open().calibrations().records().size());
  }

  @Test
  void new_folders_are_synced_with_those_that_name_them() throws Exception {
    List<Path> synced = new ArrayList<>();
    CalibrationStore.open(data, "cell", Map.of(), synced::add).add(record("CO2-1", START, null));
    assertEquals(
        List.of(data.resolve("calibrations/cell"), data.resolve("calibrations"), data), synced);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "a/b", "/etc", "Zelle ä", "CO2:1*"})
  void any_instrument_has_a_folder_of_its_own_below_the_calibrations(String instrument)
      throws Exception {
    CalibrationStore store = CalibrationStore.open(data, instrument, Map.of());
    CalibrationRecord record = record("CO2-1", START, null);
    store.add(
        new CalibrationRecord(
            instrument, "CO2", record.kind(), record.calibration(), "Ada", null, "", record.fit()));
    try (Stream<Path> folders = Files.list(data.resolve("calibrations"))) {
      assertEquals(1, folders.filter(Files::isDirectory).count());
    }
    assertEquals(
        1, CalibrationStore.open(data, instrument, Map.of()).calibrations().records().size());
  }

  private CalibrationStore open() throws IOException {
    return CalibrationStore.open(data, "cell", Map.of());
  }

  private Path file(int number) {
    return data.resolve("calibrations/cell/%06d.json".formatted(number));
  }

  private static CalibrationPoint point(double concentration, double signal) {
    return new CalibrationPoint(
        concentration,
        0.1,
        ConcentrationUnit.PPM,
        new Phasor(signal, 0.3 * signal, 1e-5),
        10,
        concentration == 0 ? Environment.UNKNOWN : new Environment(21.5, 0.1, 1001, 2));
  }

  private static CalibrationRecord record(String id, Instant from, @Nullable GasBottle bottle) {
    CalibrationPlan plan =
        new CalibrationPlan(
            CalibrationKind.MULTI_POINT,
            "CO2",
            "Ada",
            bottle,
            ConcentrationUnit.PPM,
            bottle == null ? null : Duration.ofDays(30),
            "first",
            CalibrationPlan.Procedure.DEFAULT);
    CalibrationFit fit =
        CalibrationFit.of(plan, List.of(point(0, 0.001), point(50, 0.08), point(100, 0.2)), null);
    return CalibrationRecord.of("cell", plan, fit, null, id, from);
  }
}
