package io.photophone.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/// One signal, handed over in pieces of any length.
final class Cuts {
  /// A part that takes samples of one signal.
  interface Part<T> {
    void process(long firstIndex, double[] samples, int length, Consumer<T> out);
  }

  /// Pieces of 1, 37, 1600, 4096 and random lengths, the last by a fixed seed.
  static final List<IntUnaryOperator> LENGTHS = lengths();

  private Cuts() {}

  private static List<IntUnaryOperator> lengths() {
    List<IntUnaryOperator> lengths = new ArrayList<>();
    for (int length : new int[] {1, 37, 1600, 4096}) {
      lengths.add(number -> length);
    }
    lengths.add(number -> 1 + new SplittableRandom(number).nextInt(3000));
    return lengths;
  }

  /// What a part gives for samples from an absolute index on, in pieces of one length. The pieces
  /// come in an array that is longer than they are.
  static <T> List<T> run(
      Part<T> part, long firstIndex, double[] samples, IntUnaryOperator lengthOf) {
    List<T> out = new ArrayList<>();
    int number = 0;
    for (int from = 0; from < samples.length; ) {
      int length = Math.min(samples.length - from, lengthOf.applyAsInt(number));
      double[] piece = Arrays.copyOf(Arrays.copyOfRange(samples, from, from + length), length + 9);
      Arrays.fill(piece, length, length + 9, 1e9);
      part.process(firstIndex + from, piece, length, out::add);
      from += length;
      number++;
    }
    return out;
  }

  /// amplitude · cos(2π·hz·n / 48000 + phase) for n from an absolute index on.
  static double[] tone(long firstIndex, int length, double hz, double amplitude, double phaseDeg) {
    double[] samples = new double[length];
    for (int i = 0; i < length; i++) {
      double cycles = Math.IEEEremainder(hz * (firstIndex + i), 48_000) / 48_000;
      samples[i] = amplitude * Math.cos(2 * Math.PI * cycles + Math.toRadians(phaseDeg));
    }
    return samples;
  }

  static double[] white(int length, double rms, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] samples = new double[length];
    for (int i = 0; i < length; i++) {
      samples[i] = rms * random.nextGaussian();
    }
    return samples;
  }

  static double[] sum(double[] first, double[] second) {
    double[] sum = first.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += second[i];
    }
    return sum;
  }
}
