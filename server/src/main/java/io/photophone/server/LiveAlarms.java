package io.photophone.server;

import io.photophone.channels.BroadcastChannel;
import io.photophone.model.AlarmEvent;
import io.photophone.model.AlarmStatus;
import io.photophone.model.Streamed;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/// What the server reads of an instrument's alarms, and how it tells that somebody knows.
///
/// @param statuses of all alarms, in the order of their rules
/// @param events retains those that a page asks for when it opens; carries no end, since silence is
///   what an alarm may be about
/// @param acknowledge takes the alarm's name and who acknowledges it; false if that alarm has
///   nothing to acknowledge. For any thread
public record LiveAlarms(
    Supplier<List<AlarmStatus>> statuses,
    BroadcastChannel<Streamed<AlarmEvent>> events,
    BiPredicate<String, String> acknowledge) {}
