package io.photophone.events.timeline;

import io.photophone.events.timeline.Participant.Role;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Writes what happened into a ring, with times in milliseconds and few words.
final class Story {
  static final long MS = 1_000_000;
  static final int SERVER = 100;
  static final int ACQUISITION = 101;
  static final int ANALYSIS = 102;
  static final int HOG = 123;

  final ActivityRing ring;

  Story() {
    this(1 << 20);
  }

  Story(int bytes) {
    ring = new ActivityRing(bytes, 0);
    name(ACQUISITION, SERVER, "acquire");
    name(ANALYSIS, SERVER, "measure");
    name(HOG, HOG, "hog");
  }

  Story name(int tid, int pid, String name) {
    byte[] text = Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 16);
    ByteBuffer buffer = ByteBuffer.wrap(text).order(ByteOrder.LITTLE_ENDIAN);
    ring.namedByKernel(tid, pid, buffer.getLong(), buffer.getLong());
    return this;
  }

  Story at(double ms, int cpu, int previous, SwitchState state, int next) {
    ring.switched(nanos(ms), cpu, previous, state, next, "");
    return this;
  }

  Story wake(double ms, int cpu, int tid) {
    ring.woken(nanos(ms), cpu, tid, RingRecord.UNKNOWN);
    return this;
  }

  Story until(double ms) {
    ring.caughtUp(nanos(ms));
    return this;
  }

  ThreadTimeline timeline(int tid, double from, double until) {
    return ThreadTimeline.of(ring.freeze(), tid, nanos(from), nanos(until));
  }

  Explanation why(double from, double until, double expected) {
    Question question =
        new Question(
            nanos(from),
            nanos(until),
            nanos(expected),
            List.of(
                new Participant(ACQUISITION, Role.ACQUISITION),
                new Participant(ANALYSIS, Role.ANALYSIS)));
    return Explanation.of(ring.freeze(), question);
  }

  static long nanos(double ms) {
    return Math.round(ms * MS);
  }
}
