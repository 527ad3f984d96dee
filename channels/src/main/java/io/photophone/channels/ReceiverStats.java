package io.photophone.channels;

/// What one receiver of a channel has seen, at one moment.
///
/// At every quiet moment the messages sent since the receiver joined are `received + missed +
/// pending`.
///
/// @param name of the receiver
/// @param received messages handed to it
/// @param missed messages overwritten before it came to them
/// @param pending messages that wait for it, those included that are already overwritten and not
///   yet counted as missed
public record ReceiverStats(String name, long received, long missed, long pending) {}
