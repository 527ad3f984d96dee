package io.photophone.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Threads that wait for one thing to happen, woken in the order in which they came.
///
/// Who makes it happen calls [#signal], which costs one plain read while nobody waits. See
/// [WaitStrategy] for how a signal that comes too early is made up for.
final class Parking {
  private static final VarHandle WAITERS;

  static {
    try {
      WAITERS = MethodHandles.lookup().findVarHandle(Parking.class, "waiters", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ReentrantLock lock = new ReentrantLock();

  /// Of the list of waiters; guarded by the lock.
  private @Nullable Waiter first;

  private @Nullable Waiter last;

  /// Length of the list: written under the lock, read opaquely by those who signal.
  private int waiters;

  /// Wakes the one who has waited longest, if anyone waits.
  void signal() {
    if ((int) WAITERS.getOpaque(this) != 0) {
      wakeFirst();
    }
  }

  /// Wakes those who have waited longest, at most so many.
  void signal(int most) {
    for (int i = 0; i < most && (int) WAITERS.getOpaque(this) != 0; i++) {
      if (!wakeFirst()) {
        return;
      }
    }
  }

  /// Wakes this one, if it waits.
  void wake(Waiter waiter) {
    Thread thread;
    lock.lock();
    try {
      thread = waiter.thread;
    } finally {
      lock.unlock();
    }
    LockSupport.unpark(thread);
  }

  /// Wakes all.
  void signalAll() {
    while ((int) WAITERS.getOpaque(this) != 0 && wakeFirst()) {}
  }

  int waiters() {
    return (int) WAITERS.getOpaque(this);
  }

  private boolean wakeFirst() {
    Waiter waiter;
    Thread thread;
    lock.lock();
    try {
      waiter = first;
      if (waiter == null) {
        return false;
      }
      thread = waiter.thread;
      unlink(waiter);
    } finally {
      lock.unlock();
    }
    LockSupport.unpark(thread);
    return true;
  }

  /// Puts the calling thread at the end of the list, unless it is on it.
  ///
  /// @return whether it was not
  boolean enqueue(Waiter waiter) {
    lock.lock();
    try {
      waiter.thread = Thread.currentThread();
      waiter.came = true;
      if (waiter.enqueued) {
        return false;
      }
      waiter.enqueued = true;
      waiter.before = last;
      waiter.after = null;
      if (last == null) {
        first = waiter;
      } else {
        last.after = waiter;
      }
      last = waiter;
      WAITERS.setVolatile(this, waiters + 1);
    } finally {
      lock.unlock();
    }
    // Partner: whoever makes it happen. Our place in the list is visible before we look.
    VarHandle.fullFence();
    return true;
  }

  /// Takes the waiter from the list. If it was woken and doesn't use what it was woken for, the
  /// next one is woken instead.
  void leave(Waiter waiter, boolean served) {
    boolean passOn;
    lock.lock();
    try {
      passOn = waiter.came && !waiter.enqueued && !served;
      waiter.came = false;
      waiter.thread = null;
      if (waiter.enqueued) {
        unlink(waiter);
      }
    } finally {
      lock.unlock();
    }
    if (passOn) {
      signal();
    }
  }

  private void unlink(Waiter waiter) {
    Waiter before = waiter.before;
    Waiter after = waiter.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    waiter.before = null;
    waiter.after = null;
    waiter.enqueued = false;
    WAITERS.setVolatile(this, waiters - 1);
  }
}
