package io.photophone.events.linux;

import org.junit.jupiter.api.Assumptions;

/// Skips tests where the machine doesn't allow what they need.
final class Possible {
  private Possible() {}

  static void wholeMachine() {
    Privileges privileges = Privileges.probe();
    Assumptions.assumeTrue(
        privileges.wholeMachine() && privileges.tracefs().isPresent(),
        () -> "recording isn't allowed here: " + privileges.missing());
  }

  /// The kernel lowers the rate when its own interrupts take long, as on a machine under load.
  static void samplesPerSecond(int rateHz) {
    Privileges privileges = Privileges.probe();
    Assumptions.assumeTrue(
        privileges.mostSamplesPerSecond().orElse(0) >= rateHz,
        () -> "kernel.perf_event_max_sample_rate is below %d: %s".formatted(rateHz, privileges));
  }
}
