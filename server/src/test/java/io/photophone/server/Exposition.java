package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a scrape of `/metrics` gave, read strictly: each family has one HELP and one TYPE, its
/// samples follow them, and no sample comes twice.
///
/// @param types of the families, by name
/// @param samples by name and labels, the labels by name
record Exposition(Map<String, String> types, Map<Sample, Double> samples) {
  private static final Pattern HELP = Pattern.compile("# HELP ([a-z_0-9]+) (\\S.*\\.)");
  private static final Pattern TYPE =
      Pattern.compile("# TYPE ([a-z_0-9]+) (counter|gauge|summary)");
  private static final String LABEL = "([a-z_]+)=\"((?:[^\"\\\\]|\\\\[\"\\\\n])*)\"";
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-z_0-9]+)(?:\\{(" + LABEL + "(?:," + LABEL + ")*)})? (-?[0-9.]+(?:E-?[0-9]+)?)");

  record Sample(String name, Map<String, String> labels) {}

  static Exposition parse(String text) {
    Map<String, String> types = new HashMap<>();
    Map<Sample, Double> samples = new LinkedHashMap<>();
    assertTrue(text.endsWith("\n"), text);
    String helped = "";
    String family = "";
    for (String line : text.lines().toList()) {
      Matcher help = HELP.matcher(line);
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (help.matches()) {
        helped = help.group(1);
      } else if (type.matches()) {
        family = type.group(1);
        assertEquals(helped, family, line);
        assertNull(types.put(family, type.group(2)), line);
      } else {
        assertTrue(sample.matches(), line);
        String name = sample.group(1);
        List<String> ofFamily =
            types.get(family).equals("summary")
                ? List.of(family, family + "_count", family + "_sum")
                : List.of(family);
        assertTrue(ofFamily.contains(name), line);
        Sample key = new Sample(name, labels(sample.group(2)));
        assertNull(samples.put(key, Double.parseDouble(sample.group(7))), line);
      }
    }
    return new Exposition(types, samples);
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    if (text != null) {
      for (MatchResult label : Pattern.compile(LABEL).matcher(text).results().toList()) {
        labels.put(label.group(1), unescaped(label.group(2)));
      }
    }
    assertFalse(labels.containsValue(""), text);
    return labels;
  }

  private static String unescaped(String value) {
    return Pattern.compile("\\\\(.)")
        .matcher(value)
        .replaceAll(escape ->
            Matcher.quoteReplacement(escape.group(1).equals("n") ? "\n" : escape.group(1)));
  }

  double value(String name, String... labels) {
    Map<String, String> wanted = new TreeMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      wanted.put(labels[i], labels[i + 1]);
    }
    Double value = samples.get(new Sample(name, wanted));
    assertNotNull(value, () -> name + wanted + " is none of " + samples.keySet());
    return value;
  }

  /// Values that a label has anywhere.
  List<String> valuesOf(String label) {
    return samples.keySet().stream()
        .filter(sample -> sample.labels().containsKey(label))
        .map(sample -> sample.labels().get(label))
        .distinct()
        .toList();
  }
}
