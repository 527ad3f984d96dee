package io.photophone.events.windows;

import io.photophone.events.EventSource;
import io.photophone.events.RecordConsumer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A live session of Event Tracing for Windows. **Never run on Windows yet**: tests run it with a
/// stand-in for Windows.
///
/// Windows delivers events about once a second, or when a buffer is full, to the thread `etw-NAME`,
/// which keeps them until they are read. A session outlives its program: it is to be
/// [closed][#close], or `logman stop NAME -ets` ends it. Needs 64-bit Windows 8 or later. Read by
/// one thread, which may be another than that which closes it. Contract: V17.
///
/// Java has to be started with `--enable-native-access=io.photophone.events`.
public final class EtwSession implements EventSource {
  private static final long JOIN_MILLIS = 10_000;
  private static final int CLOCK_TRIES = 16;
  private static final int CLOSE_PENDING = 7007;

  private final EtwCalls calls;
  private final EtwController controller;
  private final QpcClock clock;
  private final RecordChunks chunks;
  private final MemorySegment memory;
  private final Arena arena = Arena.ofShared();
  private final long trace;
  private final Thread thread;

  /// What ended the delivery; written by the thread before it ends.
  private volatile @Nullable IOException failure;

  /// What was lost until the session was stopped. Under the monitor.
  private @Nullable EtwLosses lostAtStop;

  private boolean closed;

  private EtwSession(EtwCalls calls, EtwSettings settings, EtwController controller)
      throws EtwException {
    this.calls = calls;
    this.controller = controller;
    this.clock = measured(calls);
    this.chunks = new RecordChunks(settings.chunks(), settings.chunkKib() << 10);
    this.memory = calls.memory();
    this.trace = open();
    this.thread =
        Thread.ofPlatform().daemon().name("etw-" + controller.name()).unstarted(this::deliver);
  }

  private static EtwSession start(EtwCalls calls, EtwSettings settings) throws EtwException {
    EtwController controller = EtwController.start(calls, settings);
    EtwSession session;
    try {
      session = new EtwSession(calls, settings, controller);
      // Errors, too, such as too little memory for the chunks: a session outlives its program.
    } catch (EtwException | RuntimeException | Error e) {
      try {
        controller.stop(0);
      } catch (EtwException stop) {
        e.addSuppressed(stop);
      }
      throw e;
    }
    session.thread.start();
    return session;
  }

  /// The counter and the time, read as close to each other as a few tries come.
  private static QpcClock measured(EtwCalls calls) {
    long narrowest = Long.MAX_VALUE;
    long ticks = 0;
    long nanos = 0;
    for (int i = 0; i < CLOCK_TRIES; i++) {
      long before = System.nanoTime();
      long counter = calls.counter();
      long width = System.nanoTime() - before;
      if (width < narrowest) {
        narrowest = width;
        ticks = counter;
        nanos = before + width / 2;
      }
    }
    return QpcClock.at(calls.counterHz(), ticks, nanos);
  }

  private long open() throws EtwException {
    try {
      MemorySegment logFile = arena.allocate(LogFileLayout.SIZE, Long.BYTES);
      MemorySegment name = EtwController.utf16(arena, controller.name());
      Words.put64(logFile, LogFileLayout.LOGGER_NAME, name.address());
      Words.put32(
          logFile,
          LogFileLayout.PROCESS_TRACE_MODE,
          LogFileLayout.MODE_REAL_TIME
              | LogFileLayout.MODE_RAW_TIME
              | LogFileLayout.MODE_EVENT_RECORD);
      MemorySegment onRecord = calls.recordCallback(this::take, arena);
      MemorySegment onBuffer = calls.bufferCallback(chunks::handOver, arena);
      Words.put64(logFile, LogFileLayout.EVENT_RECORD_CALLBACK, onRecord.address());
      Words.put64(logFile, LogFileLayout.BUFFER_CALLBACK, onBuffer.address());
      return calls.openTrace(controller.name(), logFile);
    } catch (EtwException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private void take(long record) {
    chunks.add(memory, record);
  }

  private void deliver() {
    int code = calls.processTrace(trace);
    chunks.handOver();
    if (code != 0) {
      failure = EtwException.of("ProcessTrace", controller.name(), code);
    }
  }

  /// A session of a name that no other has.
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /// Why there can be no session here; empty where there can.
  public static Optional<String> whyUnavailable() {
    try {
      WindowsCalls _ = WindowsCalls.load();
      return Optional.empty();
    } catch (EtwException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// The clock by which the events were timed, for the [EtwRecordReader].
  public QpcClock clock() {
    return clock;
  }

  /// The session's handle in Windows.
  @Override
  public long id() {
    return controller.session();
  }

  /// Hands over events that Windows has delivered.
  ///
  /// @throws IOException if Windows ended the delivery with an error; after all that it delivered
  ///   was handed over
  @Override
  public int readData(RecordConsumer consumer, int most) throws IOException {
    boolean ended = !thread.isAlive();
    int count = chunks.read(consumer, most);
    IOException cause = failure;
    if (count == 0 && ended && cause != null && most > 0) {
      throw new IOException("session %s has ended".formatted(controller.name()), cause);
    }
    return count;
  }

  /// What has been lost until now, or until the session was stopped.
  public synchronized EtwLosses losses() throws IOException {
    EtwLosses stopped = lostAtStop;
    return stopped == null
        ? controller.losses(chunks.lost())
        : new EtwLosses(stopped.events(), stopped.buffers(), chunks.lost());
  }

  /// Ends the session and waits until Windows has delivered the rest, which can then be read.
  ///
  /// @throws IOException if Windows refused, or did not deliver the rest in 10 s
  public synchronized void stop() throws IOException {
    stopOnce();
    join();
  }

  private void stopOnce() throws EtwException {
    if (lostAtStop == null) {
      lostAtStop = controller.stop(chunks.lost());
    }
  }

  private void join() throws IOException {
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      throw new IOException(
          "session %s was stopped, but Windows still delivers events".formatted(controller.name()));
    }
  }

  /// Stops the session. What has not been read is gone.
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    EtwException refused = null;
    try {
      stopOnce();
    } catch (EtwException e) {
      refused = e;
    }
    int code = calls.closeTrace(trace);
    if (refused == null && code != 0 && code != CLOSE_PENDING) {
      refused = EtwException.of("CloseTrace", controller.name(), code);
    }
    join();
    // Only now: a callback that is gone must not be called.
    arena.close();
    if (refused != null) {
      throw refused;
    }
  }

  /// Describes a session.
  public static final class Builder {
    private final String name;
    private final List<EtwProvider> providers = new ArrayList<>();
    private final Set<KernelFlag> kernel = EnumSet.noneOf(KernelFlag.class);
    private int bufferKib = 64;
    private int minimumBuffers = 64;
    private int maximumBuffers = 512;
    private int chunks = 64;
    private int chunkKib = 256;

    private Builder(String name) {
      this.name = name;
    }

    public Builder provider(EtwProvider value) {
      providers.add(value);
      return this;
    }

    /// Events of the kernel, which need an administrator.
    public Builder kernel(KernelFlag... flags) {
      kernel.addAll(List.of(flags));
      return this;
    }

    /// Windows' buffers: 1 KiB to 16 MiB each, at least 2 of them; 64 KiB and 64 to 512 unless it
    /// is said. At least two for each processor are best.
    public Builder buffers(int eachKib, int minimum, int maximum) {
      bufferKib = eachKib;
      minimumBuffers = minimum;
      maximumBuffers = maximum;
      return this;
    }

    /// What is kept until it is read: at least 2 chunks of at least 128 KiB; 64 of 256 KiB unless
    /// it is said.
    public Builder chunks(int number, int eachKib) {
      chunks = number;
      chunkKib = eachKib;
      return this;
    }

    /// Starts the session.
    ///
    /// @throws IllegalArgumentException if a setting can't be
    /// @throws EtwException if this isn't Windows, or it refuses
    public EtwSession build() throws EtwException {
      EtwSettings settings = settings();
      return start(WindowsCalls.load(), settings);
    }

    EtwSession build(EtwCalls calls) throws EtwException {
      return start(calls, settings());
    }

    private EtwSettings settings() {
      return new EtwSettings(
          name, providers, kernel, bufferKib, minimumBuffers, maximumBuffers, chunks, chunkKib);
    }
  }
}
