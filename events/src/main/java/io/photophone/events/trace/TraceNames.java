package io.photophone.events.trace;

import io.photophone.events.hotspot.CompiledCode;
import io.photophone.events.hotspot.JavaFrame;
import io.photophone.events.profile.Frame;
import io.photophone.events.profile.FrameKind;
import io.photophone.events.profile.FrameNames;
import io.photophone.events.symbols.CodeRange;
import io.photophone.events.symbols.Demangler;
import io.photophone.events.symbols.ElfImage;
import io.photophone.events.symbols.Kallsyms;
import io.photophone.events.symbols.PerfMap;
import io.photophone.events.symbols.SymbolTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Names frames: of the kernel by its own table, of programs and libraries by their symbols, of
/// compiled Java by what the JVM told, of others' compiled code by the perf map they wrote. Each is
/// read when the first frame asks for it, and answers are remembered.
///
/// Used by one thread, beside that which reads ahead.
final class TraceNames implements FrameNames, AutoCloseable {
  /// Of each kind; with more, they are made anew.
  private static final int MOST_REMEMBERED = 1 << 20;

  private final CodeRanges code;
  private final CompiledCode java;
  private final Map<Long, Optional<Frame>> kernel = new HashMap<>();
  private final IdentityHashMap<ElfImage, Map<Long, Optional<Frame>>> files =
      new IdentityHashMap<>();
  private final Map<JavaFrame, Frame> javaFrames = new HashMap<>();
  private final Map<Integer, Optional<SymbolTable>> perfMaps = new HashMap<>();
  private @Nullable SymbolTable kallsyms;
  private @Nullable String kernelFailure;
  private int remembered;
  private final IdentityHashMap<Object, Object> asked = new IdentityHashMap<>();

  /// Written by the reader, read by us.
  private final Set<Object> read = ConcurrentHashMap.newKeySet();

  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("symbols").factory());

  TraceNames(CodeRanges code, CompiledCode java) {
    this.code = code;
    this.java = java;
  }

  @Override
  public @Nullable Frame name(int pid, long address, long timeNanos) {
    if (address < 0) {
      return kernel.computeIfAbsent(address, this::ofKernel).orElse(null);
    }
    return switch (code.find(pid, address, timeNanos)) {
      case CodeRange.InFile file -> ofFile(file, address);
      case CodeRange.Anonymous _ -> ofMadeCode(pid, address, timeNanos);
      case null -> ofMadeCode(pid, address, timeNanos);
    };
  }

  /// Whether a frame is named without a wait. If not, its symbols are read in the background: that
  /// takes seconds for large programs, in which a session's rings would overflow.
  boolean isReady(int pid, long address, long timeNanos) {
    if (address < 0) {
      return isRead(Kallsyms.class, this::kallsyms);
    }
    return !(code.find(pid, address, timeNanos) instanceof CodeRange.InFile file)
        || isRead(file.image(), () -> file.image().nameAt(0));
  }

  private boolean isRead(Object symbols, Runnable reading) {
    if (asked.put(symbols, symbols) == null) {
      reader.execute(() -> {
        reading.run();
        read.add(symbols);
      });
    }
    return read.contains(symbols);
  }

  @Override
  public void close() {
    reader.shutdownNow();
  }

  private Optional<Frame> ofKernel(long address) {
    SymbolTable table = kallsyms();
    int symbol = table == null ? -1 : table.find(address);
    if (table == null || symbol < 0) {
      return Optional.empty();
    }
    String name = table.name(symbol);
    int module = name.indexOf(" [");
    return Optional.of(
        module < 0
            ? new Frame(name, "[kernel]", FrameKind.KERNEL)
            : new Frame(name.substring(0, module), name.substring(module + 1), FrameKind.KERNEL));
  }

  private synchronized @Nullable SymbolTable kallsyms() {
    if (kallsyms == null && kernelFailure == null) {
      try {
        kallsyms = SymbolTable.read(Kallsyms.ofRunningKernel());
      } catch (IOException e) {
        kernelFailure = "the kernel's functions have no names: " + e.getMessage();
      }
    }
    return kallsyms;
  }

  /// Why the kernel's functions have no names, if anyone asked for one.
  synchronized Optional<String> kernelFailure() {
    return Optional.ofNullable(kernelFailure);
  }

  private @Nullable Frame ofFile(CodeRange.InFile range, long address) {
    if (remembered >= MOST_REMEMBERED) {
      remembered = 0;
      files.clear();
    }
    ElfImage image = range.image();
    long offset = address - range.start() + range.fileOffset();
    Map<Long, Optional<Frame>> known = files.computeIfAbsent(image, _ -> new HashMap<>());
    Optional<Frame> frame = known.get(offset);
    if (frame == null) {
      String name = image.nameAt(offset);
      String file = image.name().substring(image.name().lastIndexOf('/') + 1);
      frame =
          name == null
              ? Optional.empty()
              : Optional.of(new Frame(Demangler.readable(name), file, FrameKind.NATIVE));
      known.put(offset, frame);
      remembered++;
    }
    return frame.orElse(null);
  }

  private @Nullable Frame ofMadeCode(int pid, long address, long timeNanos) {
    JavaFrame frame = java.frameAt(pid, address, timeNanos);
    if (frame != null) {
      if (javaFrames.size() >= MOST_REMEMBERED) {
        javaFrames.clear();
      }
      return javaFrames.computeIfAbsent(
          frame, each -> new Frame(each.name(), "[Java]", FrameKind.JAVA));
    }
    SymbolTable table = perfMaps.computeIfAbsent(pid, TraceNames::perfMap).orElse(null);
    int symbol = table == null ? -1 : table.find(address);
    return table == null || symbol < 0
        ? null
        : new Frame(table.name(symbol), "[made code]", FrameKind.NATIVE);
  }

  /// Only one of the process's own user or of root: anyone may write a file of that name. JVMs are
  /// asked instead, since theirs shows but one moment.
  private static Optional<SymbolTable> perfMap(int pid) {
    PerfMap map = PerfMap.ofProcess(pid);
    Path file = Path.of(map.source());
    try {
      Object owner = Files.getAttribute(file, "unix:uid");
      boolean trusted =
          owner.equals(0) || owner.equals(Files.getAttribute(Path.of("/proc/" + pid), "unix:uid"));
      return trusted ? Optional.of(SymbolTable.read(map)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
