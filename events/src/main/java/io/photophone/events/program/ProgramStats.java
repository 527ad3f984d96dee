package io.photophone.events.program;

/// What became of a program's events.
///
/// @param emitted that found room; `emitted - read` wait to be read
/// @param read by the one reader
/// @param dropped because the ring was full
/// @param unwritten to Linux's user events although somebody traces them
public record ProgramStats(long emitted, long read, long dropped, long unwritten) {}
