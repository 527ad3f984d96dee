package io.photophone.analysis;

import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/// Both microphones of a cell, computed by formulas of their own and quantised to 24 bits.
///
/// A tone in antiphase, white noise of each microphone, and what a test adds.
public final class TestSignal {
  public static final CaptureTime START =
      new CaptureTime(1_800_000_000_000_000_000L, 5_000_000_000L);

  public final int rateHz;
  public final float[] a;
  public final float[] b;

  /// Silence.
  public TestSignal(int rateHz, int samples) {
    this.rateHz = rateHz;
    a = new float[samples];
    b = new float[samples];
  }

  /// The difference of the microphones gets amplitude · cos(2π·hz·n / rate + phase).
  public TestSignal tone(double hz, double amplitude, double phaseDeg) {
    return tone(hz, amplitude, phaseDeg, 0, a.length);
  }

  /// A tone from one sample to before another.
  public TestSignal tone(double hz, double amplitude, double phaseDeg, int from, int to) {
    for (int n = from; n < to; n++) {
      double cycles = Math.IEEEremainder(hz * n, rateHz) / rateHz;
      double value = amplitude * Math.cos(2 * Math.PI * cycles + Math.toRadians(phaseDeg)) / 2;
      a[n] += (float) value;
      b[n] -= (float) value;
    }
    return this;
  }

  /// White noise of this root mean square in each microphone, independent.
  public TestSignal white(double rms, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int n = 0; n < a.length; n++) {
      a[n] += (float) (rms * random.nextGaussian());
      b[n] += (float) (rms * random.nextGaussian());
    }
    return this;
  }

  /// Noise whose power falls as 1/f from about 10 Hz to 10 kHz, independent in the microphones.
  public TestSignal flow(double rms, long seed) {
    if (rms == 0) {
      return this;
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] poles = {0.9987, 0.9948, 0.979, 0.92, 0.72, 0.3};
    double[] stateA = new double[poles.length];
    double[] stateB = new double[poles.length];
    for (int n = 0; n < a.length; n++) {
      for (int k = 0; k < poles.length; k++) {
        double gain = rms * Math.sqrt((1 - poles[k] * poles[k]) / poles.length);
        stateA[k] = poles[k] * stateA[k] + gain * random.nextGaussian();
        stateB[k] = poles[k] * stateB[k] + gain * random.nextGaussian();
        a[n] += (float) stateA[k];
        b[n] += (float) stateB[k];
      }
    }
    return this;
  }

  /// Mains hum and its third harmonic in both microphones, 10 % weaker in B.
  public TestSignal hum(double amplitude) {
    for (int n = 0; n < a.length; n++) {
      double angle = 2 * Math.PI * 50 * (n % rateHz) / rateHz;
      double value = amplitude * (Math.sin(angle) + 0.3 * Math.sin(3 * angle + 1));
      a[n] += (float) value;
      b[n] += (float) (0.9 * value);
    }
    return this;
  }

  public TestSignal offset(double valueA, double valueB) {
    for (int n = 0; n < a.length; n++) {
      a[n] += (float) valueA;
      b[n] += (float) valueB;
    }
    return this;
  }

  /// Rounds to steps of 2^−23 and limits to the converter's range.
  public TestSignal quantised() {
    for (float[] channel : List.of(a, b)) {
      for (int n = 0; n < channel.length; n++) {
        double steps = Math.rint(channel[n] * 0x1p23);
        channel[n] = (float) (Math.min(Math.max(steps, -0x1p23), 0x1p23 - 1) * 0x1p-23);
      }
    }
    return this;
  }

  public List<AudioFrame> frames() {
    return frames(1600);
  }

  public List<AudioFrame> frames(int length) {
    return frames(number -> length);
  }

  /// Cuts everything into frames of the length that each number says.
  public List<AudioFrame> frames(IntUnaryOperator lengthOf) {
    List<AudioFrame> frames = new ArrayList<>();
    int from = 0;
    while (from < a.length) {
      int to = Math.min(a.length, from + lengthOf.applyAsInt(frames.size()));
      frames.add(frame(frames.size(), from, to));
      from = to;
    }
    return frames;
  }

  public AudioFrame frame(int number, int from, int to) {
    return new AudioFrame(
        Arrays.copyOfRange(a, from, to),
        Arrays.copyOfRange(b, from, to),
        rateHz,
        number,
        from,
        START.plusNanos(Math.round(from * 1e9 / rateHz)));
  }
}
