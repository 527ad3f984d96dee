package io.photophone.events.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What the kernel tells of processes and processors in `/proc` and `/sys`.
final class Procfs {
  private static final Path PROC = Path.of("/proc");

  private Procfs() {}

  /// Threads of a process; none if it is gone.
  static List<Integer> threads(int pid) {
    return numbers(PROC.resolve(Integer.toString(pid)).resolve("task"));
  }

  static List<Integer> processes() {
    return numbers(PROC);
  }

  private static List<Integer> numbers(Path directory) {
    List<Integer> numbers = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "[0-9]*")) {
      for (Path each : entries) {
        numbers.add(Integer.parseInt(each.getFileName().toString()));
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return List.of();
    }
    Collections.sort(numbers);
    return numbers;
  }

  /// Processors that are on.
  ///
  /// @throws PerfException if the kernel's list can't be read
  static List<Integer> processors() throws PerfException {
    String text;
    try {
      text = Files.readString(Path.of("/sys/devices/system/cpu/online")).strip();
    } catch (IOException e) {
      throw new PerfException("the list of processors can't be read: " + e);
    }
    return range(text);
  }

  /// A list such as `0-3,6`.
  static List<Integer> range(String text) {
    List<Integer> numbers = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String[] ends = part.split("-", 2);
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int i = Integer.parseInt(ends[0]); i <= last; i++) {
        numbers.add(i);
      }
    }
    return numbers;
  }

  static byte[] name(int pid, int tid) throws IOException {
    return Files.readString(
            PROC.resolve("%d/task/%d/comm".formatted(pid, tid)), StandardCharsets.ISO_8859_1)
        .stripTrailing()
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  static Path mappings(int pid) {
    return PROC.resolve(Integer.toString(pid)).resolve("maps");
  }
}
