package io.photophone.events.profile;

/// A function on a call stack.
///
/// @param name the function's
/// @param module the file or the part of the system that it belongs to; empty if it is not known
public record Frame(String name, String module, FrameKind kind) {}
