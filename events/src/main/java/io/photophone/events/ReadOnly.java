package io.photophone.events;

import java.util.function.Function;

/// State that others write, seen through functions. See [Writable] for who may call. Contract: V6.
public final class ReadOnly<T> {
  private final Writable<T> state;

  ReadOnly(Writable<T> state) {
    this.state = state;
  }

  /// What a function makes of the state, which it must not keep.
  public <R> R read(Function<? super T, ? extends R> function) {
    return state.read(function);
  }
}
