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
import io.photophone.model.CaptureTime;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The thread that reads a source, cuts it into numbered frames and publishes them.
///
/// A live source sets the pace itself. Any other is paced by absolute deadlines on its sample
/// index, so that frames don't drift; after a stall the missed ticks are skipped and counted, not
/// made up for in a burst. Audio that is lost shows as a jump of the sample index. A source that
/// fails is opened anew with growing pauses for as long as the daemon runs. It ends by a stop, at
/// the end of its source, or when its stream is closed. Contract: A1, A3, A4, A5, A6, A7, A8, A10,
/// A11, B8, B24, B27.
public final class AcquisitionDaemon implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AcquisitionDaemon.class.getName());

  /// The pauses between attempts to open the source anew. The policy reckons them, [StreamClock]
  /// waits.
  private static final RetryPolicy<SourceRead> RETRY =
      RetryPolicy.<SourceRead>builder()
          .withMaxRetries(-1)
          .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(30), 2)
          .withJitter(0.2)
          .build();

  /// Samples of the longest frame, 22 s at 48 kHz, however low the target rate is.
  static final int LONGEST_FRAME = 1 << 20;

  /// A number of frames doesn't depend on it.
  private static final int ANY_RATE_HZ = 48_000;

  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final AudioSource.Opener opener;
  private final SharedAudioStream stream;
  private final StreamClock clock;
  private final double speed;
  private final Consumer<? super IOException> errorHandler;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.STOPPED);

  /// Written by [#start] and [#stop], which hold the monitor.
  private volatile @Nullable Thread thread;

  /// Set by [#stop], read by the acquisition thread.
  private volatile boolean stopping;

  /// The open source; written by the acquisition thread (and by [#start] before that thread runs),
  /// closed by [#stop] to end a read that blocks.
  private volatile @Nullable AudioSource source;

  /// Below: written by the acquisition thread alone, read by all.
  private volatile long frameCount;

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
    SharedAudioStream given = builder.stream;
    this.stream = given == null ? new SharedAudioStream(builder.bufferFrames, clock) : given;
  }

  public static Builder builder() {
    return new Builder();
  }

  /// Opens the source and starts to publish; a warning and no more if the daemon runs already.
  ///
  /// @throws IOException if the source can't be opened; the daemon is stopped then
  /// @throws IllegalStateException if the stream is closed or has another producer
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
    phase.set(Phase.STARTING);
    try {
      begin(opener.open());
      return true;
    } catch (IOException e) {
      count(e);
      throw e;
    } finally {
      if (thread == null) {
        phase.set(Phase.STOPPED);
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

  /// Ends the acquisition and waits for its thread; nothing if it doesn't run. Consumers are told
  /// the end. On the acquisition thread itself, as from the error handler, it only asks.
  public void stop() {
    if (onAcquisitionThread()) {
      stopping = true;
    } else {
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
    running.interrupt();
    AudioSource open = source;
    if (open != null) {
      closeSource(open);
    }
    joinEndedThread();
    phase.set(Phase.STOPPED);
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
    return switch (phase.get()) {
      case STARTING, RUNNING, RETRYING -> true;
      case STOPPED, ENDED -> false;
    };
  }

  public AcquisitionState state() {
    return new AcquisitionState(
        phase.get(), error, errors.get(), lostSamples.get(), skippedTicks.get());
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

    Run(SharedAudioStream.Publisher publisher, AudioSource opened) {
      this.publisher = publisher;
      this.current = opened;
    }

    @Override
    public void run() {
      String reason = "stopped";
      try {
        reason = readUntilEnd();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException | Error e) {
        reason = "acquisition failed: " + e;
        error = reason;
        LOG.log(System.Logger.Level.ERROR, "acquisition failed", e);
      } finally {
        closeSource(current);
        // Before the end is told, so that who hears of it can start the daemon again.
        phase.set(stopping ? Phase.STOPPED : Phase.ENDED);
        publisher.end(reason);
        publisher.close();
        LOG.log(System.Logger.Level.INFO, "acquisition ended: {0}", reason);
      }
    }

    /// @return why it ended, for people
    private String readUntilEnd() throws InterruptedException {
      coveredNanos = clock.now().monotonicNanos();
      restartPace(coveredNanos);
      phase.set(Phase.RUNNING);
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

    private SourceRead readOrRecover() throws InterruptedException {
      try {
        return read();
      } catch (IOException e) {
        return stopping ? new SourceRead.End() : recover(e);
      }
    }

    /// A source that breaks is a source that fails: the thread outlives it.
    private SourceRead read() throws IOException {
      try {
        return current.read(nextFrameLength());
      } catch (RuntimeException e) {
        throw new IOException("%s broke: %s".formatted(current.name(), e), e);
      }
    }

    /// Frames cover equal spans; where the rate is no multiple of the target their lengths take
    /// turns.
    private int nextFrameLength() {
      double perFrame = Math.min(LONGEST_FRAME, current.sampleRateHz() / targetFps);
      long frame = frameCount;
      return Math.max(1, (int) (Math.floor((frame + 1) * perFrame) - Math.floor(frame * perFrame)));
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
      coveredNanos = frame.captured().monotonicNanos() + nanosOf(frame.length(), rate);
      if (!publisher.publish(frame)) {
        return false;
      }
      frameCount = number + 1;
      if (number > 0 && number % 100 == 0) {
        LOG.log(System.Logger.Level.DEBUG, "{0} frames: {1}", number, stream.stats());
      }
      return true;
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
      if (speed == 0) {
        awaitRoom();
        return;
      }
      long due =
          paceNanos + Math.round((endSample - paceSample) * (NANOS_PER_SECOND / (rate * speed)));
      long late = clock.now().monotonicNanos() - due;
      long period = Math.round(NANOS_PER_SECOND / (targetFps * speed));
      if (late >= period) {
        long missed = late / period;
        skippedTicks.addAndGet(missed);
        paceNanos += missed * period;
      } else {
        clock.sleepUntil(due);
      }
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

    private void failed(IOException failure) {
      count(failure);
      LOG.log(System.Logger.Level.WARNING, "source failed, it is opened anew: {0}", error);
      try {
        errorHandler.accept(failure);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "the error handler broke", e);
      }
    }

    /// Opens the source again, after pauses that grow until it has delivered.
    ///
    /// @return the first read of the source, or the end if the daemon stops
    private SourceRead recover(IOException first) throws InterruptedException {
      phase.set(Phase.RETRYING);
      Execution<SourceRead> attempts = Execution.of(RETRY);
      IOException failure = first;
      while (true) {
        failed(failure);
        closeSource(current);
        if (stopping) {
          return new SourceRead.End();
        }
        attempts.recordException(failure);
        clock.sleepUntil(clock.now().monotonicNanos() + attempts.getDelay().toNanos());
        try {
          return readAnew();
        } catch (IOException again) {
          if (stopping) {
            return new SourceRead.End();
          }
          failure = again;
        }
      }
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
      phase.set(Phase.RUNNING);
      return read;
    }

    private AudioSource open() throws IOException {
      try {
        return opener.open();
      } catch (RuntimeException e) {
        throw new IOException("the source can't be opened: " + e, e);
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
