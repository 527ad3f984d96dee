package io.photophone.app.notes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.ErrorBatch;
import io.photophone.model.FrameLog;
import io.photophone.model.FrameStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("V15")
final class FrameEventsTest {
  /// What the listener hears of a step.
  private record Heard(FrameStep step, int instrument, long frame, long amount) {}

  private final List<Heard> heard = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();
  private final ErrorBatch errors = new ErrorBatch();

  private FrameEvents events() {
    return new FrameEvents((step, time, tid, instrument, frame, amount) -> {
      heard.add(new Heard(step, instrument, frame, amount));
      times.add(time);
    });
  }

  @Test
  void every_step_is_heard_with_what_it_says_and_when_it_happened() {
    try (FrameEvents events = events()) {
      FrameLog log = events.log("cell");
      List<Heard> told = new ArrayList<>();
      long before = System.nanoTime();
      for (FrameStep step : FrameStep.values()) {
        long frame = told.size() - 1L;
        log.happened(step, frame, 1L << 40);
        told.add(new Heard(step, 0, frame, 1L << 40));
      }
      long after = System.nanoTime();
      events.read(errors);
      assertEquals(told, heard);
      assertTrue(errors.isEmpty());
      assertTrue(times.stream().allMatch(time -> time >= before && time <= after));
    }
  }

  @Test
  void instruments_are_told_apart_and_keep_their_numbers() {
    try (FrameEvents events = events()) {
      events.log("one").happened(FrameStep.LATE, 1, 0);
      events.log("two").happened(FrameStep.LATE, 2, 0);
      events.log("one").happened(FrameStep.LATE, 3, 0);
      events.read(errors);
      assertEquals(List.of(0, 1, 0), heard.stream().map(Heard::instrument).toList());
      assertEquals(1, events.numberOf("two"));
      assertEquals(-1, events.numberOf("three"));
    }
  }

  @Test
  void what_is_too_much_is_counted() {
    try (FrameEvents events = events()) {
      FrameLog log = events.log("cell");
      int many = 200_000;
      for (int i = 0; i < many; i++) {
        log.happened(FrameStep.CAPTURED, i, 0);
      }
      events.read(errors);
      assertEquals(many, heard.size() + events.stats().dropped());
    }
  }

  @Test
  void jfr_records_the_steps_while_it_is_asked_to(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("recording.jfr");
    try (FrameEvents events = events();
        Recording recording = new Recording()) {
      FrameLog log = events.log("cell");
      recording.enable("io.photophone.frame_late").withoutStackTrace();
      recording.disable("io.photophone.frame_captured");
      log.happened(FrameStep.LATE, 6, 41);
      recording.start();
      log.happened(FrameStep.LATE, 7, 42);
      log.happened(FrameStep.CAPTURED, 8, 43);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> recorded =
        RecordingFile.readAllEvents(file).stream()
            .filter(each -> each.getEventType().getName().startsWith("io.photophone."))
            .toList();
    assertEquals(1, recorded.size());
    RecordedEvent late = recorded.getFirst();
    assertEquals("io.photophone.frame_late", late.getEventType().getName());
    assertEquals(0, late.getInt("instrument"));
    assertEquals(7, late.getLong("frame"));
    assertEquals(42, late.getLong("amount"));
  }
}
