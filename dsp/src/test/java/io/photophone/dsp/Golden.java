package io.photophone.dsp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// Reference numbers from a file beside the tests, line by line, split at commas.
final class Golden {
  private Golden() {}

  static List<List<String>> lines(String name) {
    try (InputStream in =
            Objects.requireNonNull(Golden.class.getResourceAsStream("/golden/" + name), name);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> List.of(line.split(",", -1)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  static double[] numbers(List<String> fields) {
    return fields.stream().mapToDouble(Double::parseDouble).toArray();
  }
}
