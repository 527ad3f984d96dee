package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A path of the API; a part in braces stands for a value, as in `/api/streams/{node}`.
record PathTemplate(String text) {
  PathTemplate {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("a path doesn't begin with a slash: " + text);
    }
  }

  /// The names in braces, in their order.
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (String part : text.split("/", -1)) {
      if (isName(part)) {
        names.add(name(part));
      }
    }
    return names;
  }

  /// The values of the parts in braces; null if the path isn't one of these. An empty part is no
  /// value.
  @Nullable Map<String, String> match(String path) {
    String[] wanted = text.split("/", -1);
    String[] given = path.split("/", -1);
    if (wanted.length != given.length) {
      return null;
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      if (isName(wanted[i]) && !given[i].isEmpty()) {
        values.put(name(wanted[i]), decoded(given[i]));
      } else if (!wanted[i].equals(given[i])) {
        return null;
      }
    }
    return values;
  }

  private static boolean isName(String part) {
    return part.startsWith("{") && part.endsWith("}");
  }

  private static String name(String part) {
    return part.substring(1, part.length() - 1);
  }

  /// A part of a path without its percent encoding.
  static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), UTF_8);
  }
}
