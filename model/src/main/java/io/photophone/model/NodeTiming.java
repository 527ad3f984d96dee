package io.photophone.model;

/// How long a node took.
///
/// @param node its name
/// @param type of the node
/// @param frames that it processed
/// @param totalNanos for all of them
/// @param slowestNanos for one
public record NodeTiming(
    String node, String type, long frames, long totalNanos, long slowestNanos) {}
