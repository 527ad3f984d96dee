package io.photophone.events.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What this process may record, found out by looking; nothing is changed or mounted.
///
/// @param linux whether this is Linux at all
/// @param paranoid `kernel.perf_event_paranoid`; empty where the kernel has none
/// @param capable whether CAP_PERFMON or CAP_SYS_ADMIN is in effect
/// @param tracefs where tracepoints are described, if that may be read
/// @param kernelAddresses whether `/proc/kallsyms` shows addresses
/// @param lockedKib memory for rings that each processor may have without more privilege
/// @param mostSamplesPerSecond that the kernel allows
public record Privileges(
    boolean linux,
    OptionalInt paranoid,
    boolean capable,
    Optional<Path> tracefs,
    boolean kernelAddresses,
    OptionalInt lockedKib,
    OptionalInt mostSamplesPerSecond) {
  private static final int CAP_SYS_ADMIN = 21;
  private static final int CAP_PERFMON = 38;

  /// Something that can't be recorded, and the command that allows it.
  public record Missing(String what, String why, String command) {
    @Override
    public String toString() {
      return "%s: %s; to allow it: %s".formatted(what, why, command);
    }
  }

  public static Privileges probe() {
    return probe(System.getProperty("os.name"), Path.of("/proc"));
  }

  static Privileges probe(String system, Path proc) {
    Path kernel = proc.resolve("sys/kernel");
    return new Privileges(
        system.equals("Linux"),
        number(kernel.resolve("perf_event_paranoid")),
        capable(proc),
        Tracefs.find().map(Tracefs::root),
        showsAddresses(proc.resolve("kallsyms")),
        number(kernel.resolve("perf_event_mlock_kb")),
        number(kernel.resolve("perf_event_max_sample_rate")));
  }

  /// The kernel gives such a number to the first read alone, so that must have room for all of it.
  private static OptionalInt number(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] text = new byte[64];
      int length = Math.max(in.read(text), 0);
      return OptionalInt.of(
          Integer.parseInt(new String(text, 0, length, StandardCharsets.US_ASCII).strip()));
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  private static boolean capable(Path proc) {
    try {
      for (String line : Files.readAllLines(proc.resolve("self/status"))) {
        if (line.startsWith("CapEff:")) {
          long effective = Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16);
          return ((effective >>> CAP_SYS_ADMIN) & 1) != 0 || ((effective >>> CAP_PERFMON) & 1) != 0;
        }
      }
      return false;
    } catch (IOException | NumberFormatException e) {
      return false;
    }
  }

  private static boolean showsAddresses(Path kallsyms) {
    try (var lines = Files.newBufferedReader(kallsyms)) {
      String first = lines.readLine();
      return first != null && !first.startsWith("0000000000000000");
    } catch (IOException e) {
      return false;
    }
  }

  /// Whether every process and processor may be recorded, kernel included.
  public boolean wholeMachine() {
    return linux && (capable || (paranoid.isPresent() && paranoid.getAsInt() < 0));
  }

  /// Whether what own threads do in the kernel may be recorded.
  public boolean kernelOfOwnThreads() {
    return linux && (capable || (paranoid.isPresent() && paranoid.getAsInt() <= 1));
  }

  /// All that can't be recorded, with the command that allows it; empty if everything can.
  public List<Missing> missing() {
    if (!linux) {
      return List.of(new Missing("the kernel's events", "this isn't Linux", "run it on Linux"));
    }
    List<Missing> missing = new ArrayList<>();
    if (paranoid.isEmpty()) {
      missing.add(
          new Missing(
              "everything",
              "the kernel has no perf events, or a container hides them",
              "a kernel with CONFIG_PERF_EVENTS"));
    }
    String level = paranoid.isPresent() ? Integer.toString(paranoid.getAsInt()) : "unknown";
    String capability = "sudo setcap cap_perfmon=ep $(readlink -f $(which java))";
    if (!wholeMachine()) {
      missing.add(
          new Missing(
              "other users' processes and the whole machine",
              "kernel.perf_event_paranoid is " + level + " and CAP_PERFMON isn't in effect",
              "sudo sysctl kernel.perf_event_paranoid=-1, or " + capability));
    }
    if (!kernelOfOwnThreads()) {
      missing.add(
          new Missing(
              "kernel frames of own threads",
              "kernel.perf_event_paranoid is " + level,
              "sudo sysctl kernel.perf_event_paranoid=1"));
    }
    if (tracefs.isEmpty()) {
      missing.add(new Missing("tracepoints", Tracefs.WHY_MISSING, Tracefs.command()));
    }
    if (!kernelAddresses) {
      missing.add(
          new Missing(
              "names of kernel functions",
              "kernel.kptr_restrict or kernel.perf_event_paranoid hides addresses",
              "sudo sysctl kernel.kptr_restrict=0 kernel.perf_event_paranoid=1"));
    }
    return List.copyOf(missing);
  }
}
