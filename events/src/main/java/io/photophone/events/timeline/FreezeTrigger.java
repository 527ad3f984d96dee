package io.photophone.events.timeline;

/// Why a piece of the ring is kept.
///
/// @param event what went wrong: a late frame, a lag, a gap
public record FreezeTrigger(ProgramEvent event, long timeNanos, int instrument, long frame) {}
