package io.photophone.events.profile;

/// What the values of a kind of sample count.
public enum Unit {
  COUNT("count"),
  NANOSECONDS("nanoseconds"),
  BYTES("bytes");

  private final String text;

  Unit(String text) {
    this.text = text;
  }

  /// As profile formats name it.
  public String text() {
    return text;
  }
}
