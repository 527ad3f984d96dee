package io.photophone.app.notes;

import io.photophone.events.ErrorBatch;
import io.photophone.events.EventFormat;
import io.photophone.events.FieldRef;
import io.photophone.events.linux.LinuxThread;
import io.photophone.events.program.ProgramEvent;
import io.photophone.events.program.ProgramEvents;
import io.photophone.events.program.ProgramStats;
import io.photophone.model.FrameLog;
import io.photophone.model.FrameStep;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/// The server's own events: the steps of its frames, from any thread to the one that notes them,
/// and to JFR while it records them. Contract: V15.
final class FrameEvents implements AutoCloseable {
  /// Before the events' names in JFR, as in `io.photophone.frame_late`.
  private static final String JFR_PREFIX = "io.photophone";

  private static final int AT_ONCE = 4096;

  private final Map<FrameStep, ProgramEvent> kinds = new EnumMap<>(FrameStep.class);
  private final List<String> instruments = new CopyOnWriteArrayList<>();
  private final ProgramEvents events;

  /// Hears of a step.
  interface Listener {
    /// Takes note of it.
    ///
    /// @param tid of the thread, as the operating system has it; -1 where that isn't known
    void happened(FrameStep step, long timeNanos, int tid, int instrument, long frame, long amount);
  }

  /// @param listener called by the thread that calls [#read]
  FrameEvents(Listener listener) {
    var builder = ProgramEvents.builder().threadId(LinuxThread.currentId()).alsoToJfr(JFR_PREFIX);
    for (FrameStep step : FrameStep.values()) {
      builder.event(
          EventFormat.builder("frame_" + step.wireName())
              .integer("instrument", 4, false)
              .integer("frame", 8, true)
              .integer("amount", 8, true)
              .build());
    }
    try {
      events = builder.build();
    } catch (IOException e) {
      throw new AssertionError("no device is given that could refuse an event", e);
    }
    for (FrameStep step : FrameStep.values()) {
      ProgramEvent kind = events.event("frame_" + step.wireName());
      kinds.put(step, kind);
      FieldRef instrument = kind.event().format().fieldRef("instrument");
      FieldRef frame = kind.event().format().fieldRef("frame");
      FieldRef amount = kind.event().format().fieldRef("amount");
      kind.event()
          .addCallback(data ->
              listener.happened(
                  step,
                  data.timeNanos(),
                  data.tid(),
                  data.intOf(instrument),
                  data.longOf(frame),
                  data.longOf(amount)));
    }
  }

  /// What an instrument tells of its frames. Instruments are numbered as they ask.
  FrameLog log(String instrument) {
    int number = number(instrument);
    return (step, frame, amount) ->
        Objects.requireNonNull(kinds.get(step)).emit(number, frame, amount);
  }

  private synchronized int number(String instrument) {
    int known = instruments.indexOf(instrument);
    if (known < 0) {
      instruments.add(instrument);
      return instruments.size() - 1;
    }
    return known;
  }

  /// The number of an instrument; -1 for one that has not asked.
  int numberOf(String instrument) {
    return instruments.indexOf(instrument);
  }

  /// Tells the listener all that waits.
  void read(ErrorBatch errors) {
    while (events.read(errors, AT_ONCE) == AT_ONCE) {}
  }

  ProgramStats stats() {
    return events.stats();
  }

  @Override
  public void close() {
    events.close();
  }
}
