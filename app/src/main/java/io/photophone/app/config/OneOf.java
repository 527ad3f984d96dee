package io.photophone.app.config;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A block whose settings depend on the one that names its type.
///
/// @param <S> the sealed type of the records
/// @param tag name of the setting that names the type
/// @param variants the types, the standard one first
record OneOf<S>(String tag, List<Variant<S, ?>> variants) implements Kind<S> {

  /// One of the types.
  ///
  /// @param <V> what its section makes
  /// @param wrap turns that into the common type
  /// @param unwrap gives null for any other type
  record Variant<S, V>(
      String name, Section<V> section, Function<V, S> wrap, Function<S, @Nullable V> unwrap) {

    private @Nullable S read(Node.Block block, String path, Problems problems) {
      V value = section.read(block, path, problems);
      return value == null ? null : wrap.apply(value);
    }

    private @Nullable ObjectNode write(S value) {
      V own = unwrap.apply(value);
      return own == null ? null : section.write(own);
    }
  }

  /// The type where none is named.
  Variant<S, ?> standard() {
    return variants.getFirst();
  }

  /// What the tag may be.
  Scalar<Variant<S, ?>> tagKind() {
    return Scalar.named(variants, Variant::name);
  }

  @Override
  public @Nullable S read(Node node, String path, Problems problems) {
    if (!(node instanceof Node.Block block)) {
      problems.refuse(node, path, allowed());
      return null;
    }
    Node named = block.get(tag);
    Variant<S, ?> variant =
        named == null ? standard() : tagKind().read(named, Node.join(path, tag), problems);
    return variant == null
        ? null
        : variant.read(withoutForeign(block.without(tag), variant, path, problems), path, problems);
  }

  /// Refuses the settings of other variants here, since "unknown" would be misleading.
  private Node.Block withoutForeign(
      Node.Block block, Variant<S, ?> variant, String path, Problems problems) {
    Node.Block own = block;
    for (Map.Entry<String, Node.Block.Member> entry : block.members().entrySet()) {
      String name = entry.getKey();
      List<String> owners =
          variants.stream()
              .filter(other -> other.section().names().contains(name))
              .map(Variant::name)
              .toList();
      if (!owners.isEmpty() && !owners.contains(variant.name())) {
        own = own.without(name);
        problems.add(
            entry.getValue().name(),
            Node.join(path, name),
            "is a setting of the %s %s, but the %s is %s"
                .formatted(tag, String.join(", ", owners), tag, variant.name()));
      }
    }
    return own;
  }

  @Override
  public JsonNode write(S value) {
    for (Variant<S, ?> variant : variants) {
      ObjectNode settings = variant.write(value);
      if (settings != null) {
        ObjectNode block = JsonNodeFactory.instance.objectNode().put(tag, variant.name());
        return block.setAll(settings);
      }
    }
    throw new IllegalArgumentException("no variant for " + value);
  }

  @Override
  public ObjectNode schema() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    ArrayNode oneOf = schema.putArray("oneOf");
    for (Variant<S, ?> variant : variants) {
      ObjectNode section = variant.section().schema();
      section.withObjectProperty("properties").putObject(tag).put("const", variant.name());
      if (!variant.name().equals(standard().name())) {
        section.withArrayProperty("required").add(tag);
      }
      oneOf.add(section);
    }
    return schema;
  }

  @Override
  public String allowed() {
    return "a block of settings";
  }

  @Override
  public Stream<String> singleValues(String path) {
    return Stream.concat(
        Stream.of(Node.join(path, tag)),
        variants.stream().flatMap(variant -> variant.section().singleValues(path)).distinct());
  }
}
