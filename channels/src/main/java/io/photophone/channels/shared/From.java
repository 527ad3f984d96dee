package io.photophone.channels.shared;

/// Where a receiver of a broadcast ring begins, and where it goes on after it was overtaken.
public enum From {
  /// At the oldest message still in the ring: it loses as little as possible and stays late.
  OLDEST,
  /// At the newest message: it loses what lies before and is up to date.
  NEWEST,
  /// At the next message that will be sent.
  NEXT
}
