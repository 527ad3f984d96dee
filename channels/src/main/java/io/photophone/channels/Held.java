package io.photophone.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Messages that a receiver has taken out of a shared ring and not been able to hand over, since a
/// handler threw; it receives them next. Empty in ordinary life. Used by the receiving thread;
/// [#count] by any.
final class Held<T> {
  private static final VarHandle COUNT;

  static {
    try {
      COUNT = MethodHandles.lookup().findVarHandle(Held.class, "count", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// Made when first needed.
  private Ring.@Nullable Batch batch;

  private int from;

  /// Written by the receiving thread alone, opaquely, since others read it.
  private int count;

  int count() {
    return (int) COUNT.getOpaque(this);
  }

  boolean isEmpty() {
    return count == 0;
  }

  void keep(Ring.Batch fetched, int handed, int fetchedCount) {
    int rest = fetchedCount - handed;
    if (rest != 0) {
      Ring.Batch kept = batch();
      System.arraycopy(fetched.messages, handed, kept.messages, 0, rest);
      System.arraycopy(fetched.nanos, handed, kept.nanos, 0, rest);
      Arrays.fill(fetched.messages, handed, fetchedCount, null);
      from = 0;
      COUNT.setOpaque(this, rest);
    }
  }

  /// Keeps one message; there is none.
  void keep(T message, Ring.Stamp stamp) {
    Ring.Batch kept = batch();
    kept.messages[0] = message;
    kept.nanos[0] = stamp.nanos;
    from = 0;
    COUNT.setOpaque(this, 1);
  }

  private Ring.Batch batch() {
    Ring.Batch made = batch;
    if (made == null) {
      made = new Ring.Batch();
      batch = made;
    }
    return made;
  }

  @SuppressWarnings("unchecked")
  @Nullable T take(Ring.Stamp stamp) {
    if (count == 0 || batch == null) {
      return null;
    }
    T message = (T) batch.messages[from];
    stamp.nanos = batch.nanos[from];
    settle(1);
    return message;
  }

  int fetch(Ring.Batch into, int limit) {
    if (batch == null) {
      return 0;
    }
    int most = Math.min(limit, count);
    System.arraycopy(batch.messages, from, into.messages, 0, most);
    System.arraycopy(batch.nanos, from, into.nanos, 0, most);
    into.isTimed = true;
    return most;
  }

  void settle(int received) {
    if (batch != null) {
      Arrays.fill(batch.messages, from, from + received, null);
    }
    from += received;
    COUNT.setOpaque(this, count - received);
  }
}
