package io.photophone.analysis.graph;

import io.photophone.analysis.graph.Output.Results;
import io.photophone.analysis.graph.Output.Signal;
import io.photophone.dsp.Complex;
import io.photophone.dsp.LockIn;
import io.photophone.dsp.RcLockIn;
import io.photophone.dsp.RcLowPass;
import io.photophone.dsp.Reference;
import io.photophone.dsp.RunningLockIn;
import io.photophone.dsp.SosFilter;
import io.photophone.model.AudioFrame;
import io.photophone.model.Locked;
import io.photophone.model.Phasor;
import io.photophone.model.ReadingFlag;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/// A dual-phase lock-in over windows of whole modulation periods, all of one length N, on the grid
/// \[wN, (w + 1)N) of absolute sample indices.
///
/// Every window of which a sample arrived gives one value, once its end has passed. Missing samples
/// flag the window GAP. The window's blocks that are complete and settled give the value if they
/// are half of it or more; else the phasor is [Phasor#NONE]. With an RC low-pass the value is the
/// low-pass's at the window's end, and there is none until it has settled behind a gap; what it
/// still holds of windows before counts for the flags.
///
/// Amplitude and phase are those before the filters. A sample allocates nothing; a window's end
/// allocates its value and about 50 kB of garbage.
///
/// Contract: M5, M6, M7, M12, M13.
final class LockInNode implements Node {
  private static final double SIGNIFICANT_SIGMAS = 3;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /// Of a jump of the signal, what an RC low-pass may still lack when it counts as settled.
  private static final double SETTLED = 1e-6;

  /// How much further away than its bandwidth a low-pass has the signal's image: less leaves so
  /// much of it that taking it out adds to the noise.
  private static final double IMAGE_OVER_BANDWIDTH = 8;

  private static final byte UNUSABLE = Signal.MISSING | Signal.SETTLING;

  private final Signal input;
  private final Results<Locked> output = new Results<>();
  private final double frequencyHz;
  private final long windowLength;
  private final LockIn lockIn;
  private final BlockSums blocks;
  private final @Nullable LowPass lowPass;

  /// Index of the sample that comes next.
  private long next;

  private boolean begun;
  private int block;
  private long blockEnd;
  private boolean blockUsable;
  private long windowStart;

  /// Whether a sample of the window has come.
  private boolean windowBegun;

  private @Nullable Instant windowTime;
  private byte marks;
  private boolean gap;

  /// @param filters what the samples have passed
  /// @throws IllegalArgumentException for a frequency that the rate doesn't carry, for filters too
  ///   narrow for windows so short, and for a low-pass that lets the signal's image through
  LockInNode(
      NodeKind.LockIn kind,
      Signal input,
      List<NodeKind.Filter> filters,
      int sampleRateHz,
      long phaseOrigin) {
    this.input = input;
    frequencyHz = kind.modulationHz() * kind.harmonic();
    if (!(frequencyHz < sampleRateHz / 2.0)) {
      throw new IllegalArgumentException(
          "%s is %s, allowed at a sample rate of %d Hz: below %s"
              .formatted(
                  kind.harmonic() == 1 ? "modulation_hz" : "modulation_hz · harmonic",
                  frequencyHz,
                  sampleRateHz,
                  sampleRateHz / 2.0));
    }
    checkLowPass(kind.lowPass(), sampleRateHz);
    windowLength = windowLength(kind, sampleRateHz);
    double seconds = (double) windowLength / sampleRateHz;
    if ((sampleRateHz / 2.0 - frequencyHz) * seconds < 1) {
      throw new IllegalArgumentException(
          "frequency %s Hz can't be told from its image over %s s at a sample rate of %d Hz, allowed: up to %s"
              .formatted(frequencyHz, seconds, sampleRateHz, sampleRateHz / 2.0 - 1 / seconds));
    }
    Reference reference =
        new Reference(kind.modulationHz(), sampleRateHz)
            .from(phaseOrigin)
            .harmonic(kind.harmonic());
    lockIn = new LockIn(reference);
    List<SosFilter> passed =
        filters.stream().map(f -> SosFilter.of(f.shape(), f.band(), sampleRateHz)).toList();
    blocks =
        new BlockSums(
            lockIn,
            cycles -> response(passed, cycles),
            reference.cyclesPerSample(),
            sampleRateHz,
            windowLength);
    lowPass =
        kind.lowPass() == null
            ? null
            : new LowPass(kind.lowPass(), reference, cycles -> response(passed, cycles));
    windowStart = -windowLength;
  }

  private void checkLowPass(@Nullable RcLowPass rc, int sampleRateHz) {
    double widestHz =
        Math.min(2 * frequencyHz, sampleRateHz - 2 * frequencyHz) / IMAGE_OVER_BANDWIDTH;
    if (rc != null && rc.bandwidthHz() > widestHz) {
      throw new IllegalArgumentException(
          "bandwidth of the low-pass is %s Hz, allowed for %s Hz at a sample rate of %d Hz: up to %s;"
                  .formatted(rc.bandwidthHz(), frequencyHz, sampleRateHz, widestHz)
              + " choose a longer time constant");
    }
  }

  private static Complex response(List<SosFilter> filters, double cyclesPerSample) {
    Complex product = Complex.ONE;
    for (SosFilter filter : filters) {
      product = product.times(filter.response(cyclesPerSample));
    }
    return product;
  }

  /// Samples of one window: the whole periods nearest to the integration, rounded to a sample.
  static long windowLength(NodeKind.LockIn kind, int sampleRateHz) {
    double seconds = kind.integration().toNanos() / 1e9;
    long periods = Math.max(1, Math.round(seconds * kind.modulationHz()));
    return Math.round(periods * sampleRateHz / kind.modulationHz());
  }

  /// A running lock-in and since when it can be believed.
  private static final class LowPass {
    /// A noise density that the present window's has to be below by this factor to count as past.
    private static final double LOUDER = 2;

    /// Steps of the integral over the low-pass; exact to 1e-6 for one without filters before it.
    private static final int STEPS = 2000;

    private final RunningLockIn lockIn;
    private final Complex response;
    private final double noiseBandwidthHz;
    private final long settlingSamples;
    private boolean running;
    private long settledFrom;

    /// Up to this sample it holds something of one that was clipped.
    private long clippedUntil;

    /// Up to this sample it holds something of a signal that has changed.
    private long changedUntil;

    /// The loudest noise that it still holds something of, and up to which sample.
    private double loudestDensity;

    private long loudUntil;

    /// The mean of the window before.
    private Phasor before = Phasor.NONE;

    /// @param filters response of what the samples passed before, over cycles per sample
    LowPass(RcLowPass lowPass, Reference reference, DoubleFunction<Complex> filters) {
      lockIn = new RcLockIn(reference, lowPass);
      response = filters.apply(reference.cyclesPerSample());
      noiseBandwidthHz = noiseBandwidthHz(lowPass, reference, filters);
      settlingSamples = lockIn.settlingSamples(SETTLED);
    }

    /// What filters and low-pass let through of white noise together, where the signal's gain is 1.
    ///
    /// With tan θ = 2π·f·TC the low-pass's power is cos θ to twice the order, and f runs over all
    /// frequencies while θ runs to a quarter of a turn.
    private static double noiseBandwidthHz(
        RcLowPass lowPass, Reference reference, DoubleFunction<Complex> filters) {
      double centre = reference.cyclesPerSample();
      double power = filters.apply(centre).squaredMagnitude();
      double cornerHz = 1 / (2 * Math.PI * lowPass.timeConstantSeconds());
      double sum = 0;
      for (int k = 0; k < STEPS; k++) {
        double angle = Math.PI / 2 * (k + 0.5) / STEPS;
        double offset = cornerHz * StrictMath.tan(angle) / reference.rateHz();
        double passed =
            (filters.apply(centre + offset).squaredMagnitude()
                    + filters.apply(centre - offset).squaredMagnitude())
                / (2 * power);
        sum += StrictMath.pow(StrictMath.cos(angle), 2 * lowPass.order() - 2) * passed;
      }
      return cornerHz * Math.PI / 2 / STEPS * sum;
    }

    void add(long index, double sample) {
      if (!running) {
        lockIn.start(index);
        running = true;
        settledFrom = index + settlingSamples;
      }
      lockIn.add(sample);
    }

    void clipped(long index) {
      clippedUntil = index + settlingSamples;
    }

    /// Compares a window that ends before this sample with the one before it.
    void follow(BlockSums.Estimate estimate, long end) {
      if (estimate.changed() || estimate.differsFrom(before)) {
        changedUntil = end + settlingSamples;
      }
      before = estimate.phasor();
      if (end >= loudUntil || estimate.noiseDensity() >= loudestDensity) {
        loudestDensity = estimate.noiseDensity();
        loudUntil = end + settlingSamples;
      }
    }

    void stop() {
      running = false;
    }

    boolean settledAt(long index) {
      return running && index >= settledFrom;
    }

    Phasor phasor(double noiseDensity) {
      Complex signal = lockIn.signal().dividedBy(response);
      double density = loudestDensity > LOUDER * noiseDensity ? loudestDensity : noiseDensity;
      return new Phasor(signal.re(), signal.im(), density * Math.sqrt(noiseBandwidthHz));
    }
  }

  @Override
  public Results<Locked> output() {
    return output;
  }

  @Override
  public void process() {
    output.values().clear();
    AudioFrame frame = input.frame();
    long first = frame.firstSampleIndex();
    if (first > next || !begun) {
      skipTo(first);
    }
    int length = input.length();
    for (int from = 0; from < length; ) {
      if (!windowBegun) {
        windowBegun = true;
        windowTime = timeAt(windowStart, frame);
      }
      int to = (int) Math.min(length, from + blockEnd - next);
      measure(from, to);
      next += to - from;
      from = to;
      if (next == blockEnd) {
        endBlock();
      }
    }
  }

  /// Begins, or goes on behind missing samples.
  private void skipTo(long index) {
    begun = true;
    if (lowPass != null) {
      lowPass.stop();
    }
    if (index >= windowStart + windowLength) {
      if (windowBegun) {
        gap = true;
        endWindow();
      }
      beginWindow(index - index % windowLength);
    }
    gap |= index > windowStart;
    while (windowStart + blocks.offset(block + 1) <= index) {
      block++;
    }
    next = index;
    beginBlock();
    blockUsable &= index == windowStart + blocks.offset(block);
  }

  private void measure(int from, int to) {
    double[] samples = input.samples();
    byte[] sampleMarks = input.marks();
    for (int i = from; i < to; i++) {
      marks |= sampleMarks[i];
      if ((sampleMarks[i] & UNUSABLE) != 0) {
        blockUsable = false;
        if (lowPass != null) {
          lowPass.stop();
        }
      } else {
        if (blockUsable) {
          lockIn.add(samples[i]);
        }
        if (lowPass != null) {
          lowPass.add(next + (i - from), samples[i]);
          if ((sampleMarks[i] & Signal.CLIPPED) != 0) {
            lowPass.clipped(next + (i - from));
          }
        }
      }
    }
  }

  private void beginBlock() {
    blockEnd = windowStart + blocks.offset(block + 1);
    blockUsable = true;
    lockIn.start(next);
  }

  private void endBlock() {
    if (blockUsable) {
      blocks.put(block, lockIn.sum());
    }
    block++;
    if (block == BlockSums.BLOCKS) {
      endWindow();
      beginWindow(next);
    }
    beginBlock();
  }

  private void beginWindow(long start) {
    windowStart = start;
    windowBegun = false;
    windowTime = null;
    marks = 0;
    gap = false;
    block = 0;
    blocks.clear();
  }

  private void endWindow() {
    BlockSums.Estimate estimate = blocks.estimate(windowStart);
    boolean settling = (marks & Signal.SETTLING) != 0 || estimate.changed();
    Phasor phasor = estimate.phasor();
    boolean clipped = (marks & Signal.CLIPPED) != 0;
    if (lowPass != null) {
      long end = windowStart + windowLength;
      lowPass.follow(estimate, end);
      boolean settled = lowPass.settledAt(end);
      phasor = settled ? lowPass.phasor(estimate.noiseDensity()) : Phasor.NONE;
      settling |= !settled || end < lowPass.changedUntil || estimate.differsFrom(phasor);
      clipped |= end < lowPass.clippedUntil;
    }
    if (phasor.amplitude() == 0 && phasor.standardUncertainty() == 0) {
      // No converter is so quiet: what is connected there is no microphone.
      phasor = Phasor.NONE;
    }
    Set<ReadingFlag> flags = EnumSet.noneOf(ReadingFlag.class);
    addIf(settling, ReadingFlag.SETTLING, flags);
    addIf(gap || (marks & Signal.MISSING) != 0, ReadingFlag.GAP, flags);
    addIf(clipped, ReadingFlag.CLIPPED, flags);
    addIf(!(phasor.signalToNoise() >= SIGNIFICANT_SIGMAS), ReadingFlag.LOW_SIGNAL, flags);
    output
        .values()
        .add(
            new Locked(
                windowStart,
                windowStart + windowLength,
                windowTime,
                frequencyHz,
                phasor,
                estimate.noiseDensity(),
                flags,
                null));
  }

  static void addIf(boolean condition, ReadingFlag flag, Set<ReadingFlag> flags) {
    if (condition) {
      flags.add(flag);
    }
  }

  /// When a sample was captured, by the frame's time and the sample rate, to the microsecond; null
  /// where the recording doesn't tell.
  private static @Nullable Instant timeAt(long index, AudioFrame frame) {
    if (!frame.captured().isKnown()) {
      return null;
    }
    double seconds = (double) (index - frame.firstSampleIndex()) / frame.sampleRateHz();
    double micros = frame.captured().epochNanos() % NANOS_PER_SECOND / 1e3 + seconds * 1e6;
    long wholeSeconds = frame.captured().epochNanos() / NANOS_PER_SECOND;
    return Instant.ofEpochSecond(wholeSeconds).plus(Math.round(micros), ChronoUnit.MICROS);
  }
}
