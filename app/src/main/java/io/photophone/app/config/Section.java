package io.photophone.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A block of settings that make one record.
///
/// @param make the record's constructor, which checks the rules between settings
record Section<S>(List<Setting<S, ?>> settings, Function<Values, S> make) implements Kind<S> {

  /// How a record's message begins when it refuses a value, with the path inside the block.
  private static final Pattern REFUSED =
      Pattern.compile("(?<path>[a-z_.0-9\\[\\]]+) (?<complaint>is .*)");

  List<String> names() {
    return settings.stream().map(Setting::name).toList();
  }

  @Override
  public @Nullable S read(Node node, String path, Problems problems) {
    if (!(node instanceof Node.Block block)) {
      problems.refuse(node, path, allowed());
      return null;
    }
    List<String> names = names();
    block
        .members()
        .forEach((name, member) -> {
          if (!names.contains(name)) {
            problems.unknown(
                member.name(), Node.join(path, name), name, names, String.join(", ", names));
          }
        });
    int before = problems.count();
    Values values = new Values();
    settings.forEach(setting -> setting.read(block, path, values, problems));
    return problems.count() == before ? made(values, block, path, problems) : null;
  }

  private @Nullable S made(Values values, Node.Block block, String path, Problems problems) {
    try {
      return make.apply(values);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      Matcher refused = REFUSED.matcher(message);
      if (refused.matches()) {
        String inner = refused.group("path");
        problems.add(
            block.nearest(inner).origin(), Node.join(path, inner), refused.group("complaint"));
      } else {
        problems.add(block.origin(), path, "isn't valid: " + message);
      }
      return null;
    }
  }

  @Override
  public ObjectNode write(S record) {
    ObjectNode block = JsonNodeFactory.instance.objectNode();
    settings.forEach(setting -> setting.write(record, block));
    return block;
  }

  @Override
  public ObjectNode schema() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    schema.put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (Setting<S, ?> setting : settings) {
      properties.set(setting.name(), setting.schema());
      if (setting.required()) {
        required.add(setting.name());
      }
    }
    return schema;
  }

  @Override
  public String allowed() {
    return "a block of settings";
  }

  @Override
  public Stream<String> singleValues(String path) {
    return settings.stream()
        .flatMap(setting -> setting.kind().singleValues(Node.join(path, setting.name())));
  }

  /// The settings of a section while the table is written down.
  static final class Draft<S> {
    private final List<Setting<S, ?>> settings = new ArrayList<>();
    private final @Nullable S presets;

    private Draft(@Nullable S presets) {
      this.presets = presets;
    }

    /// What isn't set is as in `presets`.
    static <S> Draft<S> from(S presets) {
      return new Draft<>(presets);
    }

    /// What isn't optional must be set.
    static <S> Draft<S> withoutPresets() {
      return new Draft<>(null);
    }

    <T> Setting<S, T> add(
        String name, Kind<T> kind, Function<S, @Nullable T> get, String description) {
      T preset = presets == null ? null : get.apply(presets);
      return add(new Setting<>(name, kind, get, description, preset == null, preset));
    }

    <T> Setting<S, T> required(
        String name, Kind<T> kind, Function<S, @Nullable T> get, String description) {
      return add(new Setting<>(name, kind, get, description, true, null));
    }

    <T> Setting<S, T> optional(
        String name, Kind<T> kind, Function<S, @Nullable T> get, String description) {
      return add(new Setting<>(name, kind, get, description, false, null));
    }

    private <T> Setting<S, T> add(Setting<S, T> setting) {
      settings.add(setting);
      return setting;
    }

    Section<S> make(Function<Values, S> make) {
      return new Section<>(List.copyOf(settings), make);
    }
  }
}
