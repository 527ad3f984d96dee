package io.photophone.model;

/// The values that a setting may have: an interval, open or closed at each end.
///
/// @param lowest a value above this (or equal to it, unless `lowestExcluded`) is allowed
/// @param highest a value below this (or equal to it, unless `highestExcluded`) is allowed
public record Range(
    double lowest, boolean lowestExcluded, double highest, boolean highestExcluded) {

  public Range {
    boolean open = lowestExcluded || highestExcluded;
    if (!(open ? lowest < highest : lowest <= highest)) {
      throw new IllegalArgumentException("empty range: " + lowest + " to " + highest);
    }
  }

  public static Range closed(double lowest, double highest) {
    return new Range(lowest, false, highest, false);
  }

  /// Without `lowest` itself.
  public static Range above(double lowest, double highest) {
    return new Range(lowest, true, highest, false);
  }

  /// Without its ends.
  public static Range between(double lowest, double highest) {
    return new Range(lowest, true, highest, true);
  }

  /// False for NaN.
  public boolean allows(double value) {
    return (lowestExcluded ? value > lowest : value >= lowest)
        && (highestExcluded ? value < highest : value <= highest);
  }

  /// Refuses a value outside, with a message that names the setting, the value and what is allowed.
  public double check(String name, double value) {
    if (!allows(value)) {
      throw new IllegalArgumentException(
          "%s is %s, allowed: %s".formatted(name, number(value), this));
    }
    return value;
  }

  /// Like [#check(String, double)].
  public int check(String name, int value) {
    check(name, (double) value);
    return value;
  }

  /// As in `(0, 1000]`.
  @Override
  public String toString() {
    return "%s%s, %s%s"
        .formatted(
            lowestExcluded ? "(" : "[",
            number(lowest),
            number(highest),
            highestExcluded ? ")" : "]");
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
