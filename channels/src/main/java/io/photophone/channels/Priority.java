package io.photophone.channels;

/// Class of a message, from the most to the least urgent.
public enum Priority {
  /// Interrupts and critical events.
  REAL_TIME,
  /// What a user waits for.
  HIGH,
  /// Ordinary tasks.
  NORMAL,
  /// Logging and monitoring.
  LOW,
  /// File transfers and backups.
  BULK
}
