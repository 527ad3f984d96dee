package io.photophone.analysis.resonance;

import io.photophone.dsp.Complex;
import io.photophone.dsp.LockIn;
import io.photophone.dsp.Reference;
import io.photophone.model.Phasor;

/// The measured part of one step: a lock-in at the step's frequency over sixteen blocks of whole
/// periods, rounded to samples. For one thread; a sample allocates nothing.
///
/// The mean of the blocks is the step's phasor, their scatter its uncertainty, and a first half
/// that differs from the second means that the resonance hadn't settled.
final class StepBlocks {
  static final int BLOCKS = 16;

  private static final double CHANGE_IN_SIGMAS = 6;
  private static final double CHANGE_OF_AMPLITUDE = 0.001;

  private final LockIn lockIn;

  /// Turns a phase against the reference into one against the laser.
  private final Complex turn;

  private final double periodSamples;
  private final long first;
  private final int periodsInBlock;
  private final Complex[] phasors = new Complex[BLOCKS];
  private int block;
  private long blockBegin;
  private long blockEnd;
  private long next;
  private boolean missing;

  /// @param first the first sample to be measured, counted from the step's first
  /// @param length of the step in samples
  /// @param cyclesAtStart the laser's phase at the step's first sample
  StepBlocks(double frequencyHz, int sampleRateHz, long first, long length, double cyclesAtStart) {
    lockIn = new LockIn(new Reference(frequencyHz, sampleRateHz));
    turn = Complex.atCycles(-cyclesAtStart);
    periodSamples = sampleRateHz / frequencyHz;
    this.first = first;
    periodsInBlock = (int) ((length - first) / periodSamples / BLOCKS);
    next = first;
    begin();
  }

  private long boundary(int of) {
    return first + Math.round(of * periodsInBlock * periodSamples);
  }

  private void begin() {
    blockBegin = boundary(block);
    blockEnd = boundary(block + 1);
    lockIn.start(blockBegin);
  }

  /// Adds a sample, which is left out where it isn't of a block.
  ///
  /// @param sample counted from the step's first
  void add(long sample, double value) {
    if (sample < first || block == BLOCKS) {
      return;
    }
    missing |= sample != next || !Double.isFinite(value);
    next = sample + 1;
    if (missing) {
      return;
    }
    lockIn.add(value);
    if (next == blockEnd) {
      long length = blockEnd - blockBegin;
      phasors[block] =
          LockIn.signal(lockIn.sum(), lockIn.image(blockBegin, blockEnd), length).times(turn);
      block++;
      if (block < BLOCKS) {
        begin();
      }
    }
  }

  /// The step's phasor against the laser; [Phasor#NONE] if samples are missing.
  Phasor phasor() {
    if (missing || block < BLOCKS) {
      return Phasor.NONE;
    }
    Complex mean = mean(0, BLOCKS);
    return new Phasor(mean.re(), mean.im(), uncertainty(mean));
  }

  /// Standard uncertainty of each part of the mean.
  private double uncertainty(Complex mean) {
    double squares = 0;
    for (Complex each : phasors) {
      squares += each.minus(mean).squaredMagnitude();
    }
    return Math.sqrt(squares / (2 * (BLOCKS - 1)) / BLOCKS);
  }

  private Complex mean(int from, int to) {
    Complex sum = Complex.ZERO;
    for (int i = from; i < to; i++) {
      sum = sum.plus(phasors[i]);
    }
    return sum.times(1.0 / (to - from));
  }

  /// Whether both halves agree within their noise, or within a thousandth.
  boolean settled() {
    if (missing || block < BLOCKS) {
      return false;
    }
    Complex before = mean(0, BLOCKS / 2);
    Complex after = mean(BLOCKS / 2, BLOCKS);
    double change = after.minus(before).magnitude();
    double noise = 2 * neighbourDeviation();
    return change <= CHANGE_IN_SIGMAS * noise || change <= CHANGE_OF_AMPLITUDE * after.magnitude();
  }

  /// Standard uncertainty of each part of the mean by the differences of neighbouring blocks, which
  /// a slow change hardly enters.
  private double neighbourDeviation() {
    double squares = 0;
    for (int i = 1; i < BLOCKS; i++) {
      squares += phasors[i].minus(phasors[i - 1]).squaredMagnitude();
    }
    return Math.sqrt(squares / (4 * (BLOCKS - 1)) / BLOCKS);
  }
}
