package io.photophone.app.config;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the value of a setting may be: how it is read, written and described.
///
/// @param <T> the value's type in the program
sealed interface Kind<T> permits Scalar, ListOf, Section, OneOf, Graph {

  /// The value, or null where `problems` tells why it was refused.
  @Nullable T read(Node node, String path, Problems problems);

  JsonNode write(T value);

  /// Its JSON Schema, which the caller may add to.
  ObjectNode schema();

  /// What is allowed, in words that follow "allowed:".
  String allowed();

  /// Paths of the single values at and below `path`, in the order of the table.
  Stream<String> singleValues(String path);
}
