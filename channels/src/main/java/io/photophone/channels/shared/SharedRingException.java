package io.photophone.channels.shared;

import org.jspecify.annotations.Nullable;

/// A ring file that can't be made, opened, held or trusted; the message names the file, what was
/// found and what is allowed.
public final class SharedRingException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SharedRingException(String message) {
    super(message);
  }

  SharedRingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
