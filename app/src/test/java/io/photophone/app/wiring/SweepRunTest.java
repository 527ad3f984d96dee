package io.photophone.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.source.SimulatedCell;
import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.source.SourceRead;
import io.photophone.analysis.resonance.SweepPlan;
import io.photophone.analysis.resonance.SweepResult;
import io.photophone.analysis.resonance.SweepWarning;
import io.photophone.dsp.Estimate;
import io.photophone.dsp.Resonance;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("M10")
@Timeout(60)
final class SweepRunTest {
  private static final int RATE_HZ = 16_000;

  private static SimulatedCellConfig cell(
      long seed, double resonanceHz, double quality, double phaseDeg) {
    return new SimulatedCellConfig(
        RATE_HZ,
        seed,
        2000,
        resonanceHz,
        quality,
        25,
        25,
        0.001,
        0,
        phaseDeg,
        0.003,
        0.002,
        0.01,
        50,
        List.of(new SimulatedCellConfig.Step(Duration.ofHours(1), 100)),
        List.of());
  }

  private static SweepResult swept(SimulatedCellConfig config, SweepPlan plan) throws Exception {
    try (SimulatedCell cell = SweepRun.cell(config, plan)) {
      return SweepResult.of(plan, SweepRun.measure(cell, plan, 0, _ -> {}), true);
    }
  }

  @Test
  void two_hundred_sweeps_scatter_as_much_as_they_say() throws Exception {
    Random random = new Random(42);
    SweepPlan plan = new SweepPlan(1930, 2070, 21, Duration.ofMillis(250), 100);
    int sweeps = 200;
    double frequencySquares = 0;
    double qualitySquares = 0;
    int beyond = 0;
    for (int sweep = 0; sweep < sweeps; sweep++) {
      double hz = random.nextDouble(1990, 2010);
      double quality = random.nextDouble(50, 100);
      double phaseDeg = random.nextDouble(-180, 180);
      SweepResult result = swept(cell(random.nextLong(), hz, quality, phaseDeg), plan);
      Resonance resonance = result.resonance();
      assertNotNull(resonance);
      double frequencyScore = score(resonance.frequencyHz(), hz);
      double qualityScore = score(resonance.quality(), quality);
      frequencySquares += frequencyScore * frequencyScore / sweeps;
      qualitySquares += qualityScore * qualityScore / sweeps;
      beyond += Math.abs(frequencyScore) > 3 || Math.abs(qualityScore) > 3 ? 1 : 0;
      assertEquals(
          0,
          Math.IEEEremainder(Math.toDegrees(resonance.phaseRad().value()) - phaseDeg, 360),
          5 * Math.toDegrees(resonance.phaseRad().standardUncertainty()));
    }
    assertEquals(1, Math.sqrt(frequencySquares), 0.15);
    assertEquals(1, Math.sqrt(qualitySquares), 0.15);
    // Of 400 numbers one is beyond three standard uncertainties on average.
    assertTrue(beyond <= 4, () -> "beyond 3 u: more than chance allows");
  }

  private static double score(Estimate estimate, double truth) {
    return (estimate.value() - truth) / estimate.standardUncertainty();
  }

  @Test
  void a_temperature_moves_what_a_sweep_finds() throws Exception {
    SimulatedCellConfig config = cell(1, 2000, 80, 0).withTemperatureC(30);
    SweepResult result = swept(config, new SweepPlan(1950, 2080, 27, Duration.ofMillis(300), 100));
    assertNotNull(result.resonance());
    Estimate found = result.resonance().frequencyHz();
    assertEquals(config.resonanceHzAt(30), found.value(), 3 * found.standardUncertainty());
    assertEquals(Set.of(), result.warnings());
  }

  @Test
  void a_resonance_outside_the_span_is_told() throws Exception {
    SweepResult result =
        swept(cell(1, 2200, 80, 0), new SweepPlan(1930, 2070, 21, Duration.ofMillis(250), 100));
    assertTrue(result.warnings().contains(SweepWarning.PEAK_AT_EDGE), result::toString);
  }

  @Test
  void a_resonance_that_rings_longer_than_planned_is_told() throws Exception {
    SweepResult result =
        swept(cell(1, 2000, 400, 0), new SweepPlan(1985, 2015, 21, Duration.ofMillis(300), 100));
    assertTrue(result.warnings().contains(SweepWarning.NARROW_RESONANCE), result::toString);
  }

  @Test
  void a_source_that_ends_too_early_is_an_error_that_tells_the_step() {
    SweepPlan plan = new SweepPlan(1930, 2070, 21, Duration.ofMillis(250), 100);
    AudioSource ending = new Ending(SweepRun.cell(cell(1, 2000, 80, 0), plan));
    var e = assertThrows(IOException.class, () -> SweepRun.measure(ending, plan, RATE_HZ, _ -> {}));
    assertEquals(
        "a tape ends after 1.024 s, in step 1 of 21: the sweep lasts until 6.25 s", e.getMessage());
  }

  @Test
  void a_rate_that_does_not_carry_the_sweep_is_refused() {
    SweepPlan plan = new SweepPlan(1930, 8000, 21, Duration.ofMillis(250), 100);
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> SweepRun.cell(cell(1, 2000, 80, 0), plan));
    assertEquals("to_hz is 8000, allowed: (0, 8000)", e.getMessage());
  }

  /// A source that ends after a second.
  private static final class Ending implements AudioSource {
    private final SimulatedCell cell;
    private int left = RATE_HZ;

    Ending(SimulatedCell cell) {
      this.cell = cell;
    }

    @Override
    public String name() {
      return "a tape";
    }

    @Override
    public int sampleRateHz() {
      return RATE_HZ;
    }

    @Override
    public boolean live() {
      return false;
    }

    @Override
    public boolean simulated() {
      return true;
    }

    @Override
    public SourceRead read(int sampleCount) throws IOException {
      if (left <= 0) {
        return new SourceRead.End();
      }
      left -= sampleCount;
      return cell.read(sampleCount);
    }

    @Override
    public void close() {
      cell.close();
    }
  }
}
