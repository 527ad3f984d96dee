package io.photophone.channels.shared;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A ring without a file, of which a stress test can make thousands in a second. In the package of
/// the rings, whose memory is nobody else's business.
public final class RingInMemory {
  private final RingMemory ring;

  public RingInMemory(SharedRing shape) {
    MemorySegment bytes =
        Arena.ofAuto().allocate(RingLayout.fileBytes(shape.capacity()), RingLayout.ALIGNMENT);
    this.ring = new RingMemory("ring in memory", bytes, shape);
  }

  public OneToOneSender sender() {
    return new OneToOneSender(ring, Role.unshared(ring, RingLayout.SENDER_LINE));
  }

  public OneToOneReceiver receiver() {
    return new OneToOneReceiver(ring, Role.unshared(ring, RingLayout.RECEIVER_LINE));
  }

  public BroadcastSender broadcastSender() {
    return new BroadcastSender(ring, Role.unshared(ring, RingLayout.SENDER_LINE));
  }

  public BroadcastReceiver broadcastReceiver(From from) {
    return new BroadcastReceiver(ring, from);
  }
}
