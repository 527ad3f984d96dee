package io.photophone.server;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Sweeps of an instrument's resonance: those that are kept, and one that may be under way. For any
/// thread.
public interface Sweeps {

  /// What a client asks for. A field that is null is as in the default plan.
  record Order(
      @Nullable Double fromHz,
      @Nullable Double toHz,
      @Nullable Integer steps,
      @Nullable Double dwellS) {}

  /// How a sweep is doing.
  ///
  /// @param running whether one is under way
  /// @param done part of it that is done, 0 to 1; of the last one where none is under way
  /// @param error why the last one failed; null if it didn't
  record Progress(boolean running, double done, @Nullable String error) {}

  /// The newest that is kept, as JSON; null before the first.
  ///
  /// @throws IOException if it can't be read
  byte @Nullable [] latest() throws IOException;

  Progress progress();

  /// Begins one, which is kept when it is done.
  ///
  /// @return null, or why none can begin now
  /// @throws IllegalArgumentException with the field, its value and what is allowed
  @Nullable String begin(Order order);
}
