package io.photophone.events.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.ErrorBatch;
import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.EventFormat;
import io.photophone.events.EventWriter;
import io.photophone.events.timeline.ThreadState.Blocked;
import io.photophone.events.timeline.ThreadState.InPause;
import io.photophone.events.timeline.ThreadState.Ready;
import io.photophone.events.timeline.ThreadState.Running;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReadersTest {
  private final ActivityRing ring = new ActivityRing(1 << 16, 0);
  private final ErrorBatch errors = new ErrorBatch();
  private final EventData data = new EventData();

  @AfterEach
  void no_callback_fails() {
    assertTrue(errors.isEmpty(), () -> errors.first().toString());
  }

  private void happens(Event event, long time, int pid, int tid, int cpu, Map<String, ?> values) {
    EventFormat format = event.format();
    EventWriter writer = new EventWriter(format);
    values.forEach((field, value) -> {
      switch (value) {
        case String text -> writer.put(format.fieldRef(field), text);
        case Number number -> writer.put(format.fieldRef(field), number.longValue());
        default -> throw new IllegalArgumentException(value.toString());
      }
    });
    data.moveTo(format, writer.segment(), 0, writer.length()).happened(time, pid, tid, cpu);
    event.process(data, errors);
  }

  private static Event schedSwitch() {
    return new Event(
        1,
        EventFormat.builder("sched_switch")
            .skip(8)
            .text("prev_comm", 16)
            .integer("prev_pid", 4, true)
            .integer("prev_prio", 4, true)
            .integer("prev_state", 8, true)
            .text("next_comm", 16)
            .integer("next_pid", 4, true)
            .integer("next_prio", 4, true)
            .build());
  }

  @Test
  void switches_bring_states_and_names() {
    Event event = schedSwitch();
    SwitchReader reader = new SwitchReader(event, ring);
    Map<String, Object> fields =
        Map.of(
            "prev_comm", "hog\u0000stale bytes",
            "prev_pid", 5,
            "prev_state", 0x100,
            "next_comm", "fifteen letters",
            "next_pid", 6);
    happens(event, 10, 4, 5, 1, fields);
    reader.close();
    happens(event, 20, 4, 5, 1, fields);
    ring.caughtUp(30);
    Activity activity = ring.freeze();
    assertEquals(1, activity.size());
    assertEquals(new ThreadName(5, 4, "hog"), activity.name(5));
    assertEquals(new ThreadName(6, -1, "fifteen letters"), activity.name(6));
    assertInstanceOf(Ready.class, ThreadTimeline.of(activity, 5, 0, 30).at(15));
    assertEquals(new Running(1), ThreadTimeline.of(activity, 6, 0, 30).at(15));
  }

  @Test
  void an_event_with_other_fields_is_refused_at_once() {
    Event other = new Event(1, EventFormat.builder("other").integer("x", 4, true).build());
    assertThrows(IllegalArgumentException.class, () -> new SwitchReader(other, ring));
    assertThrows(IllegalArgumentException.class, () -> new WakeReader(other, ring));
    assertFalse(other.hasCallbacks());
  }

  @Test
  void wake_ups_bring_the_processor_and_new_threads() {
    EventFormat.Builder fields =
        EventFormat.builder("sched_wakeup_new")
            .integer("pid", 4, true)
            .integer("target_cpu", 4, true);
    Event event = new Event(1, fields.build());
    try (WakeReader _ = new WakeReader(event, ring)) {
      happens(event, 10, 4, 5, 0, Map.of("pid", 6, "target_cpu", 3));
    }
    ring.caughtUp(30);
    ThreadTimeline line = ThreadTimeline.of(ring.freeze(), 6, 0, 30);
    assertInstanceOf(ThreadState.Absent.class, line.at(5));
    assertEquals(3, assertInstanceOf(Ready.class, line.at(15)).cpu());
  }

  @Test
  void records_of_the_kernel_tell_switches_faults_losses_and_signals() {
    EventFormat.Builder wide =
        EventFormat.builder("switch_cpu_wide")
            .integer("misc", 2, false)
            .integer("next_prev_tid", 4, true);
    Event switches = new Event(1, wide.build());
    Event lost = new Event(2, EventFormat.builder("lost").integer("lost", 8, false).build());
    EventFormat.Builder signal =
        EventFormat.builder("signal_generate").integer("sig", 4, true).integer("pid", 4, true);
    Event signals = new Event(3, signal.build());
    Event faults =
        new Event(4, EventFormat.builder("major-faults").integer("addr", 8, false).build());
    try (KernelReader reader = new KernelReader(ring)) {
      reader.switchesCpuWide(switches).losses(lost).signals(signals).pageFaults(faults, true);
      happens(switches, 10, 4, 5, 0, Map.of("misc", 0x2000, "next_prev_tid", 6));
      happens(switches, 11, 4, 6, 0, Map.of("misc", 0, "next_prev_tid", 5));
      happens(switches, 20, 4, 6, 0, Map.of("misc", 0x6000, "next_prev_tid", 5));
      happens(faults, 21, 4, 5, 0, Map.of("addr", 4096));
      happens(signals, 22, 1, 1, 0, Map.of("sig", 19, "pid", 4));
      happens(signals, 24, 1, 1, 0, Map.of("sig", 18, "pid", 4));
      happens(lost, 50, -1, -1, 0, Map.of("lost", 12));
    }
    ring.namedByJvm(6, 4, "six");
    Activity activity = ring.freeze();
    assertEquals(12, activity.lostEvents(0, 100));
    ThreadTimeline five = ThreadTimeline.of(activity, 5, 0, 50);
    assertEquals(new Blocked(WaitKind.SLEEP, "", false), five.at(12));
    ThreadTimeline six = ThreadTimeline.of(activity, 6, 0, 50);
    assertEquals(new Running(0), six.at(15));
    assertEquals(new ThreadState.Unknown(ThreadState.Why.LOST), six.at(30));
  }

  @Test
  void the_jvm_tells_pauses_and_waits_with_their_threads() {
    Event pause =
        new Event(
            1,
            EventFormat.builder("jdk.GCPhasePause")
                .integer("duration", 8, true)
                .dynamicText("name")
                .build());
    Event monitor =
        new Event(
            2,
            EventFormat.builder("jdk.JavaMonitorEnter")
                .integer("duration", 8, true)
                .integer("eventThreadOsId", 8, true)
                .dynamicText("eventThreadName")
                .dynamicText("monitorClass")
                .build());
    try (JvmReader reader = new JvmReader(ring)) {
      assertTrue(reader.add(pause));
      assertTrue(reader.add(monitor));
      assertFalse(reader.add(schedSwitch()));
      happens(pause, 10, 4, -1, -1, Map.of("duration", 20, "name", "GC Pause"));
      happens(
          monitor,
          40,
          4,
          5,
          -1,
          Map.of(
              "duration",
              20,
              "eventThreadOsId",
              5,
              "eventThreadName",
              "acquisition",
              "monitorClass",
              "java.lang.Object"));
    }
    ring.switched(10, 0, 5, SwitchState.SLEEPING, 0, "");
    ring.woken(30, 0, 5, 9);
    ring.switched(30, 0, 0, SwitchState.YIELDED, 5, "");
    ring.switched(40, 0, 5, SwitchState.SLEEPING, 0, "");
    ring.caughtUp(60);
    Activity activity = ring.freeze();
    ThreadTimeline line = ThreadTimeline.of(activity, 5, 0, 60);
    assertEquals(new ThreadName(5, 4, "acquisition"), line.thread());
    assertEquals(new InPause(PauseKind.GARBAGE_COLLECTION, "GC Pause"), line.at(20));
    assertEquals(new Blocked(WaitKind.LOCK, "java.lang.Object", false), line.at(50));
  }

  @ParameterizedTest
  @CsvSource({
    "0, YIELDED", "0x100, PREEMPTED", "0x400, PREEMPTED", "1, SLEEPING", "2, DISK", "0x82, DISK",
    "4, STOPPED", "8, TRACED", "0x10, DEAD", "0x20, DEAD", "0x40, SLEEPING", "0x80, SLEEPING"
  })
  void states_of_linux(String bits, SwitchState state) {
    assertEquals(state, SwitchState.ofLinux(Long.decode(bits)));
  }
}
