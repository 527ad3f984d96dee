package io.photophone.server;

import java.util.Locale;

/// Why a stream ended. Contract: A23.
enum EndReason {
  /// The client hung up, or its connection broke.
  CLIENT_CLOSED(1000),
  /// The client left a write unread for too long.
  STALLED(1008),
  /// The topic's source came to its end.
  SOURCE_ENDED(1000),
  SERVER_STOPPED(1001),
  /// What allowed the client to listen was withdrawn or has expired.
  ACCESS_ENDED(1008),
  /// An event could not be encoded, which is logged.
  NOT_ENCODED(1011);

  private final int closeCode;

  EndReason(int closeCode) {
    this.closeCode = closeCode;
  }

  /// What a WebSocket is closed with: RFC 6455, section 7.4.1.
  int closeCode() {
    return closeCode;
  }

  /// As metrics name it.
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
