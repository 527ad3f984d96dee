package io.photophone.bench.load;

/// Something that has to hold.
///
/// @param value what was measured
/// @param limit what it may be at most
record Bar(String what, double value, double limit) {
  boolean holds() {
    return value <= limit;
  }

  @Override
  public String toString() {
    return "%-5s %s: %.3f, allowed: up to %.3f"
        .formatted(holds() ? "holds" : "FAILS", what, value, limit);
  }
}
