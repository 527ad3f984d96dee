package io.photophone.analysis;

/// Where a stream stands on the grid \[kN, (k + 1)N) of absolute sample indices.
///
/// The grid depends on the indices alone, so what is summed over an interval doesn't depend on how
/// the samples were cut. An interval counts once a sample of it has come; one that was skipped
/// entirely never ends. For one thread.
final class IntervalGrid {
  private final int length;
  private long start;
  private long next;
  private boolean begun;

  /// @param length samples of one interval
  IntervalGrid(int length) {
    if (length < 1) {
      throw new IllegalArgumentException(
          "interval is %d samples, allowed: from 1".formatted(length));
    }
    this.length = length;
  }

  /// First sample of the present interval.
  long start() {
    return start;
  }

  /// The sample behind the present interval.
  long end() {
    return start + length;
  }

  /// Index of the sample that comes next.
  long next() {
    return next;
  }

  int length() {
    return length;
  }

  /// Refuses an index that has passed.
  ///
  /// @return whether samples are missing before it
  boolean isGap(long index) {
    if (index < next) {
      throw new IllegalArgumentException(
          "samples begin at %d, which has passed: next is %d".formatted(index, next));
    }
    return index > next;
  }

  /// Whether going on at this index leaves an interval that has begun.
  boolean leaves(long index) {
    return begun && index >= end();
  }

  /// Goes on at an index, in the interval it is in.
  void moveTo(long index) {
    next = index;
    if (index >= end()) {
      start = index - index % length;
      begun = false;
    }
  }

  /// Goes on by one sample; whether it was the last of its interval, which [#moveTo] then leaves.
  boolean advance() {
    begun = true;
    next++;
    return next == end();
  }
}
