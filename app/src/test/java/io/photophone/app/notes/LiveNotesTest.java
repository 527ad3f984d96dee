package io.photophone.app.notes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.supervision.TaskSupervisor;
import io.photophone.channels.BroadcastChannel;
import io.photophone.model.FrameLog;
import io.photophone.model.FrameStep;
import io.photophone.server.LiveWhy;
import io.photophone.server.WhyAnswer;
import io.photophone.server.WhyQuestion;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("V15")
@Timeout(60)
final class LiveNotesTest {
  private static final long LATE_NANOS = 100_000_000;

  @Test
  void a_late_frame_is_kept_as_a_disturbance_and_explained() {
    try (TaskSupervisor tasks = new TaskSupervisor();
        LiveNotes notes = new LiveNotes(8, 2)) {
      notes.start(tasks);
      FrameLog frames = notes.frames("cell");
      LiveWhy why = notes.why("cell", new BroadcastChannel<>("readings", 16));
      frames.happened(FrameStep.CAPTURED, 6, 1600);
      frames.happened(FrameStep.LATE, 6, LATE_NANOS);
      while (why.disturbances().get().isEmpty()) {
        Thread.onSpinWait();
      }
      LiveWhy.Disturbance late = why.disturbances().get().getFirst();
      assertEquals("late", late.step());
      assertEquals(6, late.frame());
      assertEquals(LATE_NANOS, late.amount());
      WhyAnswer answer = why.why().apply(new WhyQuestion.Newest());
      assertEquals(100, answer.lateMs(), 1e-6);
      assertEquals(
          List.of("acquisition"), answer.threads().stream().map(WhyAnswer.Line::role).toList());
      LiveWhy other = notes.why("other", new BroadcastChannel<>("readings", 16));
      assertTrue(other.disturbances().get().isEmpty());
      assertThrows(LiveWhy.Unknown.class, () -> other.why().apply(new WhyQuestion.Newest()));
    }
  }
}
