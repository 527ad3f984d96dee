package io.photophone.acquisition.source;

/// The point e^(i2πfn/rate) on the unit circle, for sample after sample n, or one that takes over
/// from such a point at another frequency without a jump.
///
/// It moves by rotation, which costs four multiplications, and is placed anew by its absolute index
/// wherever [#moveTo] is called, so that rounding doesn't add up.
final class Oscillator {
  private final double cyclesPerSample;
  private final long since;
  private final double cyclesBefore;
  private final double stepCos;
  private final double stepSin;
  private double cos = 1;
  private double sin;

  Oscillator(double frequencyHz, int sampleRateHz) {
    this(frequencyHz / sampleRateHz, 0, 0);
  }

  private Oscillator(double cyclesPerSample, long since, double cyclesBefore) {
    this.cyclesPerSample = cyclesPerSample;
    this.since = since;
    this.cyclesBefore = cyclesBefore;
    stepCos = StrictMath.cos(2 * Math.PI * cyclesPerSample);
    stepSin = StrictMath.sin(2 * Math.PI * cyclesPerSample);
  }

  /// An oscillator that has this one's phase at a sample and another frequency from there on.
  Oscillator turnedTo(double frequencyHz, int sampleRateHz, long sample) {
    return new Oscillator(frequencyHz / sampleRateHz, sample, cyclesAt(sample));
  }

  /// In [0, 1).
  private double cyclesAt(long sample) {
    double cycles = cyclesBefore + (sample - since) * cyclesPerSample;
    return cycles - Math.floor(cycles);
  }

  void moveTo(long sample) {
    double phase = 2 * Math.PI * cyclesAt(sample);
    cos = StrictMath.cos(phase);
    sin = StrictMath.sin(phase);
  }

  void advance() {
    double turned = cos * stepCos - sin * stepSin;
    sin = cos * stepSin + sin * stepCos;
    cos = turned;
  }

  double cos() {
    return cos;
  }

  double sin() {
    return sin;
  }
}
