package io.photophone.channels;

import org.jspecify.annotations.Nullable;

/// One thread's place in a [Parking]. Used by one thread at a time.
final class Waiter {
  private final Parking parking;

  /// All guarded by the lock of the parking.
  @Nullable Thread thread;

  @Nullable Waiter before;
  @Nullable Waiter after;
  boolean enqueued;

  /// Whether it was enqueued since it last left.
  boolean came;

  Waiter(Parking parking) {
    this.parking = parking;
  }

  /// Puts it at the end of the list, unless it is on it.
  ///
  /// @return whether it was not
  boolean enqueue() {
    return parking.enqueue(this);
  }

  /// Wakes its thread, if that waits, and another one in its place.
  void leaveForGood() {
    parking.wake(this);
    parking.signal();
  }

  void leave(boolean served) {
    parking.leave(this, served);
  }
}
