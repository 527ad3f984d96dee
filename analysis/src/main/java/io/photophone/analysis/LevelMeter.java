package io.photophone.analysis;

import io.photophone.model.AudioFrame;
import io.photophone.model.Level;
import java.util.function.Consumer;

/// Level, offset and clipping of both microphones, for each interval of samples.
///
/// Every interval of which a sample arrived gives one [Level], once its end has passed; samples
/// that never came are told as missing. Levels are the same bits however the samples were cut into
/// frames. One thread at a time; allocates nothing but its results.
///
/// Contract: M12.
public final class LevelMeter {
  private final IntervalGrid grid;
  private final Sums a = new Sums();
  private final Sums b = new Sums();

  /// @param intervalSamples samples of one interval
  public LevelMeter(int intervalSamples) {
    grid = new IntervalGrid(intervalSamples);
  }

  /// Takes the next frame and hands over what it completed.
  ///
  /// @throws IllegalArgumentException if its first sample has passed
  public void process(AudioFrame frame, Consumer<? super Level> levels) {
    long first = frame.firstSampleIndex();
    if (grid.isGap(first)) {
      if (grid.leaves(first)) {
        end(levels);
      }
      grid.moveTo(first);
    }
    float[] samplesA = frame.channelA();
    float[] samplesB = frame.channelB();
    for (int i = 0; i < samplesA.length; i++) {
      a.add(samplesA[i]);
      b.add(samplesB[i]);
      if (grid.advance()) {
        end(levels);
        grid.moveTo(grid.next());
      }
    }
  }

  private void end(Consumer<? super Level> levels) {
    levels.accept(
        new Level(grid.start(), grid.end(), a.channel(grid.length()), b.channel(grid.length())));
    a.clear();
    b.clear();
  }

  /// Of one microphone over the present interval.
  private static final class Sums {
    private double sum;
    private double squares;
    private double peak;
    private int clipped;
    private int count;

    void add(double sample) {
      if (!Double.isFinite(sample)) {
        return;
      }
      double magnitude = Math.abs(sample);
      sum += sample;
      squares += sample * sample;
      peak = Math.max(peak, magnitude);
      if (magnitude >= Level.FULL_SCALE) {
        clipped++;
      }
      count++;
    }

    Level.Channel channel(int length) {
      if (count == 0) {
        return new Level.Channel(Double.NaN, Double.NaN, Double.NaN, 0, length);
      }
      return new Level.Channel(
          Math.sqrt(squares / count), peak, sum / count, clipped, length - count);
    }

    void clear() {
      sum = 0;
      squares = 0;
      peak = 0;
      clipped = 0;
      count = 0;
    }
  }
}
