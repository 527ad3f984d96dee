package io.photophone.analysis.resonance;

import io.photophone.dsp.Complex;
import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// What two antiphase microphones hear of a resonance while the laser follows a plan, without the
/// settling: at each step a tone at once, of the amplitude and phase of the resonance there.
record SweptTone(double resonanceHz, double quality, double amplitude, double phaseDeg) {
  static final int RATE = 16_000;

  /// Samples of A; those of B are their negatives.
  ///
  /// @param noise standard deviation of A and of B, which are independent
  float[][] samples(SweepPlan plan, double noise, long seed) {
    Random random = new Random(seed);
    int length = (int) plan.length(RATE);
    float[] a = new float[length];
    float[] b = new float[length];
    double cycles = 0;
    for (int step = 0; step < plan.steps(); step++) {
      double hz = plan.frequencyHz(step);
      Complex signal = signalAt(hz);
      for (int n = (int) plan.firstSample(step, RATE); n < plan.firstSample(step + 1, RATE); n++) {
        Complex turned = signal.times(Complex.atCycles(cycles));
        a[n] = (float) (turned.re() / 2 + noise * random.nextGaussian());
        b[n] = (float) (-turned.re() / 2 + noise * random.nextGaussian());
        cycles = (cycles + hz / RATE) % 1;
      }
    }
    return new float[][] {a, b};
  }

  Complex signalAt(double hz) {
    return Complex.atCycles(phaseDeg / 360)
        .times(amplitude)
        .dividedBy(new Complex(1, 2 * quality * (hz - resonanceHz) / resonanceHz));
  }

  /// Frames of so many samples, whose first has this index.
  static List<AudioFrame> frames(float[][] samples, long startSample, int frameLength) {
    List<AudioFrame> frames = new ArrayList<>();
    for (int from = 0; from < samples[0].length; from += frameLength) {
      int to = Math.min(samples[0].length, from + frameLength);
      frames.add(
          new AudioFrame(
              Arrays.copyOfRange(samples[0], from, to),
              Arrays.copyOfRange(samples[1], from, to),
              RATE,
              frames.size(),
              startSample + from,
              CaptureTime.UNKNOWN));
    }
    return frames;
  }
}
