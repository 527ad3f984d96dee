package io.photophone.analysis;

import io.photophone.analysis.calibration.Calibration;
import io.photophone.dsp.FilterBand;
import io.photophone.dsp.FilterShape;
import io.photophone.dsp.LockIn;
import io.photophone.dsp.Reference;
import io.photophone.dsp.SosFilter;
import io.photophone.model.AudioFrame;
import io.photophone.model.Concentration;
import io.photophone.model.Environment;
import io.photophone.model.Phasor;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One instrument's chain from frames to readings: channel, band-pass, lock-in, calibration.
///
/// Readings are of windows of whole modulation periods, all of one length N, on the grid \[wN, (w +
/// 1)N) of absolute sample indices. They depend on the samples and their indices alone, bit for
/// bit: not on how the samples were cut into frames, nor on the machine. Amplitude and phase are
/// those of the chosen channel before the band-pass. The start time alone comes from the frames'
/// capture times, and is as exact as they are.
///
/// Every window of which a sample arrived gives one reading, once its end has passed. A sample that
/// is lost, or no finite number, is missing: it flags the window GAP and the filter starts anew
/// behind it. The window's blocks that are complete and settled give the value if they are half of
/// it or more; else the phasor is [Phasor#NONE]. A stream that is joined inside a window is one
/// whose samples before are missing.
///
/// One thread at a time. A sample allocates nothing and takes no lock; a window's end allocates its
/// reading and about 50 kB of garbage.
///
/// Contract: M5, M6, M7, M12, M13.
public final class Measurement {
  private static final FilterShape FILTER_SHAPE = new FilterShape.Butterworth(2);

  /// Of the filter's first answer to a jump, what may be left when a block begins.
  private static final double SETTLED = 1e-6;

  /// A sample from here on is at its converter's end, with 16 bits or more.
  private static final double FULL_SCALE = 1 - 0x1p-15;

  private static final double SIGNIFICANT_SIGMAS = 3;

  /// Across the calibrated phase there is only noise as long as the resonance stays; at 5° the
  /// detuned cell already reads 0.8 % low.
  private static final double ACROSS_IN_SIGMAS = 6;

  private static final double ACROSS_OVER_ALONG = Math.tan(Math.toRadians(5));
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final MeasurementConfig config;
  private final Function<@Nullable Instant, @Nullable Calibration> inForce;
  private final int sampleRateHz;
  private final boolean simulated;
  private final long windowLength;
  private final SosFilter filter;
  private final int settlingSamples;
  private final LockIn lockIn;
  private final BlockSums blocks;

  /// Index of the sample that comes next.
  private long next;

  /// From this sample on the filter has settled.
  private long settledFrom;

  private int block;
  private long blockEnd;
  private boolean blockUsable;

  private long windowStart;

  /// Whether a sample of the window has come.
  private boolean windowBegun;

  private @Nullable Instant windowTime;
  private boolean gap;
  private boolean settling;
  private boolean clipped;

  /// Refuses a modulation or a band that the sample rate doesn't carry, and an integration too
  /// short for the band.
  ///
  /// @param calibration for all windows; null for none
  /// @param simulated whether the samples are computed; flags every reading
  public Measurement(
      MeasurementConfig config,
      @Nullable Calibration calibration,
      int sampleRateHz,
      boolean simulated) {
    this(config, at -> calibration, sampleRateHz, simulated);
  }

  /// With the calibration that is in force when a window begins.
  ///
  /// @param inForce takes that time, null where a recording doesn't tell; asked once for each
  ///   window, when it ends
  public static Measurement calibratedBy(
      MeasurementConfig config,
      Function<@Nullable Instant, @Nullable Calibration> inForce,
      int sampleRateHz,
      boolean simulated) {
    return new Measurement(config, inForce, sampleRateHz, simulated);
  }

  private Measurement(
      MeasurementConfig config,
      Function<@Nullable Instant, @Nullable Calibration> inForce,
      int sampleRateHz,
      boolean simulated) {
    this.config = config;
    this.inForce = inForce;
    this.sampleRateHz = sampleRateHz;
    this.simulated = simulated;
    double modulationHz = config.modulationHz();
    double nyquistHz = sampleRateHz / 2.0;
    if (!(modulationHz < nyquistHz)) {
      throw new IllegalArgumentException(
          "modulation_hz is %s, allowed at a sample rate of %d Hz: below %s"
              .formatted(modulationHz, sampleRateHz, nyquistHz));
    }
    windowLength = windowLength(config, sampleRateHz);
    double halfWidthHz =
        Math.min(config.bandwidthHz() / 2, Math.min(modulationHz, nyquistHz - modulationHz) / 2);
    double seconds = (double) windowLength / sampleRateHz;
    if (halfWidthHz * seconds < BlockSums.FEWEST_SIDE_BINS || windowLength < BlockSums.BLOCKS) {
      throw new IllegalArgumentException(
          "a band of %s ± %s Hz is too narrow for readings over %s s, needed: ± %s Hz"
              .formatted(modulationHz, halfWidthHz, seconds, BlockSums.FEWEST_SIDE_BINS / seconds));
    }
    filter =
        SosFilter.of(
            FILTER_SHAPE,
            new FilterBand.BandPass(modulationHz - halfWidthHz, modulationHz + halfWidthHz),
            sampleRateHz);
    settlingSamples = filter.settlingSamples(SETTLED);
    Reference reference = new Reference(modulationHz, sampleRateHz);
    lockIn = new LockIn(reference);
    blocks =
        new BlockSums(
            lockIn, filter, halfWidthHz, reference.cyclesPerSample(), sampleRateHz, windowLength);
    windowStart = -windowLength;
  }

  /// Samples of one window: the whole periods nearest to the integration, rounded to a sample.
  private static long windowLength(MeasurementConfig config, int sampleRateHz) {
    double seconds = config.integration().toNanos() / 1e9;
    long periods = Math.max(1, Math.round(seconds * config.modulationHz()));
    return Math.round(periods * sampleRateHz / config.modulationHz());
  }

  /// Takes the stream's next frame, of any length; hands over the readings that it completes,
  /// oldest first.
  ///
  /// @throws IllegalArgumentException for another sample rate, or for samples that have passed
  public void process(AudioFrame frame, Consumer<? super Reading> readings) {
    if (frame.sampleRateHz() != sampleRateHz) {
      throw new IllegalArgumentException(
          "frame %d has %d Hz, the measurement runs at %d Hz"
              .formatted(frame.frameNumber(), frame.sampleRateHz(), sampleRateHz));
    }
    long first = frame.firstSampleIndex();
    if (first < next) {
      throw new IllegalArgumentException(
          "frame %d begins at sample %d, which has passed: next is %d"
              .formatted(frame.frameNumber(), first, next));
    }
    if (first > next || blockEnd == 0) {
      skipTo(first, readings);
    }
    int length = frame.length();
    for (int from = 0; from < length; ) {
      if (!windowBegun) {
        windowBegun = true;
        windowTime = timeAt(windowStart, frame);
      }
      int to = (int) Math.min(length, from + blockEnd - next);
      measure(frame, from, to);
      next += to - from;
      from = to;
      if (next == blockEnd) {
        endBlock(readings);
      }
    }
  }

  /// Begins, or goes on behind missing samples.
  private void skipTo(long index, Consumer<? super Reading> readings) {
    if (index >= windowStart + windowLength) {
      if (windowBegun) {
        gap = true;
        endWindow(readings);
      }
      beginWindow(index - index % windowLength);
    }
    gap |= index > windowStart;
    while (windowStart + blocks.offset(block + 1) <= index) {
      block++;
    }
    next = index;
    restartFilter(index);
    beginBlock();
  }

  /// Runs samples of one block through the filter and, if the block is usable, into the lock-in.
  private void measure(AudioFrame frame, int from, int to) {
    float[] a =
        config.channel() == MeasurementConfig.Channel.B ? frame.channelB() : frame.channelA();
    float[] b = frame.channelB();
    boolean difference = config.channel() == MeasurementConfig.Channel.DIFFERENCE;
    float peak = 0;
    for (int i = from; i < to; i++) {
      double sample = difference ? (double) a[i] - b[i] : a[i];
      if (Double.isFinite(sample)) {
        peak =
            Math.max(peak, difference ? Math.max(Math.abs(a[i]), Math.abs(b[i])) : Math.abs(a[i]));
        double filtered = filter.next(sample);
        if (blockUsable) {
          lockIn.add(filtered);
        }
      } else {
        gap = true;
        blockUsable = false;
        restartFilter(next + (i - from) + 1);
      }
    }
    clipped |= peak >= FULL_SCALE;
  }

  private void restartFilter(long index) {
    filter.reset();
    settledFrom = index + settlingSamples;
    settling = true;
  }

  private void beginBlock() {
    blockEnd = windowStart + blocks.offset(block + 1);
    blockUsable = next >= settledFrom;
    if (blockUsable) {
      lockIn.start(next);
    } else {
      settling = true;
    }
  }

  private void endBlock(Consumer<? super Reading> readings) {
    if (blockUsable) {
      blocks.put(block, lockIn.sum());
    }
    block++;
    if (block == BlockSums.BLOCKS) {
      endWindow(readings);
      beginWindow(next);
    }
    beginBlock();
  }

  private void beginWindow(long start) {
    windowStart = start;
    windowBegun = false;
    windowTime = null;
    gap = false;
    settling = false;
    clipped = false;
    block = 0;
    blocks.clear();
  }

  private void endWindow(Consumer<? super Reading> readings) {
    BlockSums.Estimate estimate = blocks.estimate(windowStart);
    Phasor phasor = estimate.phasor();
    Instant startTime = windowTime;
    Calibration calibration = inForce.apply(startTime);
    Concentration concentration =
        calibration == null ? null : calibration.concentration(phasor, Environment.UNKNOWN);
    Set<ReadingFlag> flags = EnumSet.noneOf(ReadingFlag.class);
    addIf(settling || estimate.changed(), ReadingFlag.SETTLING, flags);
    addIf(gap, ReadingFlag.GAP, flags);
    addIf(clipped, ReadingFlag.CLIPPED, flags);
    addIf(!(phasor.signalToNoise() >= SIGNIFICANT_SIGMAS), ReadingFlag.LOW_SIGNAL, flags);
    addIf(isOffResonance(phasor, calibration), ReadingFlag.OFF_RESONANCE, flags);
    addIf(isOutOfRange(concentration, calibration), ReadingFlag.OUT_OF_RANGE, flags);
    addIf(
        calibration != null && calibration.isExpired(startTime),
        ReadingFlag.CALIBRATION_EXPIRED,
        flags);
    addIf(calibration == null, ReadingFlag.UNCALIBRATED, flags);
    addIf(simulated, ReadingFlag.SIMULATED, flags);
    readings.accept(
        new Reading(
            config.instrument(),
            config.gas(),
            windowStart,
            windowStart + windowLength,
            sampleRateHz,
            startTime,
            config.modulationHz(),
            phasor,
            estimate.noiseDensity(),
            Environment.UNKNOWN,
            null,
            concentration,
            flags));
  }

  private static boolean isOffResonance(Phasor phasor, @Nullable Calibration calibration) {
    if (calibration == null) {
      return false;
    }
    double along = Math.abs(phasor.projectedOn(calibration.phaseDeg()));
    double across = Math.abs(phasor.projectedOn(calibration.phaseDeg() + 90));
    return across > ACROSS_IN_SIGMAS * phasor.standardUncertainty()
        && across > ACROSS_OVER_ALONG * along;
  }

  private static boolean isOutOfRange(
      @Nullable Concentration concentration, @Nullable Calibration calibration) {
    return calibration != null
        && concentration != null
        && (concentration.value() > calibration.highest()
            || concentration.value()
                < calibration.lowest() - SIGNIFICANT_SIGMAS * concentration.standardUncertainty());
  }

  private static void addIf(boolean condition, ReadingFlag flag, Set<ReadingFlag> flags) {
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
