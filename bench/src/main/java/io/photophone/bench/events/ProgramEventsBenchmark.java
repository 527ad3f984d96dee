package io.photophone.bench.events;

import io.photophone.events.ErrorBatch;
import io.photophone.events.EventFormat;
import io.photophone.events.program.ProgramEvent;
import io.photophone.events.program.ProgramEvents;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// One event of two numbers: emitted and read, emitted into a full ring, and committed as an event
/// of JFR, which is the peer. Each while JFR records that kind and while it doesn't.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ProgramEventsBenchmark {
  /// Whether JFR records both kinds.
  @Param({"false", "true"})
  public boolean recording;

  private final ErrorBatch errors = new ErrorBatch();
  private ProgramEvents plain;
  private ProgramEvent plainEvent;
  private ProgramEvents mirrored;
  private ProgramEvent mirroredEvent;
  private ProgramEvents full;
  private ProgramEvent fullEvent;
  private Recording recorder;
  private long number;

  /// The state of a benchmark: made by JMH.
  public ProgramEventsBenchmark() {}

  /// The peer.
  @Name("bench.Peer")
  @StackTrace(false)
  static final class Peer extends Event {
    @Label("sequence")
    long sequence;

    @Label("by")
    long by;
  }

  private static ProgramEvents events(String jfrPrefix) throws IOException {
    EventFormat format =
        EventFormat.builder("late").integer("sequence", 8, true).integer("by", 8, true).build();
    return ProgramEvents.builder().event(format).capacity(1024).alsoToJfr(jfrPrefix).build();
  }

  @Setup(Level.Trial)
  public void start() throws IOException {
    plain = events("bench.unrecorded");
    plainEvent = plain.event("late");
    mirrored = events("bench.mirrored");
    mirroredEvent = mirrored.event("late");
    full = events("bench.full");
    fullEvent = full.event("late");
    recorder = new Recording();
    // A recording takes every event unless it is told not to.
    recorder.disable("bench.Peer");
    recorder.disable("bench.unrecorded.late");
    recorder.disable("bench.mirrored.late");
    recorder.disable("bench.full.late");
    if (recording) {
      recorder.enable("bench.Peer").withoutThreshold();
      recorder.enable("bench.mirrored.late").withoutThreshold();
    }
    recorder.setMaxSize(50_000_000);
    recorder.start();
    for (int i = 0; i < 1024; i++) {
      fullEvent.emit(i, i);
    }
  }

  @TearDown(Level.Trial)
  public void stop() {
    recorder.close();
    plain.close();
    mirrored.close();
    full.close();
  }

  @Benchmark
  public int emitAndRead() {
    plainEvent.emit(number++, 7);
    return plain.read(errors, 1);
  }

  @Benchmark
  public int emitAlsoToJfrAndRead() {
    mirroredEvent.emit(number++, 7);
    return mirrored.read(errors, 1);
  }

  @Benchmark
  public void emitIntoAFullRing() {
    fullEvent.emit(number++, 7);
  }

  @Benchmark
  public void commitToJfr() {
    Peer peer = new Peer();
    peer.sequence = number++;
    peer.by = 7;
    peer.commit();
  }

  @Benchmark
  public long nanoTimeAlone() {
    return System.nanoTime();
  }
}
