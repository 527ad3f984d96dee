package io.photophone.events.linux;

import java.io.IOException;

/// The kernel refused what a session asked for; the message says what, why, and which command
/// allows it.
public final class PerfException extends IOException {
  private static final long serialVersionUID = 1;

  PerfException(String message) {
    super(message);
  }
}
