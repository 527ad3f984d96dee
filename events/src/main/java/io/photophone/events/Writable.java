package io.photophone.events;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// State that callbacks share with the rest of a program: read and written through functions, so
/// that nobody holds on to it.
///
/// One made by [#ofOneThread] belongs to the first thread that uses it and costs no more than a
/// field. One made by [#shared] may be used by any: readers together, a writer alone. Both refuse
/// to write within a read, which would change what the reader sees, or wait for itself for ever.
/// Contract: V6.
public final class Writable<T> {
  private final Guard guard;
  private T value;

  private Writable(T value, Guard guard) {
    this.value = value;
    this.guard = guard;
  }

  /// State of the first thread that uses it.
  public static <T> Writable<T> ofOneThread(T value) {
    return new Writable<>(value, new OneThread());
  }

  /// State of all threads.
  public static <T> Writable<T> shared(T value) {
    return new Writable<>(value, new Shared());
  }

  /// What a function makes of the state, which it must not keep.
  ///
  /// @throws IllegalStateException if it is another thread's, or being written by this one
  public <R> R read(Function<? super T, ? extends R> function) {
    guard.beginRead();
    try {
      return function.apply(value);
    } finally {
      guard.endRead();
    }
  }

  /// Lets a function change the state in place.
  ///
  /// @throws IllegalStateException if it is another thread's, or in use by this one
  public void write(Consumer<? super T> function) {
    replace(now -> {
      function.accept(now);
      return now;
    });
  }

  /// Puts what a function makes of the state in its place.
  ///
  /// @throws IllegalStateException if it is another thread's, or in use by this one
  public void replace(UnaryOperator<T> function) {
    guard.beginWrite();
    try {
      value = function.apply(value);
    } finally {
      guard.endWrite();
    }
  }

  /// The same state for those who only read it.
  public ReadOnly<T> readOnly() {
    return new ReadOnly<>(this);
  }

  private sealed interface Guard {
    void beginRead();

    void endRead();

    void beginWrite();

    void endWrite();
  }

  private static IllegalStateException inUse(String what) {
    return new IllegalStateException(
        "the state can't be %s within a function that uses it".formatted(what));
  }

  private static final class OneThread implements Guard {
    private volatile @Nullable Thread owner;
    private int reads;
    private boolean writing;

    private void checkThread() {
      Thread now = Thread.currentThread();
      Thread known = owner;
      if (known == null) {
        owner = now;
      } else if (!now.equals(known)) {
        throw new IllegalStateException(
            "the state belongs to thread %s, used by %s; Writable.shared is for several"
                .formatted(known.getName(), now.getName()));
      }
    }

    @Override
    public void beginRead() {
      checkThread();
      if (writing) {
        throw inUse("read");
      }
      reads++;
    }

    @Override
    public void endRead() {
      reads--;
    }

    @Override
    public void beginWrite() {
      checkThread();
      if (writing || reads > 0) {
        throw inUse("written");
      }
      writing = true;
    }

    @Override
    public void endWrite() {
      writing = false;
    }
  }

  private static final class Shared implements Guard {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    @Override
    public void beginRead() {
      if (lock.isWriteLockedByCurrentThread()) {
        throw inUse("read");
      }
      lock.readLock().lock();
    }

    @Override
    public void endRead() {
      lock.readLock().unlock();
    }

    @Override
    public void beginWrite() {
      if (lock.isWriteLockedByCurrentThread() || lock.getReadHoldCount() > 0) {
        throw inUse("written");
      }
      lock.writeLock().lock();
    }

    @Override
    public void endWrite() {
      lock.writeLock().unlock();
    }
  }
}
