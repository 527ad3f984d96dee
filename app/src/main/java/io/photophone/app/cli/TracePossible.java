package io.photophone.app.cli;

import io.photophone.events.linux.Privileges;
import io.photophone.events.linux.Tracefs;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/// What can be traced on this machine.
final class TracePossible {
  private TracePossible() {}

  /// Says what is allowed and what isn't, with the command that allows it.
  ///
  /// @return whether everything is
  static boolean print(PrintWriter out, Privileges privileges) {
    out.println("Linux: " + yes(privileges.linux()));
    out.println("whole machine and others' processes: " + yes(privileges.wholeMachine()));
    out.println("kernel frames of own threads: " + yes(privileges.kernelOfOwnThreads()));
    out.println(
        "tracepoints, off-cpu stacks, names of Java code: "
            + privileges.tracefs().map(root -> "yes, by " + root).orElse("no"));
    out.println("names of kernel functions: " + yes(privileges.kernelAddresses()));
    List<Privileges.Missing> missing = privileges.missing();
    for (Privileges.Missing each : missing) {
      out.println();
      out.println("missing: " + each.what());
      out.println("  why:      " + each.why());
      out.println("  allow it: " + each.command());
    }
    out.flush();
    return missing.isEmpty();
  }

  private static String yes(boolean possible) {
    return possible ? "yes" : "no";
  }

  /// Lists the events whose name has a word in it.
  static void list(PrintWriter out, String word) throws IOException {
    Tracefs tracefs =
        Tracefs.find()
            .orElseThrow(() ->
                new IOException(
                    Privileges.probe().missing().stream()
                        .map(Privileges.Missing::toString)
                        .filter(each -> each.startsWith("tracepoints"))
                        .findFirst()
                        .orElse("tracefs isn't there")));
    String wanted = word.toLowerCase(Locale.ROOT);
    tracefs.events().stream()
        .filter(each -> each.toLowerCase(Locale.ROOT).contains(wanted))
        .forEach(out::println);
    out.flush();
  }
}
