package io.photophone.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What differs between two configurations.
///
/// @param paths of the settings, as in `streaming.target_fps`
/// @param needRestart those of them that a running server can't change
public record ConfigChange(List<String> paths, List<String> needRestart) {
  private static final Pattern LIVE =
      Pattern.compile(
          "logging\\b.*|(further_instruments\\[\\d+\\]\\.)?(streaming\\.target_fps"
              + "|measurement\\.(modulation_hz|integration_s|bandwidth_hz|channel)"
              + "|(analysis|alarms)\\b.*)");

  public ConfigChange {
    paths = List.copyOf(paths);
    needRestart = List.copyOf(needRestart);
  }

  /// What leads from one to the other.
  public static ConfigChange between(PhotophoneConfig before, PhotophoneConfig after) {
    List<String> paths = new ArrayList<>();
    compare("", Settings.ALL.write(before), Settings.ALL.write(after), paths);
    List<String> needRestart =
        new ArrayList<>(paths.stream().filter(path -> !LIVE.matcher(path).matches()).toList());
    if (needRestart.isEmpty()) {
      for (int i = 0; i < before.instruments().size(); i++) {
        if (!gases(before.instruments().get(i)).equals(gases(after.instruments().get(i)))) {
          needRestart.add(
              i == 0
                  ? "analysis (other gases)"
                  : "further_instruments[%d].analysis (other gases)".formatted(i - 1));
        }
      }
    }
    return new ConfigChange(paths, needRestart);
  }

  private static TreeSet<String> gases(InstrumentConfig config) {
    return new TreeSet<>(
        config.analysis() == null
            ? List.of(config.measurement().gas())
            : config.analysis().gases());
  }

  private static void compare(
      String path, @Nullable JsonNode before, @Nullable JsonNode after, List<String> found) {
    if (Objects.equals(before, after)) {
      return;
    }
    if (before == null || after == null) {
      found.add(path);
    } else if (before.isObject() && after.isObject()) {
      TreeSet<String> names = new TreeSet<>(before.propertyNames());
      names.addAll(after.propertyNames());
      names.forEach(
          name -> compare(Node.join(path, name), before.get(name), after.get(name), found));
    } else if (before.isArray() && after.isArray() && before.size() == after.size()) {
      for (int i = 0; i < before.size(); i++) {
        compare(Node.join(path, i), before.get(i), after.get(i), found);
      }
    } else {
      found.add(path);
    }
  }
}
