package io.photophone.format;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// Formats every Java file below a folder, or names those that are not formatted and exits with 1.
final class Format {
  private Format() {}

  /// Takes the folder, then `check` or `apply`.
  public static void main(String[] args) throws IOException, FormatterException {
    Path root = Path.of(args[0]).toAbsolutePath().normalize();
    boolean apply =
        switch (args[1]) {
          case "apply" -> true;
          case "check" -> false;
          default ->
              throw new IllegalArgumentException(
                  "format.mode is %s, allowed: check, apply".formatted(args[1]));
        };
    List<Path> unformatted = new ArrayList<>();
    Formatter formatter =
        new Formatter(
            JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.GOOGLE).build());
    for (Path file : javaFiles(root)) {
      String source = Files.readString(file);
      String formatted = formatter.formatSourceAndFixImports(source);
      if (!formatted.equals(source)) {
        unformatted.add(root.relativize(file));
        if (apply) {
          Files.writeString(file, formatted);
        }
      }
    }
    if (!apply && !unformatted.isEmpty()) {
      unformatted.forEach(file -> System.err.println("not formatted: " + file));
      System.err.println("to format them: make format");
      System.exit(1);
    }
  }

  private static List<Path> javaFiles(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean skipped =
                !folder.equals(root) && (name.equals("target") || name.startsWith("."));
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files.stream().sorted().toList();
  }
}
