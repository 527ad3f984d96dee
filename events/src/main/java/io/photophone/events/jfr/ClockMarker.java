package io.photophone.events.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A reading of [System#nanoTime] between the two readings of JFR's own clock that begin and end
/// this event: it ties the clocks together, in a recording too that is read later or elsewhere.
@Name(ClockMarker.NAME)
@Label("Clock marker")
@Description("Ties the clock of JFR to that of System.nanoTime")
@Category("Photophone")
@StackTrace(false)
final class ClockMarker extends Event {
  static final String NAME = "io.photophone.ClockMarker";

  /// A thread that was interrupted between its readings tries again.
  private static final int ATTEMPTS = 8;

  private static final long CLOSE_NANOS = 10_000;

  @Label("System.nanoTime")
  long nanoTime;

  /// Takes the readings as closely together as a few attempts allow, and commits them.
  static void mark() {
    for (int i = 1; ; i++) {
      ClockMarker marker = new ClockMarker();
      long before = System.nanoTime();
      marker.begin();
      marker.nanoTime = System.nanoTime();
      marker.end();
      if (i == ATTEMPTS || System.nanoTime() - before <= CLOSE_NANOS) {
        marker.commit();
        return;
      }
    }
  }
}
