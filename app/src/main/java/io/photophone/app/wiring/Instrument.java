package io.photophone.app.wiring;

import io.photophone.acquisition.daemon.AcquisitionDaemon;
import io.photophone.acquisition.daemon.DaemonControl;
import io.photophone.acquisition.environment.EnvironmentFeed;
import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.source.SimulatedSource;
import io.photophone.acquisition.stream.AudioStreamConsumer;
import io.photophone.acquisition.stream.AudioStreamConsumer.Next;
import io.photophone.acquisition.stream.SharedAudioStream;
import io.photophone.acquisition.stream.StreamClock;
import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.acquisition.supervision.Task;
import io.photophone.analysis.StabilityAnalysis;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.graph.AnalysisGraph;
import io.photophone.analysis.graph.GraphContext;
import io.photophone.analysis.graph.GraphException;
import io.photophone.analysis.graph.GraphProblem;
import io.photophone.analysis.graph.GraphSpec;
import io.photophone.analysis.graph.NodeKind;
import io.photophone.app.calibration.Calibrator;
import io.photophone.app.config.ConfigError;
import io.photophone.app.config.ConfigException;
import io.photophone.app.config.GraphText;
import io.photophone.app.config.InstrumentConfig;
import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.ChannelOptions;
import io.photophone.channels.ChannelStats;
import io.photophone.channels.LatencyTracking;
import io.photophone.model.AudioFrame;
import io.photophone.model.FrameLog;
import io.photophone.model.FrameStep;
import io.photophone.model.NodeOutput;
import io.photophone.model.Reading;
import io.photophone.model.Spectrum;
import io.photophone.model.Streamed;
import io.photophone.model.SystemEvent;
import io.photophone.server.ChannelList;
import io.photophone.server.InstrumentInfo;
import io.photophone.server.LiveAnalysis;
import io.photophone.server.LiveInstrument;
import io.photophone.server.LiveSystem;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A running instrument: the acquisition, what is measured of its frames, and the channels that
/// carry both. Contract: E5.
final class Instrument implements ChannelList, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Instrument.class.getName());
  private static final long FRAME_UNKNOWN = -1;
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(1);
  private static final Duration REPLACE_LIMIT = Duration.ofSeconds(5);

  /// An hour of readings of one second, so that a page that opens has a trend to show.
  private static final int RETAINED_READINGS = 3600;

  /// What a recording's rate is reckoned to be at most, since it isn't known before it is opened.
  private static final int HIGHEST_RATE_HZ = 192_000;

  /// What tapped nodes give waits here for the server; samples come 30 times a second.
  private static final int RETAINED_OUTPUTS = 256;

  private final InstrumentConfig config;

  /// What holds of it after reloads; of the thread that reloads.
  private InstrumentConfig configured;

  private final Calibrator calibrator;
  private final AcquisitionDaemon daemon;
  private final DaemonControl control;
  private final EnvironmentFeed environment;
  private final Services services;
  private final @Nullable SimulatedSource simulation;
  private final CellSweeps sweeps;
  private final BroadcastChannel<Streamed<Spectrum>> spectra;
  private final BroadcastChannel<Streamed<Reading>> readings;
  private final BroadcastChannel<Streamed<NodeOutput>> outputs;
  private final AlarmWatch alarms;

  /// The graph that the next frame is to find in place; taken by the thread that brings frames.
  private final AtomicReference<@Nullable Replacement> replacement = new AtomicReference<>();

  /// Names of the nodes whose outputs are wanted; written by the server's threads.
  private volatile Set<String> tapped = Set.of();

  /// At 0 when the last frame is measured.
  private final CountDownLatch measured = new CountDownLatch(1);

  private final FrameLog frameLog;
  private final StreamWatch watch;

  /// From [#start] on.
  private volatile @Nullable AnalysisLoop measuring;

  /// What the source said of itself when it was opened last; written by the thread that opens it.
  private volatile @Nullable Opened opened;

  private record Opened(String name, int sampleRateHz, boolean simulated, boolean live) {
    static Opened of(AudioSource source) {
      return new Opened(source.name(), source.sampleRateHz(), source.simulated(), source.live());
    }
  }

  private record Replacement(GraphSpec graph, CompletableFuture<Void> done) {}

  /// A stopped instrument.
  ///
  /// @param speed how many times faster than real time a recording is played; 0 for as fast as the
  ///   measurement keeps up
  /// @param environment closed with the instrument
  Instrument(
      AudioSource.Opener opener,
      double speed,
      InstrumentConfig config,
      Calibrator calibrator,
      EnvironmentFeed environment,
      Services services) {
    this.environment = environment;
    this.services = services;
    this.config = config;
    this.configured = config;
    this.calibrator = calibrator;
    StreamingConfig streaming = config.streaming();
    String name = config.name();
    this.simulation = opener instanceof SimulatedSource simulated ? simulated : null;
    this.sweeps =
        new CellSweeps(name, simulation, new SweepStore(services.data(), name), Clock.systemUTC());
    int frames =
        streaming.bufferFrames(config.source().knownSampleRateHz().orElse(HIGHEST_RATE_HZ));
    this.spectra = channel(name + "/spectra", frames);
    this.readings = channel(name + "/readings", RETAINED_READINGS);
    this.outputs = channel(name + "/nodes", RETAINED_OUTPUTS);
    this.alarms = new AlarmWatch(name, config.alarms(), StreamClock.SYSTEM);
    this.frameLog = services.frameLogs().apply(name);
    this.daemon =
        AcquisitionDaemon.builder()
            .source(() -> {
              AudioSource source = opener.open();
              opened = Opened.of(source);
              return source;
            })
            .stream(new SharedAudioStream(name + "/frames", frames, StreamClock.SYSTEM))
            .targetFps(streaming.targetFps())
            .speed(speed)
            .recovery(services.recovery())
            .events(name, services::tell)
            .frames(frameLog)
            .build();
    this.watch = new StreamWatch(name, daemon, speed, services::tell, StreamClock.SYSTEM);
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
        outputs.stats(),
        alarms.events().stats(),
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
    AnalysisLoop running;
    try {
      running = new AnalysisLoop(frames, source);
    } catch (IllegalArgumentException e) {
      daemon.close();
      throw e;
    }
    calibrator.start(readings, services.tasks());
    alarms.start(readings, services.tasks());
    services
        .tasks()
        .start(
            new Task(
                "frames of " + config.name(), Task.Kind.CRITICAL, true, running, frames::close));
    services.tasks().start(watch.task());
    measuring = running;
    return new LiveInstrument(
        config.name(),
        () -> info(source, running.graph().spec()),
        config.streaming(),
        daemon.stream(),
        frameLog,
        daemon::state,
        daemon::targetFps,
        control::ask,
        simulation,
        sweeps,
        spectra,
        readings,
        new LiveAnalysis(
            () -> GraphText.write(running.graph().spec()),
            () -> running.graph().timings(),
            this::replace,
            this::tap,
            outputs),
        environment::state,
        StabilityAnalysis::of,
        alarms.live(),
        calibrator.live());
  }

  private InstrumentInfo info(Opened source, GraphSpec graph) {
    NodeKind.LockIn lockIn = graph.first(NodeKind.LockIn.class);
    NodeKind.Concentration gas = graph.first(NodeKind.Concentration.class);
    String gasName = gas == null ? config.measurement().gas() : gas.gas();
    Calibration calibration = calibrator.calibrations().inForce(gasName, null);
    return new InstrumentInfo(
        config.name(),
        gasName,
        calibration == null ? null : calibration.unit().wireName(),
        lockIn == null ? config.measurement().modulationHz() : lockIn.modulationHz(),
        (lockIn == null ? config.measurement().integration() : lockIn.integration()).toNanos()
            / 1e9,
        new InstrumentInfo.Source(source.name(), source.simulated(), source.live()),
        source.sampleRateHz(),
        config.streaming().targetFps(),
        calibration == null ? null : calibration.id(),
        Version.TEXT);
  }

  private void tap(Set<String> nodes) {
    tapped = Set.copyOf(nodes);
  }

  /// Puts another graph in place between two frames. It holds until the instrument is closed.
  private CompletableFuture<Void> replace(String text) {
    GraphSpec graph;
    try {
      graph = config.calibrated(GraphText.read(text));
      config.checkAlarms(graph);
    } catch (ConfigException e) {
      return CompletableFuture.failedFuture(
          new LiveAnalysis.Refused(e.errors().stream().map(ConfigError::toString).toList()));
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(
          new LiveAnalysis.Refused(List.of(String.valueOf(e.getMessage()))));
    }
    return replace(graph).done();
  }

  private Replacement replace(GraphSpec graph) {
    Replacement next = new Replacement(graph, new CompletableFuture<>());
    Replacement before = replacement.getAndSet(next);
    if (before != null) {
      before.done().completeExceptionally(new IllegalStateException("another came after it"));
    }
    return next;
  }

  /// Puts in force what a configuration has changed of what can be changed: the frame rate and the
  /// graph.
  ///
  /// @throws LiveSystem.Refused if the measurement can't be so; nothing has changed then
  void configure(InstrumentConfig next) throws LiveSystem.Refused {
    AnalysisLoop running = measuring;
    if (running == null) {
      throw new IllegalStateException("not started: " + config.name());
    }
    if (!next.measurement().equals(configured.measurement())
        || !Objects.equals(next.analysis(), configured.analysis())) {
      replaceAndWait(next.withCalibration(config.calibration()).graph(running.sampleRateHz()));
    }
    daemon.changeTargetFps(next.streaming().targetFps());
    if (!next.alarms().equals(configured.alarms())) {
      alarms.replace(next.alarms());
    }
    configured = next;
  }

  private void replaceAndWait(GraphSpec graph) throws LiveSystem.Refused {
    Replacement asked = replace(graph);
    try {
      asked.done().get(REPLACE_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LiveSystem.Refused(List.of("the reload was interrupted"));
    } catch (ExecutionException e) {
      throw new LiveSystem.Refused(
          e.getCause() instanceof LiveAnalysis.Refused refused
              ? refused.errors()
              : List.of(String.valueOf(e.getCause())));
    } catch (TimeoutException e) {
      replacement.compareAndSet(asked, null);
      throw new LiveSystem.Refused(
          List.of(
              "%s has not taken the graph within %d s"
                  .formatted(config.name(), REPLACE_LIMIT.toSeconds())));
    }
  }

  /// Measures frames until the stream is closed. A fault of the measurement costs a window and is
  /// logged; the thread outlives it.
  private final class AnalysisLoop implements Task.Body {
    private final AudioStreamConsumer frames;
    private final boolean simulated;

    /// Whether the graph is what the API asked for, not what is configured.
    private boolean replaced;

    /// Written by this loop and, while it waits for them, by the workers.
    private volatile AnalysisGraph graph;

    /// The sample rate that the graph doesn't allow; 0 while it does.
    private int refusedRateHz;

    /// Whether the next frame is the first of a source that was started anew.
    private boolean ended;

    /// The first sample of the source.
    private long origin;

    /// What the frame in work gave; the worker's until the piece is done, and then this loop's.
    private final List<NodeOutput> given = new ArrayList<>();

    AnalysisLoop(AudioStreamConsumer frames, Opened source) {
      this.frames = frames;
      this.simulated = source.simulated();
      this.graph =
          AnalysisGraph.of(config.graph(source.sampleRateHz()), context(source.sampleRateHz(), 0));
    }

    AnalysisGraph graph() {
      return graph;
    }

    private GraphContext context(int sampleRateHz, long phaseOrigin) {
      return new GraphContext(
          config.name(),
          sampleRateHz,
          simulated,
          phaseOrigin,
          (gas, at) -> calibrator.calibrations().acceptedInForce(gas, at),
          environment::at);
    }

    int sampleRateHz() {
      return graph.sampleRateHz();
    }

    @Override
    public void run() throws InterruptedException {
      try (frames) {
        while (receive()) {}
      } finally {
        measured.countDown();
        spectra.close();
        readings.close();
        outputs.close();
      }
    }

    private boolean receive() throws InterruptedException {
      Next next = frames.next(WAIT);
      replaceIfAsked();
      switch (next) {
        case Next.Frame(AudioFrame frame) -> {
          if (!services.workers().carryOut(() -> measureOrBeginAnew(frame))) {
            return false;
          }
          sendGiven();
          frameLog.happened(
              FrameStep.MEASURED,
              frame.frameNumber(),
              System.nanoTime() - frame.captured().monotonicNanos());
          services.tell(
              new SystemEvent.FrameProcessed(
                  frame.captured().instant(), config.name(), frame.frameNumber()));
        }
        case Next.Lagged(long missed) -> {
          frameLog.happened(FrameStep.LAG, FRAME_UNKNOWN, missed);
          LOG.log(System.Logger.Level.WARNING, "the measurement missed {0} frames", missed);
        }
        case Next.Ended(String reason) -> {
          spectra.send(new Streamed.End<>(reason));
          readings.send(new Streamed.End<>(reason));
          outputs.send(new Streamed.End<>(reason));
          // What a new start brings doesn't continue what came before.
          ended = true;
        }
        case Next.TimedOut() -> {}
        case Next.Closed _ -> {
          return false;
        }
      }
      return true;
    }

    private void replaceIfAsked() {
      Replacement next = replacement.getAndSet(null);
      if (next == null) {
        return;
      }
      try {
        graph =
            refusedRateHz == 0
                ? graph.replacedBy(next.graph())
                : AnalysisGraph.of(next.graph(), context(refusedRateHz, origin));
        refusedRateHz = 0;
        replaced = true;
        next.done().complete(null);
      } catch (GraphException e) {
        next.done()
            .completeExceptionally(
                new LiveAnalysis.Refused(e.problems().stream().map(GraphProblem::text).toList()));
      }
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
      int rateHz = frame.sampleRateHz();
      if (ended) {
        ended = false;
        origin = frame.firstSampleIndex();
        beginAnew(rateHz);
      } else if (rateHz != (refusedRateHz == 0 ? graph.sampleRateHz() : refusedRateHz)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "the sample rate changed from {0} Hz to {1} Hz: the measurement begins anew",
            graph.sampleRateHz(),
            rateHz);
        origin = frame.firstSampleIndex();
        beginAnew(rateHz);
      }
      if (refusedRateHz != 0) {
        return;
      }
      graph.tap(tapped);
      graph.process(frame, given::add);
    }

    /// On the thread of this loop, since a channel has one sender and the workers take turns.
    private void sendGiven() {
      for (NodeOutput output : given) {
        if (output instanceof NodeOutput.Measured(_, Reading reading, boolean result) && result) {
          readings.send(new Streamed.Item<>(reading));
        }
        if (tapped.contains(output.node())) {
          outputs.send(new Streamed.Item<>(output));
        }
      }
      given.stream()
          .filter(this::isForDisplay)
          .findFirst()
          .ifPresent(output ->
              spectra.send(new Streamed.Item<>(((NodeOutput.Spectral) output).spectrum())));
      given.clear();
    }

    /// The stream of spectra has one axis, so it carries those of the configured size alone.
    private boolean isForDisplay(NodeOutput output) {
      return output instanceof NodeOutput.Spectral(_, Spectrum spectrum)
          && spectrum.bins() == config.streaming().spectralWindow() / 2 + 1;
    }

    /// Keeps a graph that the API put in place. One that the rate doesn't allow measures nothing
    /// until there is another rate.
    private void beginAnew(int rateHz) {
      try {
        GraphSpec spec = replaced ? graph.spec() : config.graph(rateHz);
        graph = AnalysisGraph.of(spec, context(rateHz, origin));
        refusedRateHz = 0;
      } catch (GraphException e) {
        refusedRateHz = rateHz;
        LOG.log(
            System.Logger.Level.ERROR,
            "nothing is measured at a sample rate of {0} Hz: {1}",
            rateHz,
            e.getMessage());
      }
    }
  }

  /// Stops the source, measures what it had delivered, and ends the channels. Idempotent.
  @Override
  public void close() {
    sweeps.close();
    control.close();
    daemon.close();
    Replacement waiting = replacement.getAndSet(null);
    if (waiting != null) {
      waiting.done().completeExceptionally(new IllegalStateException("the instrument stops"));
    }
    watch.stop();
    if (measuring != null) {
      try {
        if (measured.await(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
          alarms.join(STOP_LIMIT);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    environment.close();
  }
}
