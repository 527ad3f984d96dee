package io.photophone.analysis.graph;

import io.photophone.dsp.Complex;
import java.util.function.DoubleFunction;

/// How white noise looks after the filters, seen through the blocks of one window.
///
/// Power at the offset x / window length from the modulation frequency is that of the white noise
/// times |H|², relative to the modulation frequency itself; averaging over a block multiplies it by
/// sinc²(x / blocks), and sampling block by block folds it.
final class NoiseShape {
  /// How many times the blocks' sampling folds the band, to each side, that are counted.
  private static final int FOLDS = 32;

  private final DoubleFunction<Complex> response;
  private final double cyclesPerSample;
  private final long windowLength;
  private final double power;

  /// @param response of the filters, over cycles per sample
  NoiseShape(DoubleFunction<Complex> response, double cyclesPerSample, long windowLength) {
    this.response = response;
    this.cyclesPerSample = cyclesPerSample;
    this.windowLength = windowLength;
    power = response.apply(cyclesPerSample).squaredMagnitude();
  }

  /// Power of the blocks at `bin` cycles per window, relative to white noise that no filter shaped.
  double binPower(int bin) {
    double sum = 0;
    double weights = 0;
    for (int fold = -FOLDS; fold <= FOLDS; fold++) {
      double offset = bin + (double) fold * BlockSums.BLOCKS;
      double weight = squaredSinc(offset / BlockSums.BLOCKS);
      sum += weight * powerAt(offset);
      weights += weight;
    }
    return sum / weights;
  }

  /// Mean square of the mean of a group of blocks over that of the difference of two successive
  /// blocks; 1 / (2 · blocks in a group) where the band is wide.
  double groupOverDifference() {
    double group = 0;
    double difference = 0;
    double reach = (double) FOLDS * BlockSums.BLOCKS;
    for (double offset = 0.25 - reach; offset < reach; offset += 0.5) {
      double block = offset / BlockSums.BLOCKS;
      double sine = StrictMath.sin(Math.PI * block);
      double shape = powerAt(offset);
      group += shape * squaredSinc(block * BlockSums.BLOCKS_IN_GROUP);
      difference += shape * squaredSinc(block) * 4 * sine * sine;
    }
    return group / difference;
  }

  /// Power of the filters at an offset in cycles per window, over that at the centre.
  double powerAt(double offset) {
    return response.apply(cyclesPerSample + offset / windowLength).squaredMagnitude() / power;
  }

  private static double squaredSinc(double x) {
    if (x == 0) {
      return 1;
    }
    double sinc = StrictMath.sin(Math.PI * x) / (Math.PI * x);
    return sinc * sinc;
  }
}
