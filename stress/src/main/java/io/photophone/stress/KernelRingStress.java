package io.photophone.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.photophone.events.linux.KernelRing;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// What the reader of the kernel's ring promises while the kernel writes. Contract: V13.
public final class KernelRingStress {
  private KernelRingStress() {}

  /// The ring outlives the states, so that it goes over its end and is full now and then; one
  /// thread plays the kernel at a time, and one reads.
  @JCStressTest
  @Outcome(
      id = "0",
      expect = ACCEPTABLE,
      desc = "Each record that was read was whole and the next.")
  @State
  public static class ARecordIsReadWholeAndBeforeItsPlaceIsGivenBack {
    private static final KernelRing RING = new KernelRing();

    /// The state of a test: made by jcstress.
    public ARecordIsReadWholeAndBeforeItsPlaceIsGivenBack() {}

    @Actor
    public void write() {
      RING.write();
    }

    @Actor
    public void read(I_Result seen) {
      seen.r1 = RING.read();
    }
  }
}
