package io.photophone.events.timeline;

import io.photophone.events.Event;
import io.photophone.events.EventCallback;
import io.photophone.events.EventData;
import io.photophone.events.FieldRef;
import java.util.ArrayList;
import java.util.List;

/// Brings what a JVM tells by JFR into a ring of its own: pauses, waits and names of threads. The
/// events have JFR's fields, with `duration` in nanoseconds, a thread as `eventThreadOsId` and
/// `eventThreadName`, and begin at their time. On the thread that reads the stream.
public final class JvmReader implements AutoCloseable {
  private final ActivityRing ring;
  private final List<Event.Registration> registrations = new ArrayList<>();

  public JvmReader(ActivityRing ring) {
    this.ring = ring;
  }

  /// Takes an event by its name, if it says why threads stood still.
  ///
  /// @return whether it does
  public boolean add(Event event) {
    return switch (event.name()) {
      case "jdk.GCPhasePause" -> pause(event, PauseKind.GARBAGE_COLLECTION, "name", "");
      case "jdk.ExecuteVMOperation" -> pause(event, PauseKind.SAFEPOINT, "operation", "safepoint");
      case "jdk.JavaMonitorEnter" -> wait(event, WaitKind.LOCK, "monitorClass");
      case "jdk.ThreadPark" -> wait(event, WaitKind.PARK, "parkedClass");
      case "jdk.JavaMonitorWait" -> wait(event, WaitKind.PARK, "monitorClass");
      case "jdk.ThreadSleep" -> wait(event, WaitKind.SLEEP, "");
      case "jdk.SocketRead" -> wait(event, WaitKind.SOURCE, "host");
      case "jdk.FileRead", "jdk.FileWrite", "jdk.FileForce" -> wait(event, WaitKind.DISK, "path");
      case "jdk.ThreadStart" -> names(event);
      default -> false;
    };
  }

  /// A stop of all Java threads.
  ///
  /// @param condition a field that must not be 0; empty for none
  private boolean pause(Event event, PauseKind kind, String textField, String condition) {
    FieldRef duration = event.format().fieldRef("duration");
    FieldRef text = event.format().fieldRef(textField);
    FieldRef must = condition.isEmpty() ? duration : event.format().fieldRef(condition);
    return add(
        event,
        data -> {
          if (condition.isEmpty() || data.longOf(must) != 0) {
            long start = data.timeNanos();
            ring.paused(
                start, end(start, data.longOf(duration)), data.pid(), kind, data.textOf(text));
          }
        });
  }

  private boolean wait(Event event, WaitKind kind, String textField) {
    FieldRef duration = event.format().fieldRef("duration");
    boolean hasText = event.format().has(textField);
    FieldRef text = hasText ? event.format().fieldRef(textField) : duration;
    FieldRef tid = event.format().fieldRef("eventThreadOsId");
    FieldRef name = event.format().fieldRef("eventThreadName");
    return add(
        event,
        data -> {
          long start = data.timeNanos();
          ring.waited(
              start,
              end(start, data.longOf(duration)),
              data.intOf(tid),
              kind,
              hasText ? data.textOf(text) : "");
          name(data, tid, name);
        });
  }

  private boolean names(Event event) {
    FieldRef tid = event.format().fieldRef("threadOsId");
    FieldRef name = event.format().fieldRef("threadName");
    return add(event, data -> name(data, tid, name));
  }

  private void name(EventData data, FieldRef tid, FieldRef name) {
    ring.namedByJvm(data.intOf(tid), data.pid(), data.textOf(name));
  }

  private static long end(long start, long duration) {
    return start + Math.clamp(duration, 0, Long.MAX_VALUE - Math.max(0, start));
  }

  private boolean add(Event event, EventCallback callback) {
    registrations.add(event.addCallback(callback));
    return true;
  }

  @Override
  public void close() {
    registrations.forEach(Event.Registration::close);
    registrations.clear();
  }
}
