package io.photophone.events.symbols;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The running kernel's functions, from `/proc/kallsyms`; those of a module are named `name
/// [module]`.
///
/// Contract: V11.
public final class Kallsyms implements SymbolReader {
  private static final int LONGEST_LINE_BYTES = 1 << 16;

  private final Path file;

  private Kallsyms(Path file) {
    this.file = file;
  }

  public static Kallsyms ofRunningKernel() {
    return of(Path.of("/proc/kallsyms"));
  }

  /// A copy of `/proc/kallsyms`.
  public static Kallsyms of(Path file) {
    return new Kallsyms(file);
  }

  @Override
  public String source() {
    return file.toString();
  }

  /// @throws SymbolException if the kernel hides the addresses from this user
  @Override
  public long read(Sink sink) throws IOException {
    long skipped = 0;
    boolean anyFunction = false;
    boolean anyAddress = false;
    try (InputStream input = Files.newInputStream(file)) {
      var line = new LineReader(input, LONGEST_LINE_BYTES);
      boolean room = true;
      while (room && line.next()) {
        line.trimEnd();
        if (line.hex() <= 0 || !line.skipSpaces()) {
          skipped++;
          continue;
        }
        int type = line.peek();
        line.skip();
        if (!line.skipSpaces() || line.remaining() == 0) {
          skipped++;
          continue;
        }
        if (!isFunction(type)) {
          continue;
        }
        anyFunction = true;
        if (line.number() != 0) {
          anyAddress = true;
          room = give(line, sink);
        }
      }
      skipped += line.overlong();
    }
    if (anyFunction && !anyAddress) {
      throw new SymbolException(hidden());
    }
    return skipped;
  }

  private static boolean give(LineReader line, Sink sink) {
    // "name\t[module]": the tab becomes a space.
    line.replaceTabs();
    long start = line.number();
    return sink.symbol(start, start, line.bytes(), line.position(), line.remaining());
  }

  private static boolean isFunction(int type) {
    return type == 't' || type == 'T' || type == 'w' || type == 'W';
  }

  private String hidden() {
    return """
    %s: every address is zero: kernel.kptr_restrict is %s and kernel.perf_event_paranoid is %s. \
    Run as root or with CAP_SYSLOG, or allow it: sysctl kernel.kptr_restrict=0 kernel.perf_event_paranoid=1\
    """
        .formatted(file, setting("kptr_restrict"), setting("perf_event_paranoid"));
  }

  private static String setting(String name) {
    try {
      return Files.readString(Path.of("/proc/sys/kernel", name)).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
