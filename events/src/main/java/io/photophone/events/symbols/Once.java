package io.photophone.events.symbols;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A value that is read at its first use, once, by whichever thread comes first; the others wait. A
/// failure is remembered, too, and told to each who asks.
///
/// Contract: V12.
public final class Once<T> {
  /// Reads the value.
  @FunctionalInterface
  public interface Source<T> {
    T read() throws IOException;
  }

  private sealed interface Outcome<T> {}

  private record Value<T>(T value) implements Outcome<T> {}

  private record Failure<T>(IOException cause) implements Outcome<T> {}

  private final Source<T> source;

  /// Written once, by the first thread, while it holds the monitor; read by all.
  private volatile @Nullable Outcome<T> outcome;

  private Once(Source<T> source) {
    this.source = source;
  }

  public static <T> Once<T> of(Source<T> source) {
    return new Once<>(source);
  }

  /// The value.
  ///
  /// @throws SymbolException if it couldn't be read, now or before
  public T get() throws SymbolException {
    return switch (outcome()) {
      case Value<T>(T value) -> value;
      case Failure<T>(IOException cause) -> throw new SymbolException(words(cause), cause);
    };
  }

  /// The value, or null if it couldn't be read: for hot paths, which count and don't throw.
  public @Nullable T orNull() {
    return outcome() instanceof Value<T>(T value) ? value : null;
  }

  /// Why the value couldn't be read; reads it if nobody has.
  public Optional<IOException> failure() {
    return outcome() instanceof Failure<T>(IOException cause)
        ? Optional.of(cause)
        : Optional.empty();
  }

  private Outcome<T> outcome() {
    Outcome<T> known = outcome;
    return known != null ? known : read();
  }

  private synchronized Outcome<T> read() {
    Outcome<T> known = outcome;
    if (known == null) {
      try {
        known = new Value<>(source.read());
      } catch (IOException e) {
        known = new Failure<>(e);
      }
      outcome = known;
    }
    return known;
  }

  private static String words(IOException cause) {
    // Exceptions of the file system have a path for a message.
    return cause instanceof SymbolException ? String.valueOf(cause.getMessage()) : cause.toString();
  }
}
