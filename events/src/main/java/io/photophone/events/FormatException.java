package io.photophone.events;

/// A format that can't be right; the message names the field or the line.
public final class FormatException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  public FormatException(String message) {
    super(message);
  }
}
