package io.photophone.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Any number of values of one kind, but at least `fewest`.
record ListOf<T>(Kind<T> item, int fewest) implements Kind<List<T>> {

  @Override
  public @Nullable List<T> read(Node node, String path, Problems problems) {
    if (!(node instanceof Node.Items list) || list.items().size() < fewest) {
      problems.refuse(node, path, allowed());
      return null;
    }
    List<T> values = new ArrayList<>();
    for (int i = 0; i < list.items().size(); i++) {
      T value = item.read(list.items().get(i), Node.join(path, i), problems);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  @Override
  public JsonNode write(List<T> values) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    values.forEach(value -> list.add(item.write(value)));
    return list;
  }

  @Override
  public ObjectNode schema() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.put("type", "array").put("minItems", fewest).set("items", item.schema());
    return schema;
  }

  @Override
  public String allowed() {
    return fewest == 0 ? "a list" : "a list of at least " + fewest;
  }

  /// A list can be set in a file only.
  @Override
  public Stream<String> singleValues(String path) {
    return Stream.empty();
  }
}
