package io.photophone.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.photophone.events.timeline.Activity;
import io.photophone.events.timeline.ActivityRing;
import io.photophone.events.timeline.ProgramEvent;
import io.photophone.events.timeline.ProgramMark;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// What a piece of the ring promises that is taken while its one thread writes.
public final class ActivityRingStress {
  private ActivityRingStress() {}

  /// The ring outlives the states: it is too large to make one for each, and only a full one writes
  /// over records. One thread writes at a time.
  @JCStressTest
  @Outcome(
      id = "0, 0, 0",
      expect = ACCEPTABLE,
      desc = "No record was torn or left out, and what the piece says to be whole was there.")
  @State
  public static class APieceIsWholeWhileWritingGoesOn {
    private static final int LEAST_BYTES = 1 << 10;
    private static final int AT_ONCE = 4;
    private static final ActivityRing RING = new ActivityRing(LEAST_BYTES, 0);

    /// The writer's own.
    private static long last;

    /// The state of a test: made by jcstress.
    public APieceIsWholeWhileWritingGoesOn() {}

    @Actor
    public void write() {
      for (int i = 0; i < AT_ONCE; i++) {
        long now = last + 1;
        RING.program(now, (int) now, ProgramEvent.WRITTEN, (int) now & 0xFFFF, now, now);
        RING.caughtUp(now);
        last = now;
      }
    }

    @Actor
    public void freeze(III_Result seen) {
      Activity piece = RING.freeze();
      long before = 0;
      for (ProgramMark mark : piece.marks(0, Long.MAX_VALUE)) {
        long time = mark.timeNanos();
        boolean whole = mark.frame() == time && mark.amount() == time && mark.tid() == (int) time;
        seen.r1 += whole ? 0 : 1;
        seen.r2 += before == 0 || time == before + 1 ? 0 : 1;
        before = time;
      }
      // A piece of no time says nothing: the writer went all around meanwhile, or didn't begin.
      boolean isEmpty = piece.fromNanos() >= piece.untilNanos();
      seen.r3 = isEmpty || before >= piece.untilNanos() ? 0 : 1;
    }
  }
}
