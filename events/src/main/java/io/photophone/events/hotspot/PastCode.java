package io.photophone.events.hotspot;

import io.photophone.events.symbols.PerfMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Where names come from of code that a JVM compiled before the session began, which no probe tells
/// of any more: a perf map.
///
/// Contract: V19.
public enum PastCode {
  /// From nowhere: that code stays without names until it is compiled again.
  UNKNOWN,
  /// From the perf map that the JVM or an agent in it has written already, if there is one.
  PERF_MAP_THERE,
  /// From that one if it is there, else the JVM is asked by `PerfMapRequest`, which makes it work.
  PERF_MAP_ASKED;

  private static final Duration LIMIT = Duration.ofSeconds(10);

  /// Tells the code of a process that was compiled before now. To be called when the session
  /// records.
  ///
  /// @return what was done or why nothing was, for people
  public String tell(CompiledCode code, int pid) {
    if (this == UNKNOWN) {
      return "code of process %d from before the session has no names, as was asked for"
          .formatted(pid);
    }
    Optional<String> useless = whyUseless(pid);
    try {
      if (useless.isEmpty()) {
        return fromThere(code, pid);
      }
      if (this == PERF_MAP_ASKED) {
        long before = System.nanoTime();
        code.addSnapshot(pid, before, PerfMapRequest.of(pid, LIMIT));
        return "process %d was asked for a perf map".formatted(pid);
      }
    } catch (IOException e) {
      return "code of process %d from before the session has no names: %s"
          .formatted(pid, e.getMessage());
    }
    return "code of process %d from before the session has no names: %s"
        .formatted(pid, useless.get());
  }

  private static String fromThere(CompiledCode code, int pid) throws IOException {
    PerfMap map = PerfMap.ofProcess(pid);
    Instant written = Files.getLastModifiedTime(Path.of(map.source())).toInstant();
    Duration age = Duration.between(written, Instant.now());
    code.addSnapshot(pid, System.nanoTime() - Math.max(age.toNanos(), 0), map);
    return "process %d has a perf map of %s; code compiled between then and the session has no names"
        .formatted(pid, written);
  }

  /// Anyone may leave a file of that name in `/tmp`, and process numbers are used again.
  private static Optional<String> whyUseless(int pid) {
    Path map = Path.of(PerfMap.ofProcess(pid).source());
    Path process = Path.of("/proc/" + pid);
    try {
      if (!Files.exists(map)) {
        return Optional.of("there is no %s".formatted(map));
      }
      Object owner = Files.getAttribute(map, "unix:uid");
      if (!owner.equals(0) && !owner.equals(Files.getAttribute(process, "unix:uid"))) {
        return Optional.of("%s is of user %s, not of the process's".formatted(map, owner));
      }
      Optional<Instant> started = ProcessHandle.of(pid).flatMap(it -> it.info().startInstant());
      Instant written = Files.getLastModifiedTime(map).toInstant();
      boolean older = started.isEmpty() || written.isBefore(started.get());
      return older
          ? Optional.of(
              "%s of %s is older than the process, of %s"
                  .formatted(map, written, started.map(Instant::toString).orElse("unknown start")))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of("%s can't be looked at: %s".formatted(map, e.getMessage()));
    }
  }
}
