package io.photophone.app.config;

import io.photophone.app.config.ConfigError.Origin;
import io.photophone.app.config.Node.Form;
import io.photophone.app.config.Node.Leaf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The layers over a file: single values from environment variables and flags.
final class Overrides {
  private static final String PREFIX = "PHOTOPHONE_";

  /// Which Java to run, and with which options: these concern the script that starts the program.
  /// The token is for commands that ask a server.
  private static final Set<String> NO_SETTINGS =
      Set.of("PHOTOPHONE_JAVA", "PHOTOPHONE_OPTS", "PHOTOPHONE_TOKEN");

  private static final String SOURCE_TYPE = "source.type";

  private static final List<String> PATHS = Settings.ALL.singleValues("").toList();

  private static final LinkedHashMap<String, String> PATH_BY_VARIABLE =
      PATHS.stream()
          .collect(
              Collectors.toMap(
                  path -> PREFIX + path.replace('.', '_').toUpperCase(Locale.ROOT),
                  path -> path,
                  (a, b) -> {
                    throw new IllegalStateException("one variable for " + a + " and " + b);
                  },
                  LinkedHashMap::new));

  private Overrides() {}

  static Node.Block environment(
      Node.Block below, Map<String, String> environment, Problems problems) {
    Map<String, Leaf> layer = new LinkedHashMap<>();
    new TreeMap<>(environment)
        .forEach((name, text) -> {
          if (name.startsWith(PREFIX) && !NO_SETTINGS.contains(name)) {
            Origin origin = new Origin.Variable(Node.shown(name));
            String path = PATH_BY_VARIABLE.get(name);
            if (path == null) {
              problems.unknown(
                  origin,
                  "",
                  name,
                  PATH_BY_VARIABLE.keySet(),
                  "%s and the path of a single value, as in %s"
                      .formatted(PREFIX, PATH_BY_VARIABLE.firstEntry().getKey()));
            } else {
              layer.put(path, new Leaf(origin, text, Form.ANY));
            }
          }
        });
    return lay(layer, below);
  }

  static Node.Block flags(Node.Block below, List<Flag> flags, Problems problems) {
    Map<String, Leaf> layer = new LinkedHashMap<>();
    for (Flag flag : flags) {
      Origin origin = new Origin.CommandLine(flag.name());
      if (PATHS.contains(flag.path())) {
        layer.put(flag.path(), new Leaf(origin, flag.text(), Form.ANY));
      } else {
        problems.unknown(
            origin,
            Node.shown(flag.path()),
            flag.path(),
            PATHS,
            "the path of a single value, as in " + PATHS.getFirst());
      }
    }
    return lay(layer, below);
  }

  /// In the order of the table, so that the source's type comes before its settings. Where a layer
  /// chooses another type, what the layers below said about their source is void.
  private static Node.Block lay(Map<String, Leaf> layer, Node.Block below) {
    Node.Block block = below;
    for (String path : PATHS) {
      Leaf leaf = layer.get(path);
      if (leaf != null) {
        if (path.equals(SOURCE_TYPE) && !leaf.text().equals(sourceType(block))) {
          block = block.without("source");
        }
        block = block.with(path, leaf);
      }
    }
    return block;
  }

  private static String sourceType(Node.Block block) {
    return block.nearest(SOURCE_TYPE) instanceof Leaf type
        ? type.text()
        : Settings.SOURCE.standard().name();
  }
}
