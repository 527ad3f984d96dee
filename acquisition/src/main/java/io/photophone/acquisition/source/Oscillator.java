package io.photophone.acquisition.source;

/// The point e^(i2πfn/rate) on the unit circle, for sample after sample n.
///
/// It moves by rotation, which costs four multiplications, and is placed anew by its absolute index
/// wherever [#moveTo] is called, so that rounding doesn't add up.
final class Oscillator {
  private final double cyclesPerSample;
  private final double stepCos;
  private final double stepSin;
  private double cos = 1;
  private double sin;

  Oscillator(double frequencyHz, int sampleRateHz) {
    cyclesPerSample = frequencyHz / sampleRateHz;
    stepCos = StrictMath.cos(2 * Math.PI * cyclesPerSample);
    stepSin = StrictMath.sin(2 * Math.PI * cyclesPerSample);
  }

  void moveTo(long sample) {
    double cycles = sample * cyclesPerSample;
    double phase = 2 * Math.PI * (cycles - Math.floor(cycles));
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
