package io.photophone.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A count that one side of a ring moves and the other reads, alone on its cache lines.
///
/// The fields before and behind keep others' writes 128 bytes away: two lines, since processors
/// fetch them in pairs.
@SuppressWarnings("unused")
final class Position extends PositionFields {
  private long b00;
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
  private long b14;
  private long b15;
}

@SuppressWarnings("unused")
abstract sealed class PositionPadding permits PositionFields {
  private long a00;
  private long a01;
  private long a02;
  private long a03;
  private long a04;
  private long a05;
  private long a06;
  private long a07;
  private long a08;
  private long a09;
  private long a10;
  private long a11;
  private long a12;
  private long a13;
  private long a14;
  private long a15;
}

abstract sealed class PositionFields extends PositionPadding permits Position {
  private static final VarHandle VALUE;
  private static final VarHandle LIMIT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      VALUE = lookup.findVarHandle(PositionFields.class, "value", long.class);
      LIMIT = lookup.findVarHandle(PositionFields.class, "limit", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private long value;

  /// How far the side that moves this may go before it must look at the other side again.
  @SuppressWarnings("UnusedVariable") // by its handle
  private long limit;

  final long plain() {
    return value;
  }

  final long acquire() {
    return (long) VALUE.getAcquire(this);
  }

  final long get() {
    return (long) VALUE.getVolatile(this);
  }

  final long opaque() {
    return (long) VALUE.getOpaque(this);
  }

  final void opaque(long newValue) {
    VALUE.setOpaque(this, newValue);
  }

  final void release(long newValue) {
    VALUE.setRelease(this, newValue);
  }

  final void set(long newValue) {
    VALUE.setVolatile(this, newValue);
  }

  final boolean compareAndSet(long expected, long newValue) {
    return VALUE.compareAndSet(this, expected, newValue);
  }

  final long getAndAdd(long difference) {
    return (long) VALUE.getAndAdd(this, difference);
  }

  final long limit() {
    return (long) LIMIT.getOpaque(this);
  }

  final void limit(long newLimit) {
    LIMIT.setOpaque(this, newLimit);
  }
}
