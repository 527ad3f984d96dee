package io.photophone.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be told about the page without a browser.
class PageFilesTest {
  private static final Path PAGE = page();

  /// An XML namespace is a name, not an address from which something is fetched.
  private static final String SVG_NAMESPACE = "http://www.w3.org/2000/svg";

  @Test
  void vendored_files_are_the_ones_that_were_vendored() throws Exception {
    Path vendor = PAGE.resolve("vendor");
    Map<String, String> wanted = new TreeMap<>();
    Pattern sum = Pattern.compile("\"([^\"]+)\": *\"([0-9a-f]{64})\"");
    sum.matcher(text(vendor.resolve("VENDOR.json")))
        .results()
        .forEach(match -> wanted.put(match.group(1), match.group(2)));

    Map<String, String> found = new TreeMap<>();
    for (Path file : files(vendor).toList()) {
      String name = vendor.relativize(file).toString();
      if (!name.equals("VENDOR.json")) {
        found.put(name, sha256(file));
      }
    }

    assertEquals(wanted, found);
  }

  @ParameterizedTest
  @MethodSource("ownFiles")
  void nothing_comes_from_elsewhere(Path file) {
    String text = text(file).replace(SVG_NAMESPACE, "");

    assertEquals(List.of(), all("(?:[a-z]+:)?//[A-Za-z0-9][^\\s\"'`)]*\\.[^\\s\"'`)]*", text));
    assertEquals(List.of(), all("@import|\\burl\\((?!#)", text));
  }

  @ParameterizedTest
  @MethodSource("ownFiles")
  void every_import_is_a_file(Path file) {
    String text = text(file);
    List<String> imports =
        Pattern.compile("\\bimport\\b[^;\"']*[\"']([^\"']+)[\"']")
            .matcher(text)
            .results()
            .map(match -> match.group(1))
            .toList();

    for (String each : imports) {
      assertTrue(each.startsWith("./"), "not relative: " + each);
      assertTrue(Files.isRegularFile(PAGE.resolve(each)), file + " imports " + each);
    }
    assertEquals(
        List.of(), all("\\bimport\\s*\\(", text), "a computed import is not checked by this test");
  }

  @ParameterizedTest
  @ValueSource(strings = {"index.html", "sign-in.html"})
  void every_linked_file_is_there(String page) {
    Set<String> missing =
        Pattern.compile("\\b(?:href|src)=\"([^\"#]+)\"")
            .matcher(text(PAGE.resolve(page)))
            .results()
            .map(match -> match.group(1))
            .filter(link -> !link.startsWith("api/"))
            .filter(link -> !Files.isRegularFile(PAGE.resolve(link)))
            .collect(Collectors.toCollection(TreeSet::new));

    assertEquals(Set.of(), missing);
  }

  /// The content security policy refuses them, and a browser tells only its console.
  @ParameterizedTest
  @ValueSource(strings = {"index.html", "sign-in.html"})
  void page_has_no_inline_script_or_style(String page) {
    String html = text(PAGE.resolve(page));

    assertEquals(
        List.of(), all("\\sstyle=|\\son[a-z]+=|<style|<script(?![^>]*\\ssrc=)|javascript:", html));
  }

  @ParameterizedTest
  @MethodSource("ownFiles")
  void data_never_becomes_markup_or_code(Path file) {
    assertEquals(
        List.of(),
        all(
            "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function\\b",
            text(file)));
  }

  /// Browser tests and users' scripts read these.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "reading-value",
        "reading-uncertainty",
        "reading-unit",
        "reading-flags",
        "trend",
        "waveform",
        "spectrum",
        "fps",
        "source-state",
        "lag",
        "connection"
      })
  void promised_id_exists_once(String id) {
    assertEquals(1, all("\\sid=\"" + id + "\"", text(PAGE.resolve("index.html"))).size());
  }

  @Test
  void every_file_is_used() throws IOException {
    String everything = ownFiles().map(PageFilesTest::text).collect(Collectors.joining("\n"));

    for (Path file : files(PAGE).filter(each -> each.getParent().equals(PAGE)).toList()) {
      String name = file.getFileName().toString();
      assertTrue(name.equals("index.html") || everything.contains(name), name + " is used nowhere");
    }
  }

  static Stream<Path> ownFiles() throws IOException {
    return files(PAGE).filter(file -> !file.startsWith(PAGE.resolve("vendor")));
  }

  private static Stream<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk
          .filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(".class"))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static List<String> all(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results().map(MatchResult::group).toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file, e);
    }
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  private static Path page() {
    try {
      return Path.of(Objects.requireNonNull(PageFilesTest.class.getResource("index.html")).toURI())
          .getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
