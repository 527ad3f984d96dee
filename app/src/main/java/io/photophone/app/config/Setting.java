package io.photophone.app.config;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A row of the table: one named value of a record.
///
/// @param <S> the record
/// @param <T> the value
/// @param get takes the value from the record
/// @param description one line for documents
/// @param required whether it must be set
/// @param preset the value where it isn't set
record Setting<S, T>(
    String name,
    Kind<T> kind,
    Function<S, @Nullable T> get,
    String description,
    boolean required,
    @Nullable T preset) {

  /// Adds the value found in a block, or the preset.
  void read(Node.Block block, String path, Values values, Problems problems) {
    String own = Node.join(path, name);
    Node node = block.get(name);
    if (node != null) {
      values.put(this, kind.read(node, own, problems));
    } else if (required) {
      problems.add(block.origin(), own, "is missing, allowed: " + kind.allowed());
    } else {
      values.put(this, preset);
    }
  }

  void write(S record, ObjectNode block) {
    T value = get.apply(record);
    if (value != null) {
      block.set(name, kind.write(value));
    }
  }

  ObjectNode schema() {
    ObjectNode schema = kind.schema().put("description", description);
    if (preset != null) {
      schema.set("default", kind.write(preset));
    }
    return schema;
  }
}
