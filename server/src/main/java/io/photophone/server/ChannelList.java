package io.photophone.server;

import io.photophone.channels.ChannelStats;
import java.util.List;

/// The channels of a part of the program. Asked anew each time, from any thread, so that channels
/// may come and go.
@FunctionalInterface
public interface ChannelList {

  /// What each present channel has carried.
  List<ChannelStats> stats();
}
