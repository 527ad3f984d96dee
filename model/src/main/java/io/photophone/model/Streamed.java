package io.photophone.model;

/// What a live channel carries, in order: items, and the ends of their source among them. Items may
/// follow an end, from a source started anew.
///
/// @param <T> what the items are
public sealed interface Streamed<T> {

  record Item<T>(T value) implements Streamed<T> {}

  /// Nothing follows for now.
  ///
  /// @param reason why nothing follows for now, for people
  record End<T>(String reason) implements Streamed<T> {}
}
