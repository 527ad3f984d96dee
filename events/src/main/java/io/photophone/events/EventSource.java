package io.photophone.events;

import java.io.IOException;

/// Where records of events come from: the ring that a kernel writes, a recorded file, or what a
/// user makes. Read by one thread. Contract: V11.
public interface EventSource extends AutoCloseable {
  /// By which its records are told from those of other sources.
  long id();

  /// Hands over records that are there, in their order, and returns at once.
  ///
  /// @param most records that are handed over at the most
  /// @return how many were; 0 if none is there at the moment
  /// @throws IOException if the source failed
  int readData(RecordConsumer consumer, int most) throws IOException;

  @Override
  void close() throws IOException;
}
