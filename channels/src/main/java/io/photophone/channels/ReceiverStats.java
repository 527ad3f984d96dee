package io.photophone.channels;

import java.util.Map;

/// What one receiver of a channel has seen, at one moment.
///
/// At every quiet moment the messages meant for it since it joined are `received + dropped +
/// pending`.
///
/// @param name of the receiver
/// @param thread name of the thread that receives, empty before its first receive
/// @param abandoned whether that thread has ended without closing the receiver
/// @param received messages handed to it
/// @param dropped messages it will not get, by reason; reasons without a message are left out
/// @param pending messages that wait for it, those included that are already overwritten and not
///   yet counted as dropped; where receivers share one queue, 0 beyond what it holds itself
/// @param load part of its room that is taken by pending messages and the ones in work, in [0, 1]
public record ReceiverStats(
    String name,
    String thread,
    boolean abandoned,
    long received,
    Map<DropReason, Long> dropped,
    long pending,
    double load) {

  public ReceiverStats {
    dropped = Map.copyOf(dropped);
  }

  /// Messages it will not get, for whatever reason.
  public long droppedTotal() {
    return Drops.total(dropped);
  }

  /// Messages meant for it since it joined.
  public long offered() {
    return received + droppedTotal() + pending;
  }
}
