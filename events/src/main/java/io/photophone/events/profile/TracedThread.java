package io.photophone.events.profile;

/// A thread of a traced process.
///
/// @param name empty if it is not known
public record TracedThread(int tid, String name) {}
