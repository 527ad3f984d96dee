package io.photophone.model;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// A named value of a record type: what store, API, dump and command line call it and how they get
/// it.
///
/// @param <T> the record
/// @param name in snake case, the unit in the name
/// @param description one sentence for documents and headings
/// @param kind what the value is
/// @param value null where the record has no such value
public record Field<T>(
    String name, String description, Kind kind, Function<T, @Nullable Object> value) {

  /// What a value is.
  public enum Kind {
    /// A `String`.
    TEXT,

    /// A list of strings.
    TEXTS,

    /// A `Long`.
    WHOLE,

    /// A finite `Double`.
    NUMBER
  }

  /// One whose value is text.
  public static <T> Field<T> text(
      String name, String description, Function<T, @Nullable String> value) {
    return new Field<>(name, description, Kind.TEXT, value::apply);
  }

  /// One whose value is a whole number.
  public static <T> Field<T> whole(String name, String description, Function<T, Long> value) {
    return new Field<>(name, description, Kind.WHOLE, value::apply);
  }

  /// One whose value is a number. What is not finite is a value that the record doesn't have.
  public static <T> Field<T> number(String name, String description, ToDoubleFunction<T> value) {
    return new Field<>(
        name,
        description,
        Kind.NUMBER,
        record -> {
          double number = value.applyAsDouble(record);
          return Double.isFinite(number) ? number : null;
        });
  }
}
