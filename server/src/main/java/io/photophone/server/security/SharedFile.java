package io.photophone.server.security;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A value that is kept in a file which another process may replace. Reading it costs a look at the
/// file's dates now and then.
///
/// @param <T> immutable
final class SharedFile<T> {
  /// How long another process's change may go unnoticed.
  private static final long FRESH_NANOS = Duration.ofMillis(200).toNanos();

  private final PrivateFolder folder;
  private final String name;
  private final Parser<T> parser;
  private final Printer<T> printer;

  /// The newest that is known; replaced by whoever looked, who holds the lock of this object.
  private volatile Known<T> known;

  /// A text as a value.
  interface Parser<T> {
    /// The value.
    ///
    /// @param text null where there is no file
    T parse(@Nullable String text) throws IOException;
  }

  /// A value as a text.
  interface Printer<T> {
    String print(T value);
  }

  private record Known<T>(T value, PrivateFolder.@Nullable Stamp stamp, long lookedNanos) {}

  SharedFile(PrivateFolder folder, String name, Parser<T> parser, Printer<T> printer)
      throws IOException {
    this.folder = folder;
    this.name = name;
    this.parser = parser;
    this.printer = printer;
    this.known = read();
  }

  /// A file with one JSON value.
  static <T> SharedFile<T> json(PrivateFolder folder, String name, Class<T> type, T empty)
      throws IOException {
    return new SharedFile<>(
        folder,
        name,
        text -> text == null ? empty : folder.parsed(name, text, type),
        value -> PrivateFolder.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value));
  }

  private Known<T> read() throws IOException {
    PrivateFolder.Stamp stamp = folder.stamp(name);
    return new Known<>(parser.parse(folder.text(name)), stamp, System.nanoTime());
  }

  /// The value, at most a fifth of a second old.
  ///
  /// @throws java.io.UncheckedIOException if the file can't be read
  T value() {
    Known<T> now = known;
    return System.nanoTime() - now.lookedNanos() < FRESH_NANOS ? now.value() : look();
  }

  /// The value as it is now.
  synchronized T look() {
    try {
      Known<T> before = known;
      PrivateFolder.Stamp stamp = folder.stamp(name);
      known =
          Objects.equals(stamp, before.stamp())
              ? new Known<>(before.value(), stamp, System.nanoTime())
              : read();
      return known.value();
    } catch (IOException e) {
      throw PrivateFolder.unchecked(e);
    }
  }

  /// Replaces the value by what is made of it; no other process changes it meanwhile.
  ///
  /// @throws java.io.UncheckedIOException if the file can't be written; it is unchanged then
  T change(UnaryOperator<T> change) {
    try {
      return folder.exclusively(() -> {
        synchronized (this) {
          T before = read().value();
          T after = change.apply(before);
          if (!after.equals(before)) {
            folder.write(name, printer.print(after));
          }
          known = read();
          return after;
        }
      });
    } catch (IOException e) {
      throw PrivateFolder.unchecked(e);
    }
  }
}
