package io.photophone.events;

/// What is done when an event happens: on the thread that reads the source, as quickly as it can.
@FunctionalInterface
public interface EventCallback {
  /// Takes an event.
  ///
  /// @param data valid until the callback returns
  /// @throws Exception whatever goes wrong; it is told to who processes the events and stops
  ///   neither the other callbacks nor the source
  void happened(EventData data) throws Exception;
}
