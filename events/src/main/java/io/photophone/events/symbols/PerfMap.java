package io.photophone.events.symbols;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Compiled code of a running program as its just-in-time compiler wrote it to `/tmp/perf-PID.map`:
/// lines of `START SIZE NAME` in hexadecimal digits, where JDK 25 puts `0x` before both numbers and
/// names may have spaces. The JVM writes one on `jcmd PID Compiler.perfmap`.
///
/// It is a snapshot: an address whose code was thrown away before has the name of what came after.
/// `CodeMap` knows better.
///
/// Contract: V11.
public final class PerfMap implements SymbolReader {
  private static final int LONGEST_LINE_BYTES = 1 << 16;

  private final Path file;

  private PerfMap(Path file) {
    this.file = file;
  }

  public static PerfMap of(Path file) {
    return new PerfMap(file);
  }

  /// The map of a process, looked for where that process sees `/tmp` and under the id that it knows
  /// itself by; both differ from ours in a container.
  public static PerfMap ofProcess(long pid) {
    Path inContainer = Path.of("/proc/%d/root/tmp/perf-%d.map".formatted(pid, idOfItsOwn(pid)));
    return of(Files.exists(inContainer) ? inContainer : Path.of("/tmp/perf-%d.map".formatted(pid)));
  }

  private static long idOfItsOwn(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/%d/status".formatted(pid)))) {
        if (line.startsWith("NSpid:")) {
          String[] ids = line.split("\\s+", -1);
          return Long.parseLong(ids[ids.length - 1]);
        }
      }
    } catch (IOException | NumberFormatException e) {
      // A process that is gone, or a kernel that doesn't tell: the id that we know is left.
      return pid;
    }
    return pid;
  }

  @Override
  public String source() {
    return file.toString();
  }

  @Override
  public boolean newestWins() {
    return true;
  }

  @Override
  public long read(Sink sink) throws IOException {
    // A pipe of this name would block us for ever.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw SymbolException.of(file.toString(), "no file", "a regular file");
    }
    long skipped = 0;
    try (InputStream input = Files.newInputStream(file)) {
      var line = new LineReader(input, LONGEST_LINE_BYTES);
      boolean room = true;
      while (room && line.next()) {
        line.trimEnd();
        if (line.remaining() == 0) {
          continue;
        }
        int startDigits = line.hex();
        long start = line.number();
        boolean good = startDigits > 0 && line.skipSpaces();
        int sizeDigits = good ? line.hex() : 0;
        long size = line.number();
        good &= sizeDigits > 0 && line.skipSpaces() && line.remaining() > 0;
        // The last address must not pass the end of all addresses.
        good &= size > 0 && Long.compareUnsigned(start + size, start) > 0;
        if (good) {
          room = sink.symbol(start, start + size, line.bytes(), line.position(), line.remaining());
        } else {
          skipped++;
        }
      }
      return skipped + line.overlong();
    }
  }
}
