package io.photophone.events.profile;

/// One thing that was sampled: time on a processor, time off it, or any event.
///
/// @param name as exports show it, not empty
/// @param unit what a sample's value counts
public record SampleKind(String name, Unit unit) {
  /// Time on a processor.
  public static final SampleKind CPU = new SampleKind("cpu", Unit.NANOSECONDS);

  /// Time between leaving a processor and coming back.
  public static final SampleKind OFF_CPU = new SampleKind("off-cpu", Unit.NANOSECONDS);

  public SampleKind {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name of a kind of sample is blank");
    }
  }

  /// Occurrences of an event.
  public static SampleKind ofEvent(String name) {
    return new SampleKind(name, Unit.COUNT);
  }
}
