package io.photophone.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// What the figures were measured on.
final class Machine {
  private Machine() {}

  static String text() throws IOException {
    String processor =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 2))
            .findFirst()
            .orElse(System.getProperty("os.arch"));
    return "%s: %s, %d cores, %s %s, Java %s, load average %s"
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            processor,
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("java.version"),
            Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
  }
}
