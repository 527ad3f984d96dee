package io.photophone.events.profile;

/// A reason why something that happened is not in a profile.
public enum Loss {
  LOST_RECORDS("records lost by the kernel"),
  THROTTLED("times throttled by the kernel"),
  SAMPLES("samples dropped"),
  STACKS("call stacks dropped"),
  KINDS("kinds of samples dropped"),
  PROCESSES("processes dropped"),
  THREADS("threads dropped"),
  MAPPINGS("mappings dropped"),
  SPANS("spans dropped"),
  STATES("states of threads dropped"),
  ATTRIBUTES("attributes dropped"),
  UNNAMED_FRAMES("frames without a name");

  private final String text;

  Loss(String text) {
    this.text = text;
  }

  /// What is counted, for people.
  public String text() {
    return text;
  }
}
