package io.photophone.acquisition.source;

import io.photophone.acquisition.source.SimulatedCellConfig.FaultKind;
import io.photophone.model.Range;
import java.io.IOException;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;

/// A photoacoustic cell that exists only as its equations, with the truth about what it plays.
///
/// The same configuration and the same commands at the same samples give the same samples to the
/// bit, on every machine and for any sizes of the reads. It never ends. A [FaultKind#DROPOUT] takes
/// samples away and changes no other.
///
/// Any thread may command it while another reads.
///
/// Contract: M11.
public final class SimulatedCell implements AudioSource {
  /*
   * The mode. With f the laser's modulation and f0 the resonance, pressure is Re(z e^(i2πfn/rate)),
   * n being the sample's absolute index, so that no phase restarts anywhere. The envelope z turns and
   * decays by itself and is driven by the heat that the gas absorbs:
   *
   *   dz/dt = λ (z − z∞)    λ = −π f0/Q + i 2π (f0 − f)
   *   z∞ = S (c + background) e^(iφ) / (1 − i 2Q (f0 − f)/f0)
   *
   * λ is a free mode's e^(i2πf0t − πf0t/Q) seen from the frame that turns at f: it rings down with
   * τ = Q/(π f0). z∞ is where drive and decay balance. A mode above the laser's frequency leads φ by
   * arctan(2Q (f0 − f)/f0), as a resonator below its resonance follows its drive more closely; one
   * below lags. While nothing changes z∞ + (z − z∞) e^(λt) is the exact solution, so one complex
   * multiplication a sample is no approximation.
   *
   * The microphones sit at antinodes of opposite sign and each takes half: A − B is the mode, and
   * what both hear alike, hum and flow, cancels. Each has white noise of its own. The converter
   * saturates at ±1.
   *
   * Commands. The envelope is seen from the frame that turns with the laser, so another modulation
   * or resonance changes λ and z∞ at its sample and lets z go on from where it is; the laser's phase
   * is carried over. A moving temperature is taken at the start of each block.
   *
   * Blocks. Samples are made in blocks at multiples of BLOCK and handed out from there, hence the
   * independence of the reads' sizes: oscillators are placed anew at each block.
   */

  private static final int BLOCK = 256;

  /// Third harmonic of the mains, over the first.
  static final double THIRD_HARMONIC = 0.3;

  /// Gain of both microphones while they clip, 60 dB.
  static final double CLIPPING_GAIN = 1000;

  /// White noise of a burst, over the ordinary.
  static final double BURST = 100;

  private final SimulatedCellConfig config;
  private final Schedule schedule;
  private final Orders orders;
  private final Oscillator mains;
  private final WhiteNoise whiteA;
  private final WhiteNoise whiteB;
  private final PinkNoise flow;

  /// Of the configuration, when nothing has drifted or been commanded.
  private final Mode undisturbed;

  private Oscillator laser;
  private double modulationHz;

  /// Of the span before, since most spans have the same.
  private Mode mode;

  private final float[] blockA = new float[BLOCK];
  private final float[] blockB = new float[BLOCK];

  /// The envelope at the next sample to be made.
  private double inPhase;

  private double quadrature;

  /// The sample after the last one made, a multiple of the block.
  private long made;

  /// The next sample to be taken.
  private long next;

  private volatile boolean closed;

  /// A resonance as its gain at the laser's frequency, 1 at the peak, and its motion in one sample,
  /// both complex.
  private record Mode(
      double resonanceHz,
      double modulationHz,
      double gainReal,
      double gainImaginary,
      double stepReal,
      double stepImaginary) {

    static Mode at(double resonanceHz, double modulationHz, SimulatedCellConfig config) {
      double detuning = 2 * config.quality() * (resonanceHz - modulationHz) / resonanceHz;
      double square = 1 + detuning * detuning;
      double decay =
          StrictMath.exp(-Math.PI * resonanceHz / config.quality() / config.sampleRateHz());
      double turn = 2 * Math.PI * (resonanceHz - modulationHz) / config.sampleRateHz();
      return new Mode(
          resonanceHz,
          modulationHz,
          1 / square,
          detuning / square,
          decay * StrictMath.cos(turn),
          decay * StrictMath.sin(turn));
    }
  }

  /// Begins at the script's first step, settled.
  public SimulatedCell(SimulatedCellConfig config) {
    this.config = config;
    schedule = new Schedule(config);
    orders = new Orders(config.temperatureC(), config.modulationHz(), config.sampleRateHz());
    modulationHz = config.modulationHz();
    laser = new Oscillator(modulationHz, config.sampleRateHz());
    mains = new Oscillator(config.humHz(), config.sampleRateHz());
    whiteA = new WhiteNoise(config.seed(), 0);
    whiteB = new WhiteNoise(config.seed(), 1);
    flow = new PinkNoise(new WhiteNoise(config.seed(), 2), config.sampleRateHz());
    undisturbed = Mode.at(config.resonanceHzAt(config.temperatureC()), modulationHz, config);
    mode = undisturbed;
    double amplitude = settledAmplitude(concentrationAt(0));
    double phase = StrictMath.toRadians(settledPhaseDeg());
    inPhase = amplitude * StrictMath.cos(phase);
    quadrature = amplitude * StrictMath.sin(phase);
  }

  @Override
  public String name() {
    return "simulated cell";
  }

  @Override
  public int sampleRateHz() {
    return config.sampleRateHz();
  }

  @Override
  public boolean live() {
    return false;
  }

  @Override
  public boolean simulated() {
    return true;
  }

  /// What the script says at a sample, counted from the first, in ppm and without the background.
  public double concentrationAt(long sample) {
    return schedule.at(sample).ppm();
  }

  /// Amplitude of A − B at the laser's frequency once this concentration has lasted, full-scale
  /// units (peak), for an undisturbed resonance.
  public double settledAmplitude(double ppm) {
    return config.sensitivity()
        * (ppm + config.backgroundPpm())
        * Math.sqrt(
            undisturbed.gainReal * undisturbed.gainReal
                + undisturbed.gainImaginary * undisturbed.gainImaginary);
  }

  /// Phase of A − B once it has settled, in (-180, 180], against a cosine at the first sample, for
  /// an undisturbed resonance.
  public double settledPhaseDeg() {
    double degrees =
        config.phaseDeg()
            + StrictMath.toDegrees(
                StrictMath.atan2(undisturbed.gainImaginary, undisturbed.gainReal));
    if (degrees > 180) {
      return degrees - 360;
    }
    return degrees > -180 ? degrees : degrees + 360;
  }

  /// Puts a command in force from the first sample on that has not been made and that no command
  /// waits for.
  ///
  /// @return that sample, counted from the cell's first
  /// @throws IllegalArgumentException if the sample rate doesn't carry a modulation
  public synchronized long command(SimulationCommand command) {
    long sample = Math.max(earliest(), orders.last());
    add(command, sample);
    return sample;
  }

  /// Puts a command in force from a sample on, counted from the cell's first.
  ///
  /// @throws IllegalArgumentException if the sample has been made, or is before that of the command
  ///   before, or if the sample rate doesn't carry a modulation
  public synchronized void command(SimulationCommand command, long sample) {
    if (sample < earliest()) {
      throw new IllegalArgumentException(
          "a command for sample %d, which has been made, allowed: from %d"
              .formatted(sample, earliest()));
    }
    add(command, sample);
  }

  private long earliest() {
    return Math.max(made, next);
  }

  private void add(SimulationCommand command, long sample) {
    if (command instanceof SimulationCommand.SetModulation(double hz)) {
      Range.between(0, config.sampleRateHz() / 2.0).check("hz", hz);
    }
    orders.add(sample, command);
  }

  /// What is in force at the first sample that a command can reach.
  public synchronized SimulationState state() {
    long sample = Math.max(earliest(), orders.last());
    Orders.Order order = orders.at(sample);
    Set<FaultKind> faults = EnumSet.noneOf(FaultKind.class);
    for (FaultKind kind : FaultKind.values()) {
      if (has(kind, sample)) {
        faults.add(kind);
      }
    }
    return new SimulationState(
        sample,
        ppmAt(sample),
        order.ppm() == null,
        order.temperature().at(sample),
        resonanceHzAt(sample),
        order.modulationHz(),
        faults);
  }

  /// Ends early where a dropout begins; the samples of a dropout take as long to make as others.
  @Override
  public synchronized SourceRead read(int sampleCount) throws IOException {
    if (sampleCount < 1) {
      throw new IllegalArgumentException("sample count is not positive: " + sampleCount);
    }
    checkOpen();
    long lost = 0;
    while (has(FaultKind.DROPOUT, next)) {
      long end = endOf(next);
      lost += end - next;
      next = end;
    }
    int count = 1;
    while (count < sampleCount && !has(FaultKind.DROPOUT, next + count)) {
      count = (int) Math.min(sampleCount, endOf(next + count) - next);
    }
    float[] a = new float[count];
    float[] b = new float[count];
    int done = 0;
    while (done < count) {
      while (made <= next) {
        makeBlock();
      }
      int at = (int) (next - (made - BLOCK));
      int taken = Math.min(count - done, BLOCK - at);
      System.arraycopy(blockA, at, a, done, taken);
      System.arraycopy(blockB, at, b, done, taken);
      done += taken;
      next += taken;
    }
    orders.forget(Math.min(made, next));
    return new SourceRead.Samples(a, b, lost, OptionalLong.empty());
  }

  private boolean has(FaultKind fault, long sample) {
    return schedule.at(sample).has(fault) || orders.at(sample).has(fault, sample);
  }

  private long endOf(long sample) {
    return Math.min(schedule.endOf(sample), orders.endOf(sample));
  }

  private double ppmAt(long sample) {
    Double ordered = orders.at(sample).ppm();
    return ordered == null ? schedule.at(sample).ppm() : ordered;
  }

  private double resonanceHzAt(long sample) {
    double hz = config.resonanceHzAt(orders.at(sample).temperature().at(sample));
    return has(FaultKind.DRIFT, sample) ? hz + hz / config.quality() : hz;
  }

  private void makeBlock() throws IOException {
    checkOpen();
    laser.moveTo(made);
    mains.moveTo(made);
    int done = 0;
    while (done < BLOCK) {
      long sample = made + done;
      int end = (int) Math.min(BLOCK, endOf(sample) - made);
      tune(sample);
      make(sample, done, end);
      done = end;
    }
    made += BLOCK;
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException(name() + ": is closed");
    }
  }

  /// Sets laser and mode to what holds from a sample on.
  private void tune(long sample) {
    double orderedHz = orders.at(sample).modulationHz();
    if (orderedHz != modulationHz) {
      modulationHz = orderedHz;
      laser = laser.turnedTo(orderedHz, config.sampleRateHz(), sample);
      laser.moveTo(sample);
    }
    double resonanceHz = resonanceHzAt(sample);
    if (resonanceHz != mode.resonanceHz || modulationHz != mode.modulationHz) {
      mode = Mode.at(resonanceHz, modulationHz, config);
    }
  }

  private void make(long sample, int from, int to) {
    double gain = has(FaultKind.CLIPPING, sample) ? CLIPPING_GAIN : 1;
    double white = config.whiteNoiseRms() * (has(FaultKind.NOISE_BURST, sample) ? BURST : 1);
    boolean numbers = !has(FaultKind.NO_NUMBERS, sample);
    double peak = config.sensitivity() * (ppmAt(sample) + config.backgroundPpm());
    double phase = StrictMath.toRadians(config.phaseDeg());
    double peakReal = peak * StrictMath.cos(phase);
    double peakImaginary = peak * StrictMath.sin(phase);
    Mode now = mode;
    double settledReal = peakReal * now.gainReal - peakImaginary * now.gainImaginary;
    double settledImaginary = peakReal * now.gainImaginary + peakImaginary * now.gainReal;
    for (int i = from; i < to; i++) {
      double half = (inPhase * laser.cos() - quadrature * laser.sin()) / 2;
      double offReal = inPhase - settledReal;
      double offImaginary = quadrature - settledImaginary;
      inPhase = settledReal + offReal * now.stepReal - offImaginary * now.stepImaginary;
      quadrature = settledImaginary + offReal * now.stepImaginary + offImaginary * now.stepReal;
      double cos = mains.cos();
      double thirdHarmonic = (4 * cos * cos - 3) * cos;
      double common =
          config.humAmplitude() * (cos + THIRD_HARMONIC * thirdHarmonic)
              + config.flowNoiseRms() * flow.next();
      float a = converted(gain * (common + half + white * whiteA.next()));
      float b = converted(gain * (common - half + white * whiteB.next()));
      blockA[i] = numbers ? a : Float.NaN;
      blockB[i] = numbers ? b : Float.NaN;
      laser.advance();
      mains.advance();
    }
  }

  private static float converted(double value) {
    return (float) Math.clamp(value, -1, 1);
  }

  @Override
  public void close() {
    closed = true;
  }
}
