package io.photophone.events;

import java.util.ArrayList;
import java.util.List;

/// What went wrong with many items: the first causes, and how many more there were. Written and
/// read by one thread. Contract: V10.
public final class ErrorBatch {
  /// Causes kept unless another number is asked for.
  public static final int KEPT = 16;

  private final int kept;
  private final List<Failure> first = new ArrayList<>();
  private long total;

  /// One of the failures.
  ///
  /// @param item what failed, for people
  public record Failure(String item, Throwable cause) {}

  public ErrorBatch() {
    this(KEPT);
  }

  /// A batch that keeps so many causes.
  ///
  /// @param kept causes that are kept, at least 1
  public ErrorBatch(int kept) {
    if (kept < 1) {
      throw new IllegalArgumentException("kept is %d, allowed: 1 or more".formatted(kept));
    }
    this.kept = kept;
  }

  public void add(String item, Throwable cause) {
    total++;
    if (first.size() < kept) {
      first.add(new Failure(item, cause));
    }
  }

  public boolean isEmpty() {
    return total == 0;
  }

  /// All failures, kept or not.
  public long total() {
    return total;
  }

  /// Failures whose causes are not kept.
  public long others() {
    return total - first.size();
  }

  /// The first failures, in their order.
  public List<Failure> first() {
    return List.copyOf(first);
  }

  /// Forgets all failures.
  public void clear() {
    first.clear();
    total = 0;
  }

  /// Turns failures into one exception.
  ///
  /// @param work what the items belonged to, for people
  /// @throws BatchException if anything failed, with the causes that are kept as its suppressed
  ///   ones
  public void throwIfAny(String work) throws BatchException {
    if (isEmpty()) {
      return;
    }
    throw new BatchException(work, this);
  }
}
