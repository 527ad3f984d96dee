package io.photophone.model;

/// Hears of every step of an instrument's frames, on the thread that takes the step: it must
/// neither wait, allocate nor throw. Contract: V15.
@FunctionalInterface
public interface FrameLog {
  /// Hears and forgets.
  FrameLog NONE = (step, frame, amount) -> {};

  /// Takes note of a step.
  ///
  /// @param frame number of the frame, or of the one behind what was lost; -1 where it isn't known
  /// @param amount what the step says it is
  void happened(FrameStep step, long frame, long amount);
}
