package io.photophone.events.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.EventFormat;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program's events as JFR's own reader sees them.
@Tag("V15")
class ProgramEventsIT {
  private static final EventFormat GAP =
      EventFormat.builder("gap")
          .integer("channel", 2, true)
          .integer("missing", 4, false)
          .integer("flags", 1, true)
          .integer("sequence", 8, true)
          .float64("seconds")
          .build();

  @Test
  void jfr_records_what_is_emitted_while_it_records(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("program.jfr");
    try (ProgramEvents events =
            ProgramEvents.builder().event(GAP).alsoToJfr("test.program").build();
        Recording recording = new Recording()) {
      ProgramEvent gap = events.event("gap");
      gap.emit(0, 0, 0, 0, 0);
      recording.enable("test.program.gap");
      recording.start();
      gap.emit(-1, 2, 3, 1L << 40, Double.doubleToRawLongBits(0.5));
      recording.stop();
      recording.dump(file);
      gap.emit(0, 0, 0, 0, 0);
      assertEquals(3, events.stats().emitted());
    }
    List<RecordedEvent> recorded = RecordingFile.readAllEvents(file);
    assertEquals(1, recorded.size());
    RecordedEvent event = recorded.getFirst();
    assertEquals(-1, event.getShort("channel"));
    assertEquals(2, event.getLong("missing"));
    assertEquals(3, event.getByte("flags"));
    assertEquals(1L << 40, event.getLong("sequence"));
    assertEquals(0.5, event.getDouble("seconds"));
    assertTrue(event.getThread().getJavaThreadId() > 0);
  }
}
