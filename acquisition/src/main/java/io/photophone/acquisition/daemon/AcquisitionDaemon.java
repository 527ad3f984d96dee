package io.photophone.acquisition.daemon;

import dev.failsafe.Execution;
import dev.failsafe.RetryPolicy;
import io.photophone.acquisition.daemon.AcquisitionState.Phase;
import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.source.SourceRead;
import io.photophone.acquisition.stream.SharedAudioStream;
import io.photophone.acquisition.stream.StreamBuffer;
import io.photophone.acquisition.stream.StreamClock;
import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.model.AudioFrame;
import io.photophone.model.BreakerState;
import io.photophone.model.CaptureTime;
import io.photophone.model.FrameLog;
import io.photophone.model.FrameStep;
import io.photophone.model.StreamingException;
import io.photophone.model.SystemEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The thread that reads a source, cuts it into numbered frames and publishes them.
///
/// A live source sets the pace itself. Any other is paced by absolute deadlines on its sample
/// index, so that frames don't drift; after a stall the missed ticks are skipped and counted, not
/// made up for in a burst. Audio that is lost shows as a jump of the sample index. A source that
/// fails is opened anew with growing pauses for as long as the daemon runs, unless its failure says
/// that this can't help; one that isn't live begins anew then, which its consumers are told as an
/// end. A source that hangs is closed and opened anew. It ends by a stop, at the end of its source,
/// or when its stream is closed. Contract: A1, A3, A4, A5, A6, A7, A8, A10, A11, B8, B13, B24, B25,
/// B27.
public final class AcquisitionDaemon implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AcquisitionDaemon.class.getName());

  /// The wall clock was set if it leaves the monotonic one by more than this between two frames.
  private static final long CLOCK_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /// A frame that is published later than this part of its own length is late.
  private static final double LATE_PART_OF_FRAME = 0.5;

  /// While no read is under way.
  private static final long NOT_READING = Long.MIN_VALUE;

  /// Samples of the longest frame, 22 s at 48 kHz, however low the target rate is.
  static final int LONGEST_FRAME = 1 << 20;

  /// A lower rate that is asked for is this one: whoever listens hears within ten seconds that the
  /// source is alive.
  static final double LOWEST_FPS = 0.1;

  /// A number of frames doesn't depend on it.
  private static final int ANY_RATE_HZ = 48_000;

  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final AudioSource.Opener opener;
  private final SharedAudioStream stream;
  private final StreamClock clock;
  private final double speed;
  private final Consumer<? super IOException> errorHandler;
  private final String instrument;
  private final Consumer<? super SystemEvent> events;
  private final FrameLog frames;
  private final RecoveryConfig recovery;

  /// Reckons the pauses between attempts to open the source anew; the clock waits.
  private final RetryPolicy<SourceRead> retry;

  private final SourceBreaker breaker;
  private final PhaseMachine phase = new PhaseMachine();

  /// Guards [#opening], and that the interrupt of a stop hits nothing but the opening it is meant
  /// for.
  private final Object openingLock = new Object();

  private @Nullable Opening opening;

  /// Written by [#start] and [#stop], which hold the monitor.
  private volatile @Nullable Thread thread;

  /// Set by [#stop], read by the acquisition thread.
  private volatile boolean stopping;

  /// The open source; written by the acquisition thread (and by [#start] before that thread runs),
  /// closed by [#stop] to end a read that blocks.
  private volatile @Nullable AudioSource source;

  /// Below: written by the acquisition thread alone, read by all.
  private volatile long frameCount;

  /// When the read that is under way began, monotonic; read by [#checkSource].
  private volatile long readingSince = NOT_READING;

  private final AtomicLong stalls = new AtomicLong();
  private final AtomicLong clockSteps = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong lostSamples = new AtomicLong();
  private final AtomicLong skippedTicks = new AtomicLong();
  private volatile @Nullable String error;

  /// Frames a second; read by the acquisition thread for each frame.
  private volatile double targetFps;

  /// Index of the next sample; the acquisition thread's own.
  private long nextSample;

  private AcquisitionDaemon(Builder builder, AudioSource.Opener opener) {
    this.opener = opener;
    this.clock = builder.clock;
    this.targetFps = builder.targetFps;
    this.speed = builder.speed;
    this.errorHandler = builder.errorHandler;
    this.instrument = builder.instrument;
    this.events = builder.events;
    this.frames = builder.frames;
    this.recovery = builder.recovery;
    this.retry = recovery.policy();
    this.breaker = new SourceBreaker(recovery.attempts(), this::tellBreaker);
    SharedAudioStream given = builder.stream;
    this.stream = given == null ? new SharedAudioStream(builder.bufferFrames, clock) : given;
  }

  public static Builder builder() {
    return new Builder();
  }

  /// Opens the source and starts to publish; a warning and no more if the daemon runs already.
  ///
  /// @throws IOException if the source can't be opened; the daemon is stopped then
  /// @throws IllegalStateException if the stream is closed or has another producer; as a
  ///   [TransitionException] if the daemon is in [Phase#ERROR]
  public void start() throws IOException {
    if (onAcquisitionThread() || !startStopped()) {
      LOG.log(System.Logger.Level.WARNING, "acquisition is running already");
    }
  }

  private synchronized boolean startStopped() throws IOException {
    if (isRunning()) {
      return false;
    }
    joinEndedThread();
    phase.enter(Phase.STARTING);
    try {
      AudioSource opened = openToStart();
      if (phase.now() == Phase.STOPPING) {
        closeSource(opened);
      } else {
        begin(opened);
      }
      return true;
    } catch (IOException e) {
      if (phase.now() == Phase.STOPPING) {
        return true;
      }
      count(e);
      tell(StreamingException.of(e));
      throw e;
    } finally {
      if (thread == null) {
        phase.enter(Phase.STOPPED);
      }
    }
  }

  /// A start that somebody asked for is tried even while the breaker is open, as its probe.
  private AudioSource openToStart() throws IOException {
    Opening own = new Opening(Thread.currentThread());
    synchronized (openingLock) {
      opening = own;
    }
    breaker.admit();
    AudioSource opened = null;
    try {
      opened = opener.open();
      return opened;
    } finally {
      if (opened == null) {
        breaker.failed();
      } else {
        breaker.succeeded();
      }
      synchronized (openingLock) {
        opening = null;
        if (own.abandoned) {
          Thread.interrupted();
        }
      }
    }
  }

  /// A start while it opens the source. The flag is guarded by [#openingLock].
  private static final class Opening {
    private final Thread thread;
    private boolean abandoned;

    Opening(Thread thread) {
      this.thread = thread;
    }
  }

  /// Something to give up the present start by, and no later one.
  Runnable startInProgress() {
    synchronized (openingLock) {
      Opening present = opening;
      return present == null ? () -> {} : () -> abandon(present);
    }
  }

  private void abandon(Opening start) {
    synchronized (openingLock) {
      if (start.equals(opening) && phase.tryEnter(Phase.STOPPING)) {
        start.abandoned = true;
        start.thread.interrupt();
      }
    }
  }

  /// Takes over the source: it is closed if the thread can't be started.
  private void begin(AudioSource opened) {
    SharedAudioStream.Publisher publisher = null;
    boolean begun = false;
    try {
      publisher = stream.attach(opened.name());
      source = opened;
      stopping = false;
      Thread acquiring =
          Thread.ofPlatform().name("acquisition").unstarted(new Run(publisher, opened));
      thread = acquiring;
      acquiring.start();
      begun = true;
    } finally {
      if (!begun) {
        thread = null;
        if (publisher != null) {
          publisher.close();
        }
        closeSource(opened);
      }
    }
  }

  /// A source that can't even be closed doesn't keep the daemon from going on.
  private static void closeSource(AudioSource source) {
    try {
      source.close();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "the source did not close", e);
    }
  }

  private void count(IOException failure) {
    errors.incrementAndGet();
    error = String.valueOf(failure.getMessage());
  }

  private void tell(StreamingException failure) {
    events.accept(new SystemEvent.ErrorOccurred(clock.now().instant(), instrument, failure));
  }

  private void tellBreaker(BreakerState from, BreakerState to) {
    LOG.log(
        System.Logger.Level.INFO,
        "the breaker of the source goes from {0} to {1}",
        from.wireName(),
        to.wireName());
    events.accept(new SystemEvent.BreakerChanged(clock.now().instant(), instrument, from, to));
  }

  /// Ends the acquisition and waits for its thread; nothing if it doesn't run. Consumers are told
  /// the end. A start that is under way is given up, and returns when its source is closed. On the
  /// acquisition thread itself, as from the error handler, it only asks.
  public void stop() {
    if (onAcquisitionThread()) {
      stopping = true;
    } else {
      startInProgress().run();
      stopAndJoin();
    }
  }

  /// That thread must not wait for the monitor, whose holder may be waiting for that thread.
  private boolean onAcquisitionThread() {
    return Thread.currentThread().equals(thread);
  }

  private synchronized void stopAndJoin() {
    stopping = true;
    Thread running = thread;
    if (running == null) {
      return;
    }
    phase.tryEnter(Phase.STOPPING);
    running.interrupt();
    AudioSource open = source;
    if (open != null) {
      closeSource(open);
    }
    joinEndedThread();
    if (phase.now() != Phase.ERROR) {
      phase.tryEnter(Phase.STOPPED);
    }
  }

  /// Leads out of [Phase#ERROR], so that the daemon can be started again.
  ///
  /// @throws TransitionException if it is at work, or stopped already
  public synchronized void reset() {
    phase.enter(Phase.STOPPED);
  }

  /// Looks whether the source hangs; to be called every second or so, by one thread. A source that
  /// does is closed, which ends its read, and then opened anew.
  public void checkSource() {
    long since = readingSince;
    if (since == NOT_READING
        || clock.now().monotonicNanos() - since <= recovery.stall().toNanos()
        || phase.now() == Phase.STALLED
        || !phase.tryEnter(Phase.STALLED)) {
      return;
    }
    stalls.incrementAndGet();
    AudioSource hanging = source;
    StreamingException.TimedOut failure =
        new StreamingException.TimedOut(
            "%s has not answered for more than %s s"
                .formatted(
                    hanging == null ? "the source" : hanging.name(),
                    recovery.stall().toMillis() / 1000.0),
            null);
    error = failure.getMessage();
    LOG.log(System.Logger.Level.WARNING, "{0}, it is closed and opened anew", error);
    tell(failure);
    if (hanging != null) {
      closeSource(hanging);
    }
  }

  /// Uninterruptible, since the thread ends soon and must not be left behind.
  private void joinEndedThread() {
    Thread ending = thread;
    boolean interrupted = false;
    while (ending != null && ending.isAlive()) {
      try {
        ending.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    thread = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Stops, and ends the stream.
  @Override
  public void close() {
    stop();
    stream.close();
  }

  /// Whether the acquisition thread is at work, reading or waiting to try again.
  public boolean isRunning() {
    return switch (phase.now()) {
      case STARTING, RUNNING, RETRYING, STALLED -> true;
      case STOPPING, STOPPED, ENDED, ERROR -> false;
    };
  }

  public AcquisitionState state() {
    return new AcquisitionState(
        phase.now(),
        error,
        errors.get(),
        lostSamples.get(),
        skippedTicks.get(),
        breaker.state(),
        stalls.get(),
        clockSteps.get());
  }

  /// Frames published since the daemon was made.
  public long frameCount() {
    return frameCount;
  }

  public SharedAudioStream stream() {
    return stream;
  }

  public double targetFps() {
    return targetFps;
  }

  /// Cuts frames of another length from the next one on; their sample index goes on without a gap.
  ///
  /// @param fps frames a second, in the range of `target_fps`
  public void changeTargetFps(double fps) {
    StreamingConfig.TARGET_FPS.check("target_fps", fps);
    targetFps = fps;
  }

  /// One run, from the start to the end of the source or a stop.
  private final class Run implements Runnable {
    private final SharedAudioStream.Publisher publisher;
    private AudioSource current;

    /// Sample index and monotonic time that agree; moved when ticks are skipped.
    private long paceSample;

    private long paceNanos;

    /// Monotonic time up to which this run has samples.
    private long coveredNanos;

    /// How far the present frame, of a source that isn't live, is behind its pace.
    private long lateNanos;

    /// How far the wall clock is ahead of the monotonic one.
    private long wallAheadNanos;

    Run(SharedAudioStream.Publisher publisher, AudioSource opened) {
      this.publisher = publisher;
      this.current = opened;
    }

    @Override
    public void run() {
      String reason = "stopped";
      boolean failed = false;
      try {
        reason = readUntilEnd();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (StreamingException e) {
        failed = true;
        reason = "acquisition failed: " + e.getMessage();
      } catch (RuntimeException | Error e) {
        failed = true;
        reason = "acquisition failed: " + e;
        LOG.log(System.Logger.Level.ERROR, "acquisition failed", e);
        tell(new StreamingException.AudioSource(reason, e));
      } finally {
        if (failed) {
          error = reason;
        }
        closeSource(current);
        // Before the end is told, so that who hears of it can start the daemon again.
        settle(failed);
        publisher.end(reason);
        publisher.close();
        tellStopped(reason);
        LOG.log(System.Logger.Level.INFO, "acquisition ended: {0}", reason);
      }
    }

    private void settle(boolean failed) {
      if (stopping) {
        phase.tryEnter(Phase.STOPPING);
      }
      if (!phase.tryEnter(Phase.STOPPED)) {
        phase.enter(failed ? Phase.ERROR : Phase.ENDED);
      }
    }

    private void tellStarted() {
      events.accept(
          new SystemEvent.AudioStreamStarted(
              clock.now().instant(), instrument, current.name(), current.sampleRateHz()));
    }

    private void tellStopped(String reason) {
      events.accept(new SystemEvent.AudioStreamStopped(clock.now().instant(), instrument, reason));
    }

    /// @return why it ended, for people
    private String readUntilEnd() throws InterruptedException, StreamingException {
      CaptureTime begin = clock.now();
      coveredNanos = begin.monotonicNanos();
      wallAheadNanos = begin.epochNanos() - begin.monotonicNanos();
      restartPace(coveredNanos);
      phase.tryEnter(Phase.RUNNING);
      tellStarted();
      while (!stopping) {
        switch (readOrRecover()) {
          case SourceRead.Samples samples -> {
            if (!publish(samples)) {
              return "the stream was closed";
            }
          }
          case SourceRead.End() -> {
            if (speed == 0) {
              awaitRoom();
            }
            return stopping ? "stopped" : "end of " + current.name();
          }
        }
      }
      return "stopped";
    }

    private SourceRead readOrRecover() throws InterruptedException, StreamingException {
      try {
        return read();
      } catch (IOException e) {
        return stopping ? new SourceRead.End() : recover(e);
      }
    }

    /// A source that breaks is a source that fails: the thread outlives it.
    private SourceRead read() throws IOException {
      readingSince = clock.now().monotonicNanos();
      try {
        SourceRead read = current.read(nextFrameLength());
        if (phase.now() == Phase.STALLED) {
          phase.tryEnter(Phase.RUNNING);
        }
        return read;
      } catch (RuntimeException e) {
        throw new IOException("%s broke: %s".formatted(current.name(), e), e);
      } finally {
        readingSince = NOT_READING;
      }
    }

    /// Frames cover equal spans; where the rate is no multiple of the target their lengths take
    /// turns.
    private int nextFrameLength() {
      double perFrame = Math.min(LONGEST_FRAME, current.sampleRateHz() / paceFps());
      long frame = frameCount;
      return Math.max(1, (int) (Math.floor((frame + 1) * perFrame) - Math.floor(frame * perFrame)));
    }

    private double paceFps() {
      return Math.max(LOWEST_FPS, targetFps);
    }

    /// @return false if the stream is closed
    private boolean publish(SourceRead.Samples samples) throws InterruptedException {
      int rate = current.sampleRateHz();
      long first = nextSample + samples.lostBefore();
      long end = first + samples.channelA().length;
      if (!current.live()) {
        awaitTurn(end, rate);
        if (stopping) {
          return true;
        }
      }
      CaptureTime now = clock.now();
      noteClock(now);
      long sinceFirst = samples.captureLagNanos().orElse(playedNanos(samples, rate));
      if (samples.lostBefore() > 0) {
        lostSamples.addAndGet(samples.lostBefore());
        LOG.log(
            System.Logger.Level.WARNING,
            "{0} samples lost before sample {1}",
            samples.lostBefore(),
            first);
      }
      long number = frameCount;
      AudioFrame frame =
          new AudioFrame(
              samples.channelA(),
              samples.channelB(),
              rate,
              number,
              first,
              now.plusNanos(-sinceFirst));
      nextSample = end;
      long late = current.live() ? lateOfLive(frame, samples.lostBefore()) : lateNanos;
      coveredNanos = frame.captured().monotonicNanos() + nanosOf(frame.length(), rate);
      frames.happened(FrameStep.CAPTURED, number, frame.length());
      if (samples.lostBefore() > 0) {
        frames.happened(FrameStep.GAP, number, samples.lostBefore());
      }
      if (!publisher.publish(frame)) {
        return false;
      }
      frames.happened(FrameStep.PUBLISHED, number, late);
      if (late > LATE_PART_OF_FRAME * NANOS_PER_SECOND / paceFps()) {
        frames.happened(FrameStep.LATE, number, late);
      }
      frameCount = number + 1;
      if (number > 0 && number % 100 == 0) {
        LOG.log(System.Logger.Level.DEBUG, "{0} frames: {1}", number, stream.stats());
      }
      return true;
    }

    /// How much later the frame came than its last sample was captured, as far as the source tells,
    /// and than it should have followed the frame before.
    private long lateOfLive(AudioFrame frame, long lostBefore) {
      int rate = frame.sampleRateHz();
      long captured = frame.captured().monotonicNanos();
      long held = clock.now().monotonicNanos() - captured - nanosOf(frame.length(), rate);
      long apart = captured - coveredNanos - lostBefore * NANOS_PER_SECOND / rate;
      return Math.max(0, Math.max(held, apart));
    }

    /// The frames keep their order by the monotonic clock; who compares their wall times is told.
    private void noteClock(CaptureTime now) {
      long ahead = now.epochNanos() - now.monotonicNanos();
      long step = ahead - wallAheadNanos;
      wallAheadNanos = ahead;
      if (Math.abs(step) > CLOCK_STEP_NANOS) {
        clockSteps.incrementAndGet();
        double seconds = step / (double) NANOS_PER_SECOND;
        LOG.log(System.Logger.Level.WARNING, "the wall clock was set by {0} s", seconds);
        events.accept(new SystemEvent.ClockStepped(now.instant(), instrument, seconds));
      }
    }

    /// How long the samples take at the speed at which they are played.
    private long playedNanos(SourceRead.Samples samples, int rate) {
      long nanos = nanosOf(samples.channelA().length, rate);
      if (current.live()) {
        return nanos;
      }
      return speed == 0 ? 0 : (long) (nanos / speed);
    }

    private void awaitTurn(long endSample, int rate) throws InterruptedException {
      lateNanos = 0;
      if (speed == 0) {
        awaitRoom();
        return;
      }
      long due =
          paceNanos + Math.round((endSample - paceSample) * (NANOS_PER_SECOND / (rate * speed)));
      long late = clock.now().monotonicNanos() - due;
      long period = Math.round(NANOS_PER_SECOND / (paceFps() * speed));
      if (late >= period) {
        long missed = late / period;
        skippedTicks.addAndGet(missed);
        paceNanos += missed * period;
      } else {
        clock.sleepUntil(due);
      }
      lateNanos = Math.max(0, clock.now().monotonicNanos() - due);
    }

    private void awaitRoom() {
      while (!stream.hasRoom() && !stopping) {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
      }
    }

    private void restartPace(long nanos) {
      paceSample = nextSample;
      paceNanos = nanos;
    }

    private void failed(StreamingException failure) {
      count(failure);
      LOG.log(
          System.Logger.Level.WARNING,
          failure.retryable()
              ? "source failed, it is opened anew: {0}"
              : "source failed, to open it anew can''t help: {0}",
          error);
      tell(failure);
      try {
        errorHandler.accept(failure);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "the error handler broke", e);
      }
    }

    /// Opens the source again, after pauses that grow until it has delivered.
    ///
    /// @return the first read of the source, or the end if the daemon stops
    /// @throws StreamingException if to try again can't help
    private SourceRead recover(IOException first) throws InterruptedException, StreamingException {
      phase.tryEnter(Phase.RETRYING);
      long sinceNanos = clock.now().monotonicNanos();
      Execution<SourceRead> attempts = Execution.of(retry);
      StreamingException failure = StreamingException.of(first);
      while (true) {
        failed(failure);
        closeSource(current);
        if (stopping) {
          return new SourceRead.End();
        }
        if (!failure.retryable()) {
          throw failure;
        }
        attempts.recordException(failure);
        pause(attempts.getDelay(), sinceNanos);
        breaker.admit();
        SourceRead delivered = null;
        try {
          SourceRead read = readAnew();
          if (stopping) {
            return new SourceRead.End();
          }
          delivered = read;
          return read;
        } catch (IOException again) {
          if (stopping) {
            return new SourceRead.End();
          }
          failure = StreamingException.of(again);
        } finally {
          if (delivered == null) {
            breaker.failed();
          } else {
            breaker.succeeded();
          }
        }
      }
    }

    private void pause(Duration pause, long sinceNanos) throws InterruptedException {
      long now = clock.now().monotonicNanos();
      if (breaker.state() == BreakerState.CLOSED
          && now - sinceNanos > recovery.deadline().toNanos()) {
        breaker.open();
      }
      long nanos = pause.toNanos();
      if (breaker.state() == BreakerState.OPEN) {
        nanos = Math.max(nanos, recovery.open().toNanos());
      }
      clock.sleepUntil(now + nanos);
    }

    private SourceRead readAnew() throws IOException {
      current = open();
      source = current;
      // Partner: stop() sets stopping before it closes the source that it sees.
      if (stopping) {
        return new SourceRead.End();
      }
      long openedNanos = clock.now().monotonicNanos();
      SourceRead read = read();
      skipLost(Math.max(openedNanos, firstCapturedNanos(read)));
      restartPace(openedNanos);
      if (!current.live()) {
        beginAnew();
      }
      phase.tryEnter(Phase.RUNNING);
      return read;
    }

    /// What isn't live begins at its beginning, so that nothing of it continues what came before.
    private void beginAnew() {
      String reason = current.name() + " failed and begins anew";
      publisher.end(reason);
      tellStopped(reason);
      tellStarted();
    }

    private AudioSource open() throws IOException {
      readingSince = clock.now().monotonicNanos();
      try {
        return opener.open();
      } catch (RuntimeException e) {
        throw new IOException("the source can't be opened: " + e, e);
      } finally {
        readingSince = NOT_READING;
      }
    }

    /// When the first of these samples was captured, where the source can tell. One that waits for
    /// its sender was open long before.
    private long firstCapturedNanos(SourceRead read) {
      return read instanceof SourceRead.Samples samples && samples.captureLagNanos().isPresent()
          ? clock.now().monotonicNanos() - samples.captureLagNanos().getAsLong()
          : Long.MIN_VALUE;
    }

    /// What a live source would have delivered meanwhile is lost; of any other it isn't known how
    /// much.
    ///
    /// @param backNanos when it delivered again
    private void skipLost(long backNanos) {
      long lost = current.live() ? samplesIn(backNanos - coveredNanos, current.sampleRateHz()) : 1;
      lost = Math.max(1, lost);
      nextSample += lost;
      lostSamples.addAndGet(lost);
    }
  }

  private static long nanosOf(int samples, int rateHz) {
    return samples * NANOS_PER_SECOND / rateHz;
  }

  /// Whole seconds by themselves, since the product of a day and a rate overflows.
  private static long samplesIn(long nanos, int rateHz) {
    return nanos / NANOS_PER_SECOND * rateHz + nanos % NANOS_PER_SECOND * rateHz / NANOS_PER_SECOND;
  }

  /// What a daemon is made of: the source is required, the rest has defaults.
  public static final class Builder {
    private AudioSource.@Nullable Opener opener;
    private @Nullable SharedAudioStream stream;
    private StreamClock clock = StreamClock.SYSTEM;
    private double targetFps = StreamingConfig.DEFAULT.targetFps();
    private int bufferFrames = StreamingConfig.DEFAULT.bufferFrames(ANY_RATE_HZ);
    private double speed = 1;
    private Consumer<? super IOException> errorHandler = _ -> {};
    private RecoveryConfig recovery = RecoveryConfig.DEFAULT;
    private String instrument = "";
    private Consumer<? super SystemEvent> events = _ -> {};
    private FrameLog frames = FrameLog.NONE;

    private Builder() {}

    /// How to open the source, at the start and after each failure.
    public Builder source(AudioSource.Opener value) {
      opener = value;
      return this;
    }

    /// The stream to publish to, instead of one made for this daemon.
    public Builder stream(SharedAudioStream value) {
      stream = value;
      return this;
    }

    /// Frames a second.
    public Builder targetFps(double value) {
      targetFps = value;
      return this;
    }

    /// Frames that the stream retains.
    public Builder bufferFrames(int value) {
      bufferFrames = value;
      return this;
    }

    /// How many times faster than real time a source is read that isn't live; 0 for as fast as the
    /// stream's pacing consumers keep up.
    public Builder speed(double value) {
      speed = value;
      return this;
    }

    public Builder clock(StreamClock value) {
      clock = value;
      return this;
    }

    /// Called on the acquisition thread for each failure of the running source. It may stop the
    /// daemon; what it throws is logged.
    public Builder errorHandler(Consumer<? super IOException> value) {
      errorHandler = value;
      return this;
    }

    /// What is done when the source fails or hangs.
    public Builder recovery(RecoveryConfig value) {
      recovery = value;
      return this;
    }

    /// Told what happens, on the thread on which it does; must neither wait nor throw.
    ///
    /// @param name of the instrument in the events
    public Builder events(String name, Consumer<? super SystemEvent> listener) {
      instrument = name;
      events = listener;
      return this;
    }

    /// Hears of every frame that is captured, published, late or behind a gap, on the acquisition
    /// thread.
    public Builder frames(FrameLog value) {
      frames = value;
      return this;
    }

    /// The largest speed factor.
    public static final double MAX_SPEED = 1000;

    /// A stopped daemon.
    ///
    /// @throws IllegalArgumentException if the source is missing or a value is out of its range
    public AcquisitionDaemon build() {
      if (opener == null) {
        throw new IllegalArgumentException("Audio source is required");
      }
      StreamingConfig.TARGET_FPS.check("target_fps", targetFps);
      StreamBuffer.FRAMES.check("buffer_frames", bufferFrames);
      if (!(speed >= 0 && speed <= MAX_SPEED)) {
        throw new IllegalArgumentException(
            "speed is %s, allowed: [0, %s]".formatted(speed, MAX_SPEED));
      }
      return new AcquisitionDaemon(this, opener);
    }
  }
}
