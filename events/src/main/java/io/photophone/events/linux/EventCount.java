package io.photophone.events.linux;

/// What the kernel counted of an event, whether or not its samples found room.
///
/// @param counted how often it happened; nanoseconds of running for CPU samples
/// @param lost samples that found no room in a ring; [#UNKNOWN] before Linux 6.0
public record EventCount(long counted, long lost) {
  public static final long UNKNOWN = -1;
}
