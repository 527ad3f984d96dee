package io.photophone.acquisition.supervision;

/// Something that runs for as long as the program does, on a thread of its own.
///
/// @param name of the task and its thread
/// @param virtual whether that thread is a virtual one
/// @param stop asks the body to return; called once or more, from another thread, and doesn't wait
public record Task(String name, Kind kind, boolean virtual, Body body, Runnable stop) {

  /// What a failure means.
  public enum Kind {
    /// The program can't do its work without it: a failure stops the whole group.
    CRITICAL,
    /// It is started again, after a pause that grows with each failure in a row.
    RESTARTABLE;

    /// The name in answers, as in `critical`.
    public String wireName() {
      return this == CRITICAL ? "critical" : "restartable";
    }
  }

  /// The work. It returns when it has come to its end; whatever it throws is a failure.
  @FunctionalInterface
  public interface Body {
    void run() throws Exception;
  }
}
