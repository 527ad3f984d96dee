package io.photophone.events.profile;

/// One sample, as a profile gives it back.
///
/// @param cpu the processor's number, -1 if it is not known
/// @param value in the unit of the kind
/// @param stack the id that [Profile#stack] gave, 0 without a stack
public record Sample(
    long timeNanos, int pid, int tid, int cpu, SampleKind kind, long value, int stack) {}
