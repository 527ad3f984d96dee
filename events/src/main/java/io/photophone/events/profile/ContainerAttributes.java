package io.photophone.events.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The control group a process is in (`cgroup`), its container's id (`container`) and its pid
/// within (`container pid`), from `/proc`.
///
/// Contract: V11.
public final class ContainerAttributes implements AttributeSource {
  /// Container engines name the group after the container: 64 hexadecimal digits.
  private static final Pattern ID = Pattern.compile("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])");

  private final Path proc;

  public ContainerAttributes() {
    this(Path.of("/proc"));
  }

  ContainerAttributes(Path proc) {
    this.proc = proc;
  }

  @Override
  public Map<String, String> attributes(int pid) throws IOException {
    Path process = proc.resolve(Integer.toString(pid));
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String line : Files.readAllLines(process.resolve("cgroup"))) {
      // hierarchy:controllers:path; version 2 has the one line 0::path.
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && (parts[0].equals("0") || !attributes.containsKey("cgroup"))) {
        attributes.put("cgroup", parts[2]);
      }
      Matcher id = ID.matcher(line);
      if (id.find()) {
        attributes.put("container", id.group());
      }
    }
    List<String> status = Files.readAllLines(process.resolve("status"));
    for (String line : status) {
      String[] pids = line.split("\\s+", -1);
      if (pids[0].equals("NSpid:") && pids.length > 2) {
        attributes.put("container pid", pids[pids.length - 1]);
      }
    }
    return attributes;
  }
}
