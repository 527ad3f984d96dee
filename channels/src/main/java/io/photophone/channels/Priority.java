package io.photophone.channels;

/// Class of a message, from the most to the least urgent.
public enum Priority {
  /// Interrupts and critical events.
  REAL_TIME(0),
  /// What a user waits for.
  HIGH(1),
  /// Ordinary tasks.
  NORMAL(2),
  /// Logging and monitoring.
  LOW(3),
  /// File transfers and backups.
  BULK(4);

  /// From 0, the most urgent.
  final int rank;

  Priority(int rank) {
    this.rank = rank;
  }
}
