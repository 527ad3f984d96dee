package io.photophone.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// One receiver of an [AnycastChannel] as senders see it. Apart from the receiver itself, whose
/// fields change at each receive.
final class AnycastLane<T> {
  private static final VarHandle PROCESSOR;

  static {
    try {
      PROCESSOR = MethodHandles.lookup().findVarHandle(AnycastLane.class, "processor", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final AnycastReceiver<T> receiver;
  final Ring<T> ring;

  /// Where the receiver waits.
  final Parking parking;

  private final Gate gate;

  /// Messages that the receiver was given and hasn't come back from, and those that it holds
  /// itself. Written by it, opaquely.
  private final Position work = new Position();

  /// Where the receiver last ran. Written by it, opaquely.
  private int processor = Processor.UNKNOWN;

  AnycastLane(AnycastReceiver<T> receiver, Ring<T> ring, Parking parking, Gate gate) {
    this.receiver = receiver;
    this.ring = ring;
    this.parking = parking;
    this.gate = gate;
  }

  boolean isAbandoned() {
    return gate.isAbandoned();
  }

  /// Messages that wait for the receiver or are in its work. The ring's part is the difference of
  /// its positions, so it can't go wrong whoever counts when.
  long load() {
    return ring.pending() + work.acquire();
  }

  /// For the receiver: what it works on and holds from now on.
  void work(long messages) {
    if (work.plain() != messages) {
      work.opaque(messages);
    }
  }

  int processor() {
    return (int) PROCESSOR.getOpaque(this);
  }

  /// For the receiver: where it runs.
  void processor(int number) {
    if (processor != number) {
      PROCESSOR.setOpaque(this, number);
    }
  }
}
