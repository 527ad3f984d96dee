package io.photophone.analysis;

import io.photophone.dsp.PowerDensity;
import io.photophone.dsp.Window;
import io.photophone.model.Density;
import java.util.Arrays;
import java.util.function.Consumer;

/// Welch's power density of a signal, averaged over each interval of samples.
///
/// Segments of half overlap begin with the interval and lie within it, so that intervals are
/// independent. A sample that is lost, or no finite number, costs the segments it would be part of;
/// they begin anew behind it. Every interval of which a sample arrived gives one [Density], once
/// its end has passed, the same bits however the samples were cut. One thread at a time; allocates
/// nothing but its results.
///
/// Contract: M2, M12.
public final class AveragedSpectrum {
  private final PowerDensity power;
  private final IntervalGrid grid;
  private final double stepHz;
  private int present;

  /// @param size samples of one segment, a power of two from 256 to 65536
  /// @param intervalSamples samples of one average, from `size`
  public AveragedSpectrum(int size, int intervalSamples, Window window, double rateHz) {
    power = new PowerDensity(size, size / 2, window, rateHz);
    if (intervalSamples < size) {
      throw new IllegalArgumentException(
          "interval is %d samples, allowed: from %d, one segment".formatted(intervalSamples, size));
    }
    grid = new IntervalGrid(intervalSamples);
    stepHz = rateHz / size;
  }

  /// Takes the next samples and hands over what they completed.
  ///
  /// @param firstIndex absolute index of the first; a jump is a gap
  /// @param samples the first `length` of them; NaN is a missing one
  /// @throws IllegalArgumentException if the first sample has passed
  public void process(
      long firstIndex, double[] samples, int length, Consumer<? super Density> densities) {
    if (grid.isGap(firstIndex)) {
      if (grid.leaves(firstIndex)) {
        end(densities);
      }
      power.skip();
      grid.moveTo(firstIndex);
    }
    for (int i = 0; i < length; i++) {
      double sample = samples[i];
      power.add(sample);
      if (Double.isFinite(sample)) {
        present++;
      }
      if (grid.advance()) {
        end(densities);
        grid.moveTo(grid.next());
      }
    }
  }

  private void end(Consumer<? super Density> densities) {
    double[] density = new double[power.bins()];
    if (power.segments() == 0) {
      Arrays.fill(density, Double.NaN);
    } else {
      power.density(density);
    }
    densities.accept(
        new Density(
            grid.start(), grid.end(), stepHz, power.segments(), grid.length() - present, density));
    power.reset();
    present = 0;
  }
}
