package io.photophone.events.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Events at instructions of programs and libraries, defined through the kernel's tracefs as
/// tracepoints that a session then records by name.
///
/// ```java
/// try (Uprobes uprobes = Uprobes.open()) {
///   String name = uprobes.define(Uprobes.Definition.at("malloc", libc, "0x9d510", List.of("size=%di:u64")));
/// }
/// ```
///
/// Definitions belong to the kernel and outlive the process that made them. Those of one session
/// are in a group of its own; they are removed when it is closed, or when the JVM ends; what a
/// killed JVM left is removed by the next session. A probe that a session still records can't be
/// removed: close that first.
///
/// Safe for all threads.
///
/// Contract: V19.
public final class Uprobes implements AutoCloseable {
  private static final List<Path> TRACEFS =
      List.of(Path.of("/sys/kernel/tracing"), Path.of("/sys/kernel/debug/tracing"));
  private static final Pattern OURS =
      Pattern.compile(
          "[pr]\\w*:(?<group>photophone_(?<space>\\d+)_(?<pid>\\d+)_(?<start>\\d+)_\\d+)/(?<name>\\w+)"
              + " .*");
  private static final long LAST_TRY_NANOS = 2_000_000_000L;
  private static final long PAUSE_NANOS = 10_000_000;
  private static final AtomicInteger SESSIONS = new AtomicInteger();

  private final Path tracefs;
  private final String group;
  private final List<String> defined = new ArrayList<>();
  private final Thread atExit = new Thread(this::removeAtExit, "uprobes-removal");
  private boolean closed;

  /// A probe to be set.
  ///
  /// @param name that the event gets within its group
  /// @param file program or library; probes of it are seen in every process that maps it
  /// @param place offset of the instruction in the file, with the offset of the counter to raise if
  ///   there is one: `0x6f16fc`, `0x6f16fc(0x1a2b3c)`
  /// @param arguments what to fetch, as the kernel writes it: `name=+0(%di):ustring`
  /// @param atReturn whether the probe is where the function at that place returns
  public record Definition(
      String name, Path file, String place, List<String> arguments, boolean atReturn) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w{0,62}");
    private static final Pattern PLACE =
        Pattern.compile("0x\\p{XDigit}{1,16}(\\(0x\\p{XDigit}{1,16}\\))?");
    private static final Pattern ARGUMENT = Pattern.compile("[A-Za-z_]\\w{0,30}=\\S+");
    private static final int MOST_ARGUMENTS = 128;

    /// Checks what the kernel would misunderstand.
    public Definition {
      arguments = List.copyOf(arguments);
      check("name of a probe", name, NAME, "up to 63 letters, digits and _");
      check("place of " + name, place, PLACE, "0xOFFSET or 0xOFFSET(0xCOUNTER)");
      if (file.toString().chars().anyMatch(Character::isWhitespace)) {
        throw new IllegalArgumentException(
            "file of %s is '%s', allowed: a path without spaces, which the kernel can't take"
                .formatted(name, file));
      }
      if (arguments.size() > MOST_ARGUMENTS) {
        throw new IllegalArgumentException(
            "%s has %d arguments, allowed: %d".formatted(name, arguments.size(), MOST_ARGUMENTS));
      }
      for (String argument : arguments) {
        check("argument of " + name, argument, ARGUMENT, "NAME=FETCHED:TYPE");
      }
    }

    /// A probe at an instruction.
    public static Definition at(String name, Path file, String place, List<String> arguments) {
      return new Definition(name, file, place, arguments, false);
    }

    /// A probe at the return of the function that starts at `place`.
    public static Definition atReturn(
        String name, Path file, String place, List<String> arguments) {
      return new Definition(name, file, place, arguments, true);
    }

    private static void check(String what, String value, Pattern pattern, String allowed) {
      if (!pattern.matcher(value).matches()) {
        throw new IllegalArgumentException(
            "%s is '%s', allowed: %s".formatted(what, value, allowed));
      }
    }

    /// As the kernel takes it.
    String text(String group) {
      String text =
          "%s:%s/%s %s:%s"
              .formatted(atReturn ? "r" : "p", group, name, file.toAbsolutePath(), place);
      return arguments.isEmpty() ? text : text + " " + String.join(" ", arguments);
    }
  }

  private Uprobes(Path tracefs, String group) {
    this.tracefs = tracefs;
    this.group = group;
  }

  /// A group of probes without any yet.
  ///
  /// @throws IOException if probes can't be defined; the message has the command that helps
  public static Uprobes open() throws IOException {
    Path tracefs =
        TRACEFS.stream()
            .filter(each -> Files.exists(each.resolve("README")))
            .findFirst()
            .orElse(TRACEFS.getFirst());
    return open(tracefs, Owner.self());
  }

  /// The process that a group belongs to.
  ///
  /// @param space number of the process's name space, within which process numbers are unique
  /// @param startTicks when it started: numbers are used again
  record Owner(long space, long pid, long startTicks) {
    static Owner self() throws IOException {
      long space = digits(Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString());
      long pid = ProcessHandle.current().pid();
      return new Owner(space, pid, startTicks(pid));
    }

    private static long digits(String text) {
      return Long.parseLong(text.replaceAll("\\D", ""));
    }

    /// When a process started, or -1 if there is none.
    static long startTicks(long pid) {
      try {
        String stat = Files.readString(Path.of("/proc/%d/stat".formatted(pid)));
        // The program's name may hold spaces and parentheses.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[19]);
      } catch (IOException e) {
        return -1;
      }
    }

    String group(int number) {
      return "photophone_%d_%d_%d_%d".formatted(space, pid, startTicks, number);
    }
  }

  static Uprobes open(Path tracefs, Owner owner) throws IOException {
    checkAccess(tracefs);
    var uprobes = new Uprobes(tracefs, owner.group(SESSIONS.incrementAndGet()));
    uprobes.removeStale(owner.space());
    Runtime.getRuntime().addShutdownHook(uprobes.atExit);
    return uprobes;
  }

  private static void checkAccess(Path tracefs) throws IOException {
    Path file = tracefs.resolve("uprobe_events");
    if (!Files.isDirectory(tracefs) || isEmpty(tracefs)) {
      throw new IOException(
          "%s isn't there: sudo mount -t tracefs nodev %s".formatted(tracefs, tracefs));
    }
    if (!Files.isExecutable(tracefs) || (Files.exists(file) && !isWritable(file))) {
      throw new IOException(
          ("%s isn't writable: run as root, or sudo mount -o remount,gid=$(id -g) %s && sudo chmod"
                  + " g+rw %s %s/error_log")
              .formatted(file, tracefs, file, tracefs));
    }
    if (!Files.exists(file)) {
      throw new IOException(
          file + " isn't there: the kernel was built without CONFIG_UPROBE_EVENTS");
    }
  }

  private static boolean isWritable(Path file) {
    return Files.isWritable(file) && Files.isReadable(file);
  }

  private static boolean isEmpty(Path directory) throws IOException {
    if (!Files.isReadable(directory)) {
      return false;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  /// The group of this session's probes.
  public String group() {
    return group;
  }

  /// Defines a probe; it is off until a session records it.
  ///
  /// @return the tracepoint's name, as sessions take it: `GROUP:NAME`
  /// @throws IOException if the kernel refuses it, with the kernel's own words
  public synchronized String define(Definition definition) throws IOException {
    if (closed) {
      throw new IllegalStateException("the probes of %s are closed".formatted(group));
    }
    String text = definition.text(group);
    try {
      command(text);
    } catch (IOException e) {
      throw new IOException(
          "the kernel refuses '%s': %s"
              .formatted(text, reason(text, String.valueOf(e.getMessage()))),
          e);
    }
    String name = group + ":" + definition.name();
    defined.add(name);
    return name;
  }

  /// Removes one probe.
  ///
  /// @throws IOException if a session records it still
  public synchronized void remove(String name) throws IOException {
    if (!defined.contains(name)) {
      throw new IllegalArgumentException(
          "no probe of this session: %s, there are: %s".formatted(name, defined));
    }
    try {
      command(removal(name));
    } catch (IOException e) {
      throw new IOException(
          "%s can't be removed, mostly since a session records it still: close that first"
              .formatted(name),
          e);
    }
    defined.remove(name);
  }

  /// What the kernel's log of errors says of a command, or what the call said.
  private String reason(String command, String otherwise) {
    String found = otherwise;
    try {
      List<String> lines = Files.readAllLines(tracefs.resolve("error_log"));
      for (int i = 1; i < lines.size(); i++) {
        String line = lines.get(i).strip();
        if (line.equals("Command: " + command)) {
          String message = lines.get(i - 1).replaceFirst(".*error: ", "");
          String caret = i + 1 < lines.size() ? lines.get(i + 1) : "";
          int column =
              caret.indexOf('^') - lines.get(i).indexOf("Command: ") - "Command: ".length();
          boolean points = column > 0 && column < command.length();
          found = points ? "%s at '%s'".formatted(message, command.substring(column)) : message;
        }
      }
    } catch (IOException e) {
      // What the call said is the best that is left.
      return otherwise;
    }
    return found;
  }

  /// One command for each write, and only ever at the end: to open the file for writing from the
  /// start removes the probes of everyone.
  private void command(String text) throws IOException {
    Files.writeString(
        tracefs.resolve("uprobe_events"),
        text + "\n",
        StandardOpenOption.WRITE,
        StandardOpenOption.APPEND);
  }

  /// Removes what processes of our name space left that are gone.
  private void removeStale(long space) throws IOException {
    for (String line : Files.readAllLines(tracefs.resolve("uprobe_events"))) {
      Matcher probe = OURS.matcher(line);
      if (probe.matches() && Long.parseLong(probe.group("space")) == space) {
        long running = Owner.startTicks(Long.parseLong(probe.group("pid")));
        if (running != Long.parseLong(probe.group("start"))) {
          removeIfIdle(probe.group("group") + ":" + probe.group("name"));
        }
      }
    }
  }

  private static String removal(String name) {
    return "-:" + name.replace(':', '/');
  }

  /// Tries, and gives false if a session records it still.
  private boolean removeIfIdle(String name) {
    try {
      command(removal(name));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Sessions are closed at the same time, on threads of their own, and hold the probes till then.
  private synchronized void removeAtExit() {
    long end = System.nanoTime() + LAST_TRY_NANOS;
    while (!defined.isEmpty() && System.nanoTime() - end < 0) {
      defined.removeIf(this::removeIfIdle);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /// Removes all probes.
  ///
  /// @throws IOException if a session records one still; the others are removed, and closing again
  ///   tries again
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    IOException first = null;
    for (String name : List.copyOf(defined)) {
      try {
        remove(name);
      } catch (IOException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM ends: nothing is left to remove.
      return;
    }
  }

  @Override
  public String toString() {
    return "%s: %s".formatted(group, defined);
  }
}
