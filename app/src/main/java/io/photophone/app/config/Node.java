package io.photophone.app.config;

import io.photophone.app.config.ConfigError.Origin;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a configuration says, before anyone asks whether it may: a tree in which everything knows
/// where it came from.
sealed interface Node {
  Origin origin();

  /// What a user would recognise, in one short line.
  String shown();

  /// A piece of foreign text, short and without control characters.
  static String shown(String text) {
    int longest = 60;
    String line = text.replaceAll("\\p{Cntrl}", "\uFFFD");
    return line.length() <= longest ? line : line.substring(0, longest) + "…";
  }

  /// The path of a member of a block.
  static String join(String path, String member) {
    String name = shown(member);
    return path.isEmpty() ? name : path + "." + name;
  }

  /// The path of an item of a list, counted from 0.
  static String join(String path, int item) {
    return "%s[%d]".formatted(path, item);
  }

  /// A single value.
  record Leaf(Origin origin, String text, Form form) implements Node {
    @Override
    public String shown() {
      String value = Node.shown(text);
      return switch (form) {
        case ANY -> value.isEmpty() ? "empty" : value;
        case TEXT -> '"' + value + '"';
        case NUMBER, TRUTH -> value;
        case NOTHING -> "empty";
        case ALIAS -> "*" + value;
        case BINARY -> "binary data";
      };
    }

    /// Like [#shown()], where the form itself is what is wrong.
    String shownWithForm() {
      return switch (form) {
        case TEXT -> shown() + ", which is text";
        case NUMBER -> shown() + ", which is a number";
        case TRUTH -> shown() + ", which is neither text nor number";
        case ALIAS -> shown() + ", which is an alias";
        case ANY, NOTHING, BINARY -> shown();
      };
    }
  }

  /// What kind of single value a text is.
  enum Form {
    /// It came without quotes or types, from a variable or flag.
    ANY,
    TEXT,
    NUMBER,
    TRUTH,
    NOTHING,
    ALIAS,
    BINARY
  }

  /// Values without names.
  record Items(Origin origin, List<Node> items) implements Node {
    public Items {
      items = List.copyOf(items);
    }

    /// The item at a place such as `[3]`; null if there is none.
    @Nullable Node get(String place) {
      for (int i = 0; i < items.size(); i++) {
        if (place.equals(join("", i))) {
          return items.get(i);
        }
      }
      return null;
    }

    @Override
    public String shown() {
      return items.isEmpty() ? "an empty list" : "a list";
    }
  }

  /// Named values, in the order in which they were written.
  record Block(Origin origin, Map<String, Member> members) implements Node {
    /// Nothing is said.
    static final Block DEFAULTS = new Block(new Origin.Default(), Map.of());

    /// A value, and where its name stands.
    record Member(Origin name, Node value) {}

    public Block {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    @Override
    public String shown() {
      return "a block of settings";
    }

    @Nullable Node get(String name) {
      Member member = members.get(name);
      return member == null ? null : member.value();
    }

    /// The value at a path such as `source.type` or `source.script[0].ppm`, or the last of its
    /// ancestors that exists.
    Node nearest(String path) {
      Node at = this;
      for (String step : path.replace("[", ".[").split("\\.", -1)) {
        Node child =
            switch (at) {
              case Block block -> block.get(step);
              case Items list -> list.get(step);
              case Leaf _ -> null;
            };
        if (child == null) {
          return at;
        }
        at = child;
      }
      return at;
    }

    /// A copy with a value at a path. It stays as it is where the path leads through something that
    /// isn't a block, which is then refused as such.
    Block with(String path, Leaf leaf) {
      int dot = path.indexOf('.');
      if (dot < 0) {
        return with(path, new Member(leaf.origin(), leaf));
      }
      String name = path.substring(0, dot);
      Member member =
          members.getOrDefault(name, new Member(leaf.origin(), new Block(leaf.origin(), Map.of())));
      return member.value() instanceof Block block
          ? with(name, new Member(member.name(), block.with(path.substring(dot + 1), leaf)))
          : this;
    }

    private Block with(String name, Member member) {
      Map<String, Member> copy = new LinkedHashMap<>(members);
      copy.put(name, member);
      return new Block(origin, copy);
    }

    Block without(String name) {
      Map<String, Member> copy = new LinkedHashMap<>(members);
      copy.remove(name);
      return new Block(origin, copy);
    }
  }
}
