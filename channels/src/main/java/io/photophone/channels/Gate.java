package io.photophone.channels;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Lets one thread through at a time, always the same one, checked; and lets others shut it and
/// wait until that thread is out, at no cost to it but two plain stores.
///
/// Lock-free for the one that passes. Who sends or receives is inside for a few instructions; a
/// close that races with it must know whether it got through, and it may not pay a fence for that
/// (which costs more than ten times a send). So the fence is on the side of the close: see
/// [#awaitQuiet].
final class Gate {
  private static final VarHandle USER;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      USER = lookup.findVarHandle(Gate.class, "user", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String purpose;

  /// Written by a thread that begins or gives up to use the gate.
  private volatile @Nullable Thread user;

  /// 1 while the user, who alone writes it, is inside.
  private final Position inside = new Position();

  /// Volatile, since the user's read costs no more than a plain one does.
  private volatile boolean shut;

  /// @param purpose what the one thread does, for messages: `sends to channel x`
  Gate(String purpose) {
    this.purpose = purpose;
  }

  /// Goes in; [#exit] must follow if it returns true.
  ///
  /// @return false if the gate is shut
  /// @throws IllegalStateException if another living thread is the user
  boolean enter() {
    if (!Thread.currentThread().equals(user)) {
      becomeUser();
    }
    inside.opaque(1);
    if (shut) {
      exit();
      return false;
    }
    return true;
  }

  /// Goes out. Partner: [#awaitQuiet], which then shows all that was written inside.
  void exit() {
    inside.release(0);
  }

  private void becomeUser() {
    Thread before = user;
    if ((before != null && before.isAlive())
        || !USER.compareAndSet(this, before, Thread.currentThread())) {
      throw new IllegalStateException(
          "one thread %s, %s: not %s".formatted(purpose, user, Thread.currentThread()));
    }
  }

  /// Lets another thread become the user. Nothing if the calling thread isn't it.
  void giveUp() {
    USER.compareAndSet(this, Thread.currentThread(), null);
  }

  @Nullable Thread user() {
    return user;
  }

  /// Whether its user has ended and nobody has shut it.
  boolean isAbandoned() {
    Thread thread = user;
    return thread != null && !thread.isAlive() && !shut;
  }

  /// Lets nobody in from now on and waits until nobody is inside.
  void shut() {
    shut = true;
    awaitQuiet();
  }

  boolean isShut() {
    return shut;
  }

  /// Returns when nobody is inside who went in before the call; who goes in later sees all that the
  /// caller wrote before.
  void awaitQuiet() {
    /*
     * The user writes `inside` and then reads `shut` (or what else the caller has changed) with nothing
     * but program order in between; the caller has written the one and now reads the other. One of the
     * two must see the other's write, which takes a full fence on both sides. Closing a shared arena makes
     * the virtual machine stop each thread for a moment (a thread-local handshake, 20 to 80 µs), which is
     * that fence on the user's side.
     */
    Thread thread = user;
    if (thread == null || thread.equals(Thread.currentThread())) {
      return;
    }
    Arena.ofShared().close();
    for (int round = 0; inside.acquire() != 0 && thread.isAlive(); round++) {
      Ring.pause(round);
    }
  }
}
