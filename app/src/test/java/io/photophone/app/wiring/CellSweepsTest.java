package io.photophone.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.source.SimulatedCell;
import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.source.SimulatedSource;
import io.photophone.acquisition.source.SimulationCommand;
import io.photophone.server.Sweeps.Order;
import io.photophone.server.Sweeps.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("M10")
@Timeout(60)
final class CellSweepsTest {
  private static final Order SHORT = new Order(1950.0, 2080.0, 14, 0.3);
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2030-01-31T12:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path data;

  /// Asks until the sweep is over; the test's time limit ends a wait in vain.
  private static Progress ended(CellSweeps sweeps) {
    while (sweeps.progress().running()) {
      Thread.onSpinWait();
    }
    return sweeps.progress();
  }

  @Test
  void a_source_that_is_not_simulated_says_how_to_sweep_from_a_file() {
    try (CellSweeps sweeps = new CellSweeps("cell", null, new SweepStore(data, "cell"), CLOCK)) {
      assertEquals(
          "the source isn't simulated, and Photophone doesn't set a laser's frequency: record a"
              + " stepped sweep and use `photophone sweep FILE.wav --store`",
          sweeps.begin(SHORT));
      assertEquals(new Progress(false, 0, null), sweeps.progress());
    }
  }

  @Test
  void the_copy_has_the_temperature_and_the_gas_that_are_in_force() throws Exception {
    SimulatedSource source = new SimulatedSource(SimulatedCellConfig.DEFAULT);
    try (SimulatedCell cell = source.open();
        CellSweeps sweeps = new CellSweeps("cell", source, new SweepStore(data, "cell"), CLOCK)) {
      source.command(new SimulationCommand.SetTemperature(28, Duration.ZERO));
      source.command(new SimulationCommand.SetConcentration(48));
      assertNull(sweeps.begin(SHORT));
      assertEquals(new Progress(false, 1, null), ended(sweeps));
      byte[] latest = sweeps.latest();
      assertNotNull(latest);
      JsonNode sweep = JsonMapper.shared().readTree(latest);
      assertEquals("2030-01-31T12:00:00Z", sweep.get("time").asString());
      JsonNode resonance = sweep.get("resonance");
      assertEquals(
          SimulatedCellConfig.DEFAULT.resonanceHzAt(28),
          resonance.get("frequency_hz").asDouble(),
          4 * resonance.get("frequency_uncertainty_hz").asDouble());
      // With the background of 2 ppm.
      assertEquals(0.0017 * 50, resonance.get("amplitude").asDouble(), 1e-4);
      assertEquals(0, source.state().sample(), "the cell that plays wasn't read");
      cell.read(1);
    }
  }

  @Test
  void a_sweep_that_can_not_be_kept_is_told() throws Exception {
    Path file = Files.writeString(data.resolve("sweeps"), "no folder");
    SimulatedSource source = new SimulatedSource(SimulatedCellConfig.DEFAULT);
    try (SimulatedCell _ = source.open();
        CellSweeps sweeps = new CellSweeps("cell", source, new SweepStore(data, "cell"), CLOCK)) {
      assertNull(sweeps.begin(SHORT));
      String error = ended(sweeps).error();
      assertNotNull(error);
      assertTrue(error.contains(file.toString()), error);
      assertNull(sweeps.begin(SHORT), "another may begin");
    }
  }

  @Test
  void a_sweep_that_takes_more_than_ten_minutes_is_refused() {
    SimulatedSource source = new SimulatedSource(SimulatedCellConfig.DEFAULT);
    try (SimulatedCell _ = source.open();
        CellSweeps sweeps = new CellSweeps("cell", source, new SweepStore(data, "cell"), CLOCK)) {
      IllegalArgumentException refusal =
          assertThrows(
              IllegalArgumentException.class,
              () -> sweeps.begin(new Order(null, null, 100, 600.0)));
      assertEquals("steps times dwell_s is 60000, allowed: (0, 600]", refusal.getMessage());
      assertEquals(new Progress(false, 0, null), sweeps.progress());
    }
  }

  @Test
  void none_begins_once_it_is_closed() {
    SimulatedSource source = new SimulatedSource(SimulatedCellConfig.DEFAULT);
    try (SimulatedCell _ = source.open()) {
      CellSweeps sweeps = new CellSweeps("cell", source, new SweepStore(data, "cell"), CLOCK);
      assertNull(sweeps.begin(new Order(null, null, 1500, 0.4)));
      sweeps.close();
      sweeps.close();
      assertEquals("the sweep was stopped", sweeps.progress().error());
      assertEquals("the server stops", sweeps.begin(SHORT));
    }
  }
}
