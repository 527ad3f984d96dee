package io.photophone.events.profile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// A process's command line (`cmdline`) and program (`exe`), from `/proc`.
///
/// Contract: V11.
public final class ProcessAttributes implements AttributeSource {
  private static final int MOST_BYTES = 4096;

  private final Path proc;

  public ProcessAttributes() {
    this(Path.of("/proc"));
  }

  ProcessAttributes(Path proc) {
    this.proc = proc;
  }

  @Override
  public Map<String, String> attributes(int pid) throws IOException {
    Path process = proc.resolve(Integer.toString(pid));
    Map<String, String> attributes = new LinkedHashMap<>();
    String command = commandLine(process.resolve("cmdline"));
    if (!command.isEmpty()) {
      attributes.put("cmdline", command);
      // A thread of the kernel has neither.
      attributes.put("exe", Files.readSymbolicLink(process.resolve("exe")).toString());
    }
    return attributes;
  }

  /// Arguments end in NUL; spaces stand for them.
  private static String commandLine(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES);
      return new String(bytes, StandardCharsets.UTF_8).replace('\0', ' ').strip();
    }
  }
}
