package io.photophone.events.jfr;

/// What a [JfrSession] has seen so far.
///
/// @param events handed to the callbacks of their kind
/// @param unknown of a kind that the recording does not describe, or that could not be read
/// @param lostBytes of events that JFR itself dropped, by its own account; it doesn't count events
/// @param losses times that JFR dropped some
/// @param byWallClock of the events, those before the first clock marker, whose time was reckoned
///   by the wall clock
/// @param errors of callbacks and of reading
public record JfrStats(
    long events, long unknown, long lostBytes, long losses, long byWallClock, long errors) {}
