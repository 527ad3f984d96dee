package io.photophone.events.linux;

import io.photophone.events.EventFormat;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The file system in which the kernel describes its tracepoints. It is only read: whoever wants it
/// mounts it.
public final class Tracefs {
  private static final List<Path> USUAL =
      List.of(Path.of("/sys/kernel/tracing"), Path.of("/sys/kernel/debug/tracing"));
  static final String WHY_MISSING = "tracefs isn't mounted or can't be read";
  private static final Pattern NAME = Pattern.compile("[\\w.-]+:[\\w.-]+");

  private final Path root;

  /// @param root where it is mounted
  public Tracefs(Path root) {
    this.root = root;
  }

  /// The one that is mounted at a usual place and may be read.
  public static Optional<Tracefs> find() {
    return USUAL.stream()
        .filter(root -> Files.isReadable(root.resolve("events")))
        .map(Tracefs::new)
        .findFirst();
  }

  /// What makes it readable where it isn't.
  static String command() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/mounts"))) {
        String[] words = line.split(" ", -1);
        if (words.length > 2 && words[2].equals("tracefs")) {
          return "sudo mount -o remount,mode=755 " + words[1];
        }
      }
    } catch (IOException e) {
      return "a look into /proc/mounts, which can't be read";
    }
    return "sudo mount -t tracefs -o mode=755 nodev /sys/kernel/tracing";
  }

  public Path root() {
    return root;
  }

  /// Names of all tracepoints, as `sched:sched_switch`, sorted.
  ///
  /// @throws IOException if they can't be read
  public List<String> events() throws IOException {
    Path events = root.resolve("events");
    try (Stream<Path> formats = Files.find(events, 3, (path, _) -> path.endsWith("format"))) {
      return formats
          .map(events::relativize)
          .filter(path -> path.getNameCount() == 3)
          .map(path -> path.getName(0) + ":" + path.getName(1))
          .sorted()
          .toList();
    }
  }

  static boolean isName(String event) {
    return NAME.matcher(event).matches();
  }

  /// What the kernel says of a tracepoint.
  ///
  /// @param event as `sched:sched_switch`
  /// @throws IOException if there is no such tracepoint, or it can't be read
  public String formatText(String event) throws IOException {
    if (!isName(event)) {
      throw new IOException(
          "no name of a tracepoint: %s, allowed: like sched:sched_switch".formatted(event));
    }
    Path file = root.resolve("events").resolve(event.replace(':', '/')).resolve("format");
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no tracepoint %s in %s".formatted(event, root), e);
    }
  }

  /// Fields and number of a tracepoint.
  ///
  /// @throws IOException if there is no such tracepoint, or it can't be read
  public EventFormat format(String event) throws IOException {
    return EventFormat.parse(formatText(event), ByteOrder.nativeOrder());
  }
}
