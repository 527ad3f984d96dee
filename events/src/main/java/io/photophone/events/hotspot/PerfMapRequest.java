package io.photophone.events.hotspot;

import io.photophone.events.symbols.PerfMap;
import io.photophone.events.symbols.SymbolReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;

/// Asks a JVM for what compiled code it has now: the fallback for code of before the session, and
/// for JVMs without probes. Unlike all else here it makes the JVM do something: load its attach
/// listener and write a file, which is removed when it is read.
///
/// ```java
/// long before = System.nanoTime();
/// code.addSnapshot(pid, before, PerfMapRequest.of(pid, Duration.ofSeconds(5)));
/// ```
///
/// The JVM answers its own user and root. Each `read` asks anew.
///
/// Contract: V19.
public final class PerfMapRequest implements SymbolReader {
  private final long pid;
  private final Duration timeLimit;

  private PerfMapRequest(long pid, Duration timeLimit) {
    this.pid = pid;
    this.timeLimit = timeLimit;
  }

  /// A request that isn't made yet.
  ///
  /// @param timeLimit for the JVM's answer; it may have to reach a safepoint first
  public static PerfMapRequest of(long pid, Duration timeLimit) {
    if (timeLimit.isNegative() || timeLimit.isZero()) {
      throw new IllegalArgumentException("time limit is not positive: " + timeLimit);
    }
    return new PerfMapRequest(pid, timeLimit);
  }

  @Override
  public String source() {
    return "perf map asked of process " + pid;
  }

  @Override
  public boolean newestWins() {
    return true;
  }

  @Override
  public long read(Sink sink) throws IOException {
    var attachment = HotspotAttach.to(pid, timeLimit);
    String name = "photophone-%d-%x.map".formatted(attachment.ownPid(), System.nanoTime());
    Path named = attachment.temporary().resolve(name);
    try {
      HotspotAttach.Answer answer = attachment.ask("Compiler.perfmap /tmp/" + name);
      if (answer.isSuccess() && Files.isRegularFile(named, LinkOption.NOFOLLOW_LINKS)) {
        return PerfMap.of(named).read(sink);
      }
    } finally {
      Files.deleteIfExists(named);
    }
    return readUnnamed(attachment, sink);
  }

  /// JVMs before 22 take no file name: their map is where everyone looks for it. One that was there
  /// is somebody's, and stays, renewed.
  private long readUnnamed(HotspotAttach attachment, Sink sink) throws IOException {
    Path usual = attachment.temporary().resolve("perf-%d.map".formatted(attachment.ownPid()));
    boolean wasThere = Files.exists(usual, LinkOption.NOFOLLOW_LINKS);
    try {
      HotspotAttach.Answer answer = attachment.ask("Compiler.perfmap");
      if (!answer.isSuccess() || !Files.isRegularFile(usual, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(
            "process %d wrote no perf map: %s".formatted(pid, answer.text().strip()));
      }
      return PerfMap.of(usual).read(sink);
    } finally {
      if (!wasThere) {
        Files.deleteIfExists(usual);
      }
    }
  }
}
