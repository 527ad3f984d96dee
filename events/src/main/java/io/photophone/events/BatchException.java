package io.photophone.events;

/// Some of many items failed. The suppressed exceptions are the first causes.
public final class BatchException extends Exception {
  private static final long serialVersionUID = 1;

  private final long total;

  BatchException(String work, ErrorBatch errors) {
    super(
        "%s: %d failed, first %s: %s"
            .formatted(
                work,
                errors.total(),
                errors.first().getFirst().item(),
                errors.first().getFirst().cause()));
    this.total = errors.total();
    errors.first().forEach(failure -> addSuppressed(failure.cause()));
  }

  /// How many failed, with those whose causes were not kept.
  public long total() {
    return total;
  }
}
