package io.photophone.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Where the outcome of a call is left for the thread that waits for it. Written by the one thread
/// that ends the call, read by the one that made it.
///
/// What it says and the word that tells it has been said lie side by side, so that one cache line
/// carries a reply; the fields behind them keep the next mailbox away.
@SuppressWarnings("unused")
final class Mailbox {
  /// A reply is there.
  static final int ANSWERED = 0;

  /// The server's failure is there.
  static final int FAILED = 1;

  /// The channel was closed; nothing is there.
  static final int CLOSED = 2;

  private static final int KIND_BITS = 2;
  private static final VarHandle LATEST;

  static {
    try {
      LATEST = MethodHandles.lookup().findVarHandle(Mailbox.class, "latest", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// Generation of the call that was last ended here and how.
  private long latest;

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
  private @Nullable Object content;

  /// Partner: [#has].
  void put(long generation, int kind, @Nullable Object what) {
    content = what;
    LATEST.setRelease(this, generation << KIND_BITS | kind);
  }

  /// Whether the call of this generation has ended here.
  boolean has(long generation) {
    return (long) LATEST.getAcquire(this) >> KIND_BITS == generation;
  }

  /// How the latest call ended; to be asked after [#has] was true.
  int kind() {
    return (int) latest & ((1 << KIND_BITS) - 1);
  }

  @Nullable Object content() {
    return content;
  }

  void clear() {
    content = null;
  }
}
