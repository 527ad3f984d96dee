package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Keeps `docs/contract.md` true: each promise, the tests that show it, the classes that keep it.
///
/// A test names a promise by a tag, a class by a `Contract:` line in its comment. With the system
/// property `photophone.docs=write` the page is written instead of compared.
final class ContractTest {
  private static final Pattern TAG = Pattern.compile("@Tag\\(\"([A-Z]\\d+)\"\\)");
  private static final Pattern CONTRACT_LINE =
      Pattern.compile("///.*?Contract: ((?:[A-Z]\\d+(?:, ?|\\.)(?:\\s*///)?\\s*)+)");
  private static final Pattern ROW = Pattern.compile("[A-Z]\\d+");
  private static final Comparator<String> BY_LETTER_THEN_NUMBER =
      Comparator.comparingInt((String row) -> row.charAt(0))
          .thenComparingInt(row -> Integer.parseInt(row.substring(1)));

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path PAGE = ROOT.resolve("docs/contract.md");

  @Test
  void the_page_of_promises_names_every_test_and_every_class() throws IOException {
    String page = page();
    if ("write".equals(System.getProperty("photophone.docs"))) {
      Files.writeString(PAGE, page);
    }
    assertEquals(page, Files.readString(PAGE), "docs/contract.md is out of date: make docs");
  }

  @Test
  void a_promise_that_a_class_claims_to_keep_has_a_test() throws IOException {
    Set<String> untested = new TreeSet<>(keepers().keySet());
    untested.removeAll(proofs().keySet());
    assertEquals(Set.of(), untested);
  }

  private static String page() throws IOException {
    Map<String, Set<String>> proofs = proofs();
    Map<String, Set<String>> keepers = keepers();
    Properties promises = promises();
    Set<String> rows = new TreeSet<>(BY_LETTER_THEN_NUMBER);
    rows.addAll(proofs.keySet());
    rows.addAll(keepers.keySet());
    StringBuilder page =
        new StringBuilder(
            """
            # The contract: promises, tests, places

            Made from the sources by `make docs` and checked by the build. A test bears the id of the promise that it
            shows (`@Tag`), a class names those that it keeps (`Contract:`).

            | | promise | shown by | kept by |
            |---|---|---|---|
            """);
    for (String row : rows) {
      String promise = promises.getProperty(row);
      assertNotNull(promise, () -> row + " is not in promises.properties");
      page.append(
          "| %s | %s | %s | %s |\n"
              .formatted(row, promise, names(proofs, row), names(keepers, row)));
    }
    return page.toString();
  }

  private static String names(Map<String, Set<String>> classes, String row) {
    return classes.getOrDefault(row, Set.of()).stream()
        .map(name -> "`" + name + "`")
        .collect(Collectors.joining(", "));
  }

  private static Properties promises() throws IOException {
    Properties promises = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of("src/test/resources/promises.properties"))) {
      promises.load(file);
    }
    return promises;
  }

  /// Tests by the tags they bear; benchmarks and stress tests by their comments.
  private static Map<String, Set<String>> proofs() throws IOException {
    Map<String, Set<String>> proofs = find(file -> file.contains("/src/test/java/"), TAG);
    find(ContractTest::isProgramOfProof, CONTRACT_LINE)
        .forEach((row, names) -> proofs.computeIfAbsent(row, _ -> new TreeSet<>()).addAll(names));
    return proofs;
  }

  private static Map<String, Set<String>> keepers() throws IOException {
    return find(file -> file.contains("/src/main/java/") && !isProgramOfProof(file), CONTRACT_LINE);
  }

  private static boolean isProgramOfProof(String file) {
    return file.startsWith("bench/") || file.startsWith("stress/");
  }

  /// Rows by the classes whose source names them.
  private static Map<String, Set<String>> find(Predicate<String> files, Pattern pattern)
      throws IOException {
    Map<String, Set<String>> found = new TreeMap<>();
    for (Path file : javaFiles(files)) {
      String name = file.getFileName().toString().replace(".java", "");
      pattern
          .matcher(Files.readString(file))
          .results()
          .map(MatchResult::group)
          .flatMap(text -> ROW.matcher(text).results())
          .forEach(row -> found.computeIfAbsent(row.group(), _ -> new TreeSet<>()).add(name));
    }
    return found;
  }

  private static List<Path> javaFiles(Predicate<String> chosen) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/target/"))
          .filter(file -> chosen.test(ROOT.relativize(file).toString()))
          .sorted()
          .toList();
    }
  }
}
