package io.photophone.server.protocol;

import org.jspecify.annotations.Nullable;

/// How the MQTT publisher is doing, at one moment. Every reading and alarm is either published, or
/// waits, or is under way, or is counted under what it was lost to.
///
/// @param url of the broker
/// @param connects connections made since it began
/// @param published readings and alarms that the broker has taken
/// @param buffered readings and alarms that wait for the broker
/// @param droppedFull those given up because too many waited
/// @param droppedOld those given up because they waited too long
/// @param refused those that the broker didn't want
/// @param missed those that came faster than they could be put in the buffer
/// @param lastError what went wrong last, for people; null while nothing has
public record MqttState(
    String url,
    boolean connected,
    long connects,
    long published,
    int buffered,
    long droppedFull,
    long droppedOld,
    long refused,
    long missed,
    @Nullable String lastError) {}
