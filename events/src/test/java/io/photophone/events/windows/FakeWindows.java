package io.photophone.events.windows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Stands in for Windows. Its memory is small, and addresses are places in it. What it is told to
/// deliver it delivers on the thread that processes the trace, as Windows does.
final class FakeWindows implements EtwCalls {
  private static final long SESSION = 77;
  private static final long TRACE = 88;
  private static final MemorySegment CALLBACK = MemorySegment.ofAddress(4096);

  final List<String> log = new ArrayList<>();
  int startCode;
  int enableCode;
  int openCode;
  int stopCode;
  int processCode;
  boolean failsInJava;
  int eventsLost;
  int buffersLost;
  MemorySegment properties = MemorySegment.NULL;
  MemorySegment logFile = MemorySegment.NULL;
  MemorySegment enabledProvider = MemorySegment.NULL;
  MemorySegment enableParameters = MemorySegment.NULL;

  private final MemorySegment memory = MemorySegment.ofArray(new byte[1 << 18]);
  private final BlockingQueue<Runnable> deliveries = new LinkedBlockingQueue<>();
  private @Nullable LongConsumer onRecord;
  private @Nullable Runnable onBuffer;
  private volatile boolean stopped;

  private synchronized void called(String call) {
    log.add(call);
  }

  synchronized List<String> calls() {
    return List.copyOf(log);
  }

  private static MemorySegment copy(MemorySegment from) {
    return MemorySegment.ofArray(from.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
  }

  @Override
  public int startTrace(MemorySegment session, MemorySegment name, MemorySegment given) {
    called("start " + name.getString(0, java.nio.charset.StandardCharsets.UTF_16LE));
    properties = copy(given);
    Words.put64(session, 0, SESSION);
    return startCode;
  }

  @Override
  public int enableTrace(
      long session, MemorySegment provider, int level, long keywords, MemorySegment parameters) {
    called("enable %d level %d keywords %x".formatted(session, level, keywords));
    enabledProvider = copy(provider);
    enableParameters = copy(parameters);
    return enableCode;
  }

  @Override
  public int controlTrace(long session, MemorySegment given, int control) {
    called((control == STOP ? "stop " : "query ") + session);
    Words.put32(given, TracePropertiesLayout.EVENTS_LOST, eventsLost);
    Words.put32(given, TracePropertiesLayout.REAL_TIME_BUFFERS_LOST, buffersLost);
    if (control == STOP) {
      stopped = true;
      deliveries.add(() -> {});
      return stopCode;
    }
    return 0;
  }

  @Override
  public long openTrace(String session, MemorySegment given) throws EtwException {
    called("open");
    if (failsInJava) {
      throw new AssertionError("a call of Windows failed in Java");
    }
    logFile = copy(given);
    if (openCode != 0) {
      throw EtwException.of("OpenTrace", session, openCode);
    }
    return TRACE;
  }

  @Override
  public int processTrace(long trace) {
    if (processCode != 0) {
      return processCode;
    }
    try {
      while (!stopped || !deliveries.isEmpty()) {
        deliveries.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  @Override
  public int closeTrace(long trace) {
    called("close " + trace);
    return 0;
  }

  @Override
  public MemorySegment recordCallback(LongConsumer record, Arena arena) {
    onRecord = record;
    return CALLBACK;
  }

  @Override
  public MemorySegment bufferCallback(Runnable ended, Arena arena) {
    onBuffer = ended;
    return CALLBACK.asSlice(0);
  }

  @Override
  public MemorySegment memory() {
    return memory;
  }

  @Override
  public long counterHz() {
    return 10_000_000;
  }

  @Override
  public long counter() {
    return System.nanoTime() / 100;
  }

  /// Has records delivered, at the latest when the session is stopped.
  void deliver(List<TestRecord> records) {
    LongConsumer record = onRecord;
    Runnable buffer = onBuffer;
    if (record == null || buffer == null) {
      throw new IllegalStateException("no trace was opened");
    }
    deliveries.add(() -> {
      for (TestRecord each : records) {
        record.accept(each.toMemory(memory, 1000));
      }
      buffer.run();
    });
  }
}
