package io.photophone.events.profile;

/// What a thread did for a while, as the scheduler sees it.
public enum ThreadState {
  RUNNING("running"),
  RUNNABLE("waiting for a processor"),
  SLEEPING("sleeping"),
  BLOCKED("blocked");

  private final String text;

  ThreadState(String text) {
    this.text = text;
  }

  /// For people.
  public String text() {
    return text;
  }
}
