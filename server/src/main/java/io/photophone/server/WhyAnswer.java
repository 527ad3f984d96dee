package io.photophone.server;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a reading, or what happened about a time, was late: the causes, and what the threads that
/// made it did meanwhile. Times of its parts are milliseconds since its start.
///
/// @param fromSample of the reading that was made then; null where there was none
/// @param lateMs by how much it took longer than it should have
/// @param causes the likeliest first
/// @param notes what isn't known, and what would let it be known
/// @param text the answer for a terminal, 100 columns wide
public record WhyAnswer(
    Instant from,
    Instant until,
    @Nullable Long fromSample,
    double lateMs,
    String sentence,
    List<Cause> causes,
    List<Line> threads,
    List<Step> steps,
    List<String> notes,
    String text) {
  public WhyAnswer {
    causes = List.copyOf(causes);
    threads = List.copyOf(threads);
    steps = List.copyOf(steps);
    notes = List.copyOf(notes);
  }

  /// Something that took time.
  ///
  /// @param kind such as `processor_taken`
  /// @param share of the lateness, 0 to 1
  public record Cause(String kind, String sentence, double ms, double share) {}

  /// A thread's time line.
  ///
  /// @param tid as the operating system numbers threads
  /// @param stretches without a hole, from the start to the end
  public record Line(String name, int tid, String role, List<Stretch> stretches) {
    public Line {
      stretches = List.copyOf(stretches);
    }
  }

  /// Time that a thread spent in one state.
  ///
  /// @param state such as `running`
  /// @param detail what it waited for, or who had its processor; empty if that isn't known
  public record Stretch(double fromMs, double untilMs, String state, String detail) {}

  /// A step of a frame.
  ///
  /// @param frame its number; -1 where it isn't known
  /// @param amount what the step says it is
  public record Step(double atMs, String step, long frame, long amount) {}
}
