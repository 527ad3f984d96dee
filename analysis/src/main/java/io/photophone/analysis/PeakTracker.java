package io.photophone.analysis;

import io.photophone.dsp.Tone;
import io.photophone.dsp.ToneEstimator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The strongest tone in a band, told at the end of each interval from the last samples before it.
///
/// Every interval of which a sample arrived gives one [Peak], once its end has passed. A sample
/// that is lost, or no finite number, makes every block it would be part of incomplete. Peaks are
/// the same bits however the samples were cut. One thread at a time; allocates nothing but its
/// results.
///
/// Contract: M3, M12.
public final class PeakTracker {
  /// The strongest tone of white noise, in any of the 2000 bins of a whole spectrum, reaches this
  /// in fewer than one block in ten thousand.
  static final double STANDS_OUT = 8;

  private final ToneEstimator estimator;
  private final IntervalGrid grid;
  private final double lowHz;
  private final double highHz;
  private final int size;

  /// The last samples, the one of absolute index n at n modulo the size.
  private final double[] ring;

  private final double[] block;

  /// Samples since the last one that is missing.
  private long unbroken;

  /// @param size samples of one block, a power of two from 256 to 65536
  /// @param intervalSamples from one peak to the next
  /// @param lowHz from 0, less than `highHz`
  /// @param highHz up to half the rate
  public PeakTracker(int size, int intervalSamples, double lowHz, double highHz, double rateHz) {
    estimator = new ToneEstimator(size, rateHz);
    estimator.checkBand(lowHz, highHz);
    grid = new IntervalGrid(intervalSamples);
    this.lowHz = lowHz;
    this.highHz = highHz;
    this.size = size;
    ring = new double[size];
    block = new double[size];
  }

  /// Takes the next samples and hands over what they completed.
  ///
  /// @param firstIndex absolute index of the first; a jump is a gap
  /// @param samples the first `length` of them; NaN is a missing one
  /// @throws IllegalArgumentException if the first sample has passed
  public void process(long firstIndex, double[] samples, int length, Consumer<? super Peak> peaks) {
    if (grid.isGap(firstIndex)) {
      unbroken = 0;
      if (grid.leaves(firstIndex)) {
        end(peaks);
      }
      grid.moveTo(firstIndex);
    }
    for (int i = 0; i < length; i++) {
      double sample = samples[i];
      ring[(int) (grid.next() & (size - 1))] = sample;
      unbroken = Double.isFinite(sample) ? unbroken + 1 : 0;
      if (grid.advance()) {
        end(peaks);
        grid.moveTo(grid.next());
      }
    }
  }

  private void end(Consumer<? super Peak> peaks) {
    long end = grid.end();
    boolean complete = unbroken >= size;
    peaks.accept(new Peak(end - size, end, complete, complete ? tone(end) : null));
  }

  private @Nullable Tone tone(long end) {
    int oldest = (int) (end & (size - 1));
    System.arraycopy(ring, oldest, block, 0, size - oldest);
    System.arraycopy(ring, 0, block, size - oldest, oldest);
    Tone tone = estimator.estimate(block, lowHz, highHz);
    return tone != null && standsOut(tone) ? tone : null;
  }

  private static boolean standsOut(Tone tone) {
    return tone.amplitude().value() >= STANDS_OUT * tone.amplitude().standardUncertainty();
  }
}
