package io.photophone.events.trace;

/// How far a trace has come.
///
/// @param samples on processors and of events
/// @param switches of threads
/// @param lost records that the kernel had no room for, as far as it has told
/// @param throttled how often the kernel paused an event that came too often
/// @param lookedAt frames of some stacks that were looked at for a name
/// @param unnamed those of them that had none
public record TraceCounts(
    long samples, long switches, long lost, long throttled, long lookedAt, long unnamed) {}
