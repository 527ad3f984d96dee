package io.photophone.app.notes;

import io.photophone.events.timeline.ProgramEvent;
import java.util.Locale;

/// Names of steps in answers.
final class FrameSteps {
  private FrameSteps() {}

  static String name(ProgramEvent event) {
    return event.name().toLowerCase(Locale.ROOT);
  }
}
