package io.photophone.events.linux;

import io.photophone.events.Event;
import io.photophone.events.EventFormat;
import java.nio.ByteOrder;

/// An event of a session while its samples come in. Read and written by the session's thread.
final class SampledEvent {
  private final EventSetup setup;
  private final SampleLayout layout;
  private final Event event;
  private final boolean isTracepoint;
  private final boolean dropsOwn;
  private long samples;

  /// @throws IllegalArgumentException if samples of a tracepoint are without what it records
  SampledEvent(int number, EventSetup setup) {
    this.setup = setup;
    this.layout = new SampleLayout(setup.perfAttr());
    this.isTracepoint = setup.role() == EventSetup.Role.TRACEPOINT;
    if (isTracepoint && !layout.has(SampleLayout.RAW)) {
      throw new IllegalArgumentException(
          "samples of %s have no raw data, which those of a tracepoint need"
              .formatted(setup.name()));
    }
    EventFormat format =
        isTracepoint
            ? EventFormat.parse(setup.format(), ByteOrder.nativeOrder())
            : RecordKind.sample(setup.name(), layout);
    this.event = new Event(number, format);
    // When a processor was given to others must be known even where it was ours.
    this.dropsOwn = !setup.name().startsWith("sched:");
  }

  String name() {
    return setup.name();
  }

  EventSetup setup() {
    return setup;
  }

  SampleLayout layout() {
    return layout;
  }

  Event event() {
    return event;
  }

  boolean isTracepoint() {
    return isTracepoint;
  }

  /// Whether samples of the recording process itself are left out where the whole machine is
  /// recorded.
  boolean dropsOwn() {
    return dropsOwn;
  }

  void count() {
    samples++;
  }

  long samples() {
    return samples;
  }
}
