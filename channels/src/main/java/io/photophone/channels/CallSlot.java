package io.photophone.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A place for one call at a time, of one generation after the other.
///
/// A call ends once: by its reply, its time-out, its cancellation or the close of the channel.
/// Whoever moves [#ended] from the generation before to the call's own ends it, all others come too
/// late. So the caller needs no write for a call to become pending, and a server writes lines that
/// the caller doesn't use while the call runs.
@SuppressWarnings("unused")
final class CallSlot {
  private static final VarHandle GENERATION;

  static {
    try {
      GENERATION = MethodHandles.lookup().findVarHandle(CallSlot.class, "generation", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final int index;

  /// Generation of the last call that has ended.
  final Position ended = new Position();

  final Mailbox mailbox = new Mailbox();
  final Parking parking = new Parking();

  /// The caller's place in it, as the waiting wants it.
  final Waiter[] places = {new Waiter(parking)};

  /// Generation of the latest call: written by the one who holds the slot, after [#future]; read by
  /// a close.
  private long generation;

  /// When the call began, if it is timed. Of the one who holds the slot.
  long startNanos;

  /// Index of the next free slot below this one, while this one is free: see [CallTable]. A long,
  /// to lie among the caller's fields and not among those that a server reads.
  long next;

  /// Of a call whose caller doesn't wait, until it ends.
  @Nullable CompletableFuture<?> future;

  private long b01;
  private long b02;
  private long b03;
  private long b04;
  private long b05;
  private long b06;
  private long b07;
  private long b08;
  private long b09;
  private long b10;
  private long b11;
  private long b12;
  private long b13;

  CallSlot(int index) {
    this.index = index;
  }

  /// Begins the next call here. Called by the one who holds the slot.
  long begin() {
    long begun = generation + 1;
    GENERATION.setRelease(this, begun);
    return begun;
  }

  long generation() {
    return (long) GENERATION.getAcquire(this);
  }

  /// Ends a call, unless it has ended.
  ///
  /// @return whether it is the caller who ended it
  boolean end(long ofGeneration) {
    return ended.compareAndSet(ofGeneration - 1, ofGeneration);
  }

  /// Whether a call goes on.
  boolean isPending(long ofGeneration) {
    return ended.get() == ofGeneration - 1;
  }
}
