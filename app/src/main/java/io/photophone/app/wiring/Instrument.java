package io.photophone.app.wiring;

import io.photophone.acquisition.daemon.AcquisitionDaemon;
import io.photophone.acquisition.daemon.DaemonControl;
import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.stream.AudioStreamConsumer;
import io.photophone.acquisition.stream.AudioStreamConsumer.Next;
import io.photophone.acquisition.stream.SharedAudioStream;
import io.photophone.acquisition.stream.StreamClock;
import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.analysis.Measurement;
import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.SpectrumAnalyzer;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.app.calibration.Calibrator;
import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.ChannelOptions;
import io.photophone.channels.ChannelStats;
import io.photophone.channels.LatencyTracking;
import io.photophone.dsp.Window;
import io.photophone.model.AudioFrame;
import io.photophone.model.Reading;
import io.photophone.model.Spectrum;
import io.photophone.model.Streamed;
import io.photophone.server.ChannelList;
import io.photophone.server.InstrumentInfo;
import io.photophone.server.LiveInstrument;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A running instrument: the acquisition, what is measured of its frames, and the channels that
/// carry both.
final class Instrument implements ChannelList, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Instrument.class.getName());
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

  /// An hour of readings of one second, so that a page that opens has a trend to show.
  private static final int RETAINED_READINGS = 3600;

  private final MeasurementConfig measurement;
  private final Calibrator calibrator;
  private final StreamingConfig streaming;
  private final AcquisitionDaemon daemon;
  private final DaemonControl control;
  private final AnalysisWorkers workers;
  private final BroadcastChannel<Streamed<Spectrum>> spectra;
  private final BroadcastChannel<Streamed<Reading>> readings;

  /// The thread that brings the frames to the workers, from [#start] on.
  private @Nullable Thread analysis;

  /// What the source said of itself when it was opened last; written by the thread that opens it.
  private volatile @Nullable Opened opened;

  private record Opened(String name, int sampleRateHz, boolean simulated, boolean live) {
    static Opened of(AudioSource source) {
      return new Opened(source.name(), source.sampleRateHz(), source.simulated(), source.live());
    }
  }

  /// A stopped instrument.
  ///
  /// @param speed how many times faster than real time a recording is played; 0 for as fast as the
  ///   measurement keeps up
  Instrument(
      AudioSource.Opener opener,
      double speed,
      StreamingConfig streaming,
      MeasurementConfig measurement,
      Calibrator calibrator,
      AnalysisWorkers workers) {
    this.workers = workers;
    this.streaming = streaming;
    this.measurement = measurement;
    this.calibrator = calibrator;
    String name = measurement.instrument();
    this.spectra = channel(name + "/spectra", streaming.bufferFrames());
    this.readings = channel(name + "/readings", RETAINED_READINGS);
    this.daemon =
        AcquisitionDaemon.builder()
            .source(() -> {
              AudioSource source = opener.open();
              opened = Opened.of(source);
              return source;
            })
            .stream(
                new SharedAudioStream(
                    name + "/frames", streaming.bufferFrames(), StreamClock.SYSTEM))
            .targetFps(streaming.targetFps())
            .speed(speed)
            .build();
    this.control = new DaemonControl(name + "/commands", daemon);
  }

  /// Slow enough that every message can be timed.
  private static <T> BroadcastChannel<T> channel(String name, int capacity) {
    return new BroadcastChannel<>(ChannelOptions.of(name, capacity).latency(LatencyTracking.FULL));
  }

  @Override
  public List<ChannelStats> stats() {
    return List.of(
        daemon.stream().channelStats(),
        spectra.stats(),
        readings.stats(),
        control.channel().stats());
  }

  /// Opens the source and begins to measure.
  ///
  /// @return what the server shows of it
  /// @throws IOException if the source can't be opened
  /// @throws IllegalArgumentException if the source's rate doesn't allow the measurement
  LiveInstrument start() throws IOException {
    AudioStreamConsumer frames = daemon.stream().subscribePacing("analysis");
    daemon.start();
    Opened source = opened;
    if (source == null) {
      throw new IllegalStateException("a started daemon has opened its source");
    }
    AnalysisLoop loop;
    try {
      loop = new AnalysisLoop(frames, source);
    } catch (IllegalArgumentException e) {
      daemon.close();
      throw e;
    }
    calibrator.start(readings);
    Calibration calibration = calibrationAt(null);
    analysis = Thread.ofVirtual().name("frames of " + measurement.instrument()).start(loop);
    return new LiveInstrument(
        new InstrumentInfo(
            measurement.instrument(),
            measurement.gas(),
            calibration == null ? null : calibration.unit().wireName(),
            measurement.modulationHz(),
            measurement.integration().toNanos() / 1e9,
            new InstrumentInfo.Source(source.name(), source.simulated(), source.live()),
            source.sampleRateHz(),
            streaming.targetFps(),
            calibration == null ? null : calibration.id(),
            Version.TEXT),
        streaming,
        daemon.stream(),
        daemon::state,
        daemon::targetFps,
        control::ask,
        spectra,
        readings,
        calibrator.live());
  }

  private @Nullable Calibration calibrationAt(@Nullable Instant at) {
    return calibrator.calibrations().inForce(measurement.gas(), at);
  }

  /// Measures frames until the stream is closed. A fault of the measurement costs a window and is
  /// logged; the thread outlives it.
  private final class AnalysisLoop implements Runnable {
    private final AudioStreamConsumer frames;
    private final boolean simulated;
    private int sampleRateHz;
    private Measurement chain;
    private SpectrumAnalyzer spectrum;

    /// What the frame in work gave; like the above the worker's until the piece is done, and then
    /// this loop's.
    private final List<Reading> measuredReadings = new ArrayList<>();

    private @Nullable Spectrum measuredSpectrum;

    AnalysisLoop(AudioStreamConsumer frames, Opened source) {
      this.frames = frames;
      this.simulated = source.simulated();
      this.sampleRateHz = source.sampleRateHz();
      this.chain =
          Measurement.calibratedBy(
              measurement, Instrument.this::calibrationAt, sampleRateHz, simulated);
      this.spectrum = new SpectrumAnalyzer(streaming.spectralWindow(), Window.HANN);
    }

    @Override
    public void run() {
      try (frames) {
        while (receive()) {}
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        spectra.close();
        readings.close();
      }
    }

    private boolean receive() throws InterruptedException {
      switch (frames.next(WAIT)) {
        case Next.Frame(AudioFrame frame) -> {
          if (!workers.carryOut(() -> measureOrBeginAnew(frame))) {
            return false;
          }
          sendMeasured();
        }
        case Next.Lagged(long missed) ->
            LOG.log(System.Logger.Level.WARNING, "the measurement missed {0} frames", missed);
        case Next.Ended(String reason) -> {
          spectra.send(new Streamed.End<>(reason));
          readings.send(new Streamed.End<>(reason));
          // What a new start brings doesn't continue what came before.
          beginAnew(sampleRateHz);
        }
        case Next.TimedOut() -> {}
        case Next.Closed _ -> {
          return false;
        }
      }
      return true;
    }

    private void measureOrBeginAnew(AudioFrame frame) {
      try {
        measure(frame);
      } catch (RuntimeException e) {
        LOG.log(
            System.Logger.Level.ERROR,
            "the measurement failed at frame " + frame.frameNumber() + " and begins anew",
            e);
        beginAnew(frame.sampleRateHz());
      }
    }

    private void measure(AudioFrame frame) {
      if (frame.sampleRateHz() != sampleRateHz) {
        LOG.log(
            System.Logger.Level.WARNING,
            "the sample rate changed from {0} Hz to {1} Hz: the measurement begins anew",
            sampleRateHz,
            frame.sampleRateHz());
        beginAnew(frame.sampleRateHz());
      }
      chain.process(frame, measuredReadings::add);
      measuredSpectrum = spectrum.process(frame);
    }

    /// On the thread of this loop, since a channel has one sender and the workers take turns.
    private void sendMeasured() {
      for (Reading reading : measuredReadings) {
        readings.send(new Streamed.Item<>(reading));
      }
      measuredReadings.clear();
      Spectrum completed = measuredSpectrum;
      if (completed != null) {
        spectra.send(new Streamed.Item<>(completed));
        measuredSpectrum = null;
      }
    }

    private void beginAnew(int rateHz) {
      chain =
          Measurement.calibratedBy(measurement, Instrument.this::calibrationAt, rateHz, simulated);
      spectrum = new SpectrumAnalyzer(streaming.spectralWindow(), Window.HANN);
      sampleRateHz = rateHz;
    }
  }

  /// Stops the source, measures what it had delivered, and ends the channels. Idempotent.
  @Override
  public void close() {
    control.close();
    daemon.close();
    Thread running = analysis;
    if (running == null) {
      return;
    }
    try {
      running.join(STOP_LIMIT);
    } catch (InterruptedException e) {
      running.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
