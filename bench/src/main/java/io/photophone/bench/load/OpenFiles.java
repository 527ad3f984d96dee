package io.photophone.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The limit on open files, which is one on connections.
final class OpenFiles {
  private static final Pattern LIMIT = Pattern.compile("Max open files +\\d+ +(\\d+)");
  private static final int SPARE = 200;

  private OpenFiles() {}

  /// Sees that a process may have so many connections. The virtual machine raises its own limit to
  /// the hard one, so that alone counts.
  ///
  /// @throws IOException if it may not, with what to do
  static void require(int connections) throws IOException {
    Matcher limit = LIMIT.matcher(Files.readString(Path.of("/proc/self/limits")));
    if (limit.find() && Long.parseLong(limit.group(1)) < connections + SPARE) {
      throw new IOException(
          "%s open files are allowed, needed: %d; raise the hard limit (ulimit -Hn, as root) or ask for fewer --clients"
              .formatted(limit.group(1), connections + SPARE));
    }
  }
}
