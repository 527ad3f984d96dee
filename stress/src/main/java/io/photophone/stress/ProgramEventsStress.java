package io.photophone.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.photophone.events.ErrorBatch;
import io.photophone.events.EventFormat;
import io.photophone.events.FieldRef;
import io.photophone.events.program.ProgramEvent;
import io.photophone.events.program.ProgramEvents;
import io.photophone.events.program.ProgramStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/// What the ring of a program's events promises to threads that race. Contract: V15.
public final class ProgramEventsStress {
  private static final EventFormat PAIR =
      EventFormat.builder("pair").integer("first", 8, true).integer("second", 8, true).build();
  private static final FieldRef FIRST = PAIR.fieldRef("first");
  private static final FieldRef SECOND = PAIR.fieldRef("second");

  private ProgramEventsStress() {}

  /// A ring, and the sum of what was read from it: ten times the first number and the second.
  private static final class Pairs {
    final ProgramEvents events;
    final ProgramEvent pair;
    private final ErrorBatch errors = new ErrorBatch();
    private int sum;

    Pairs(int capacity) {
      try {
        events = ProgramEvents.builder().event(PAIR).capacity(capacity).build();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      pair = events.event("pair");
      pair.event()
          .addCallback(data -> sum += 10 * (int) data.longOf(FIRST) + (int) data.longOf(SECOND));
    }

    int readOne() {
      sum = 0;
      events.read(errors, 1);
      return sum;
    }
  }

  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "The event was not emitted yet.")
  @Outcome(id = "12", expect = ACCEPTABLE, desc = "It was read with all its numbers.")
  @State
  public static class AnEventIsReadWithAllItsNumbers {
    private final Pairs pairs = new Pairs(2);

    /// The state of a test: made by jcstress.
    public AnEventIsReadWithAllItsNumbers() {}

    @Actor
    public void emit() {
      pairs.pair.emit(1, 2);
    }

    @Actor
    public void read(I_Result seen) {
      seen.r1 = pairs.readOne();
    }
  }

  @JCStressTest
  @Outcome(id = "12, 34, 0", expect = ACCEPTABLE, desc = "The first emitted first.")
  @Outcome(id = "34, 12, 0", expect = ACCEPTABLE, desc = "The second emitted first.")
  @State
  public static class TwoThatEmitGetAPlaceEach {
    private final Pairs pairs = new Pairs(2);

    /// The state of a test: made by jcstress.
    public TwoThatEmitGetAPlaceEach() {}

    @Actor
    public void emitFirst() {
      pairs.pair.emit(1, 2);
    }

    @Actor
    public void emitSecond() {
      pairs.pair.emit(3, 4);
    }

    @Arbiter
    public void rest(III_Result seen) {
      seen.r1 = pairs.readOne();
      seen.r2 = pairs.readOne();
      seen.r3 = (int) pairs.events.stats().dropped();
    }
  }

  @JCStressTest
  @Outcome(id = "12, 1", expect = ACCEPTABLE, desc = "The first got the last place.")
  @Outcome(id = "34, 1", expect = ACCEPTABLE, desc = "The second got it.")
  @State
  public static class TheLastPlaceIsGivenOnceAndTheOtherEventCounted {
    private final Pairs pairs = new Pairs(2);

    /// The state of a test: made by jcstress.
    public TheLastPlaceIsGivenOnceAndTheOtherEventCounted() {
      pairs.pair.emit(0, 0);
    }

    @Actor
    public void emitFirst() {
      pairs.pair.emit(1, 2);
    }

    @Actor
    public void emitSecond() {
      pairs.pair.emit(3, 4);
    }

    @Arbiter
    public void rest(II_Result seen) {
      pairs.readOne();
      seen.r1 = pairs.readOne();
      seen.r2 = (int) pairs.events.stats().dropped();
    }
  }

  @JCStressTest
  @Outcome(id = "12, 34, 0", expect = ACCEPTABLE, desc = "The ring was full: dropped and counted.")
  @Outcome(id = "12, 34, 56", expect = ACCEPTABLE, desc = "The place that was freed was taken.")
  @State
  public static class APlaceIsTakenAgainOnlyAfterItWasRead {
    private final Pairs pairs = new Pairs(2);
    private int first;

    /// The state of a test: made by jcstress.
    public APlaceIsTakenAgainOnlyAfterItWasRead() {
      pairs.pair.emit(1, 2);
      pairs.pair.emit(3, 4);
    }

    @Actor
    public void read() {
      first = pairs.readOne();
    }

    @Actor
    public void emit() {
      pairs.pair.emit(5, 6);
    }

    @Arbiter
    public void rest(III_Result seen) {
      seen.r1 = first;
      seen.r2 = pairs.readOne();
      seen.r3 = pairs.readOne();
      ProgramStats stats = pairs.events.stats();
      if (stats.emitted() + stats.dropped() != 3 || stats.emitted() != stats.read()) {
        seen.r3 = -1;
      }
    }
  }
}
