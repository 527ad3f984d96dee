package io.photophone.events.symbols;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A program or library of x86-64 that processes have mapped. Each part of it is read from the file
/// at its first use, once, and shared by all threads; so is the reason if that fails.
///
/// Contract: V12.
public final class ElfImage {
  private final ElfSource source;
  private final Once<String> buildId;
  private final Once<Segments> segments;
  private final Once<SymbolTable> symbols;
  private final Once<EhFrame> frames;
  private final Once<List<UsdtProbe>> probes;

  private ElfImage(ElfSource source, Path debugRoot) {
    this.source = source;
    this.buildId = Once.of(() -> source.parse(ElfNotes::buildId));
    this.segments = Once.of(() -> source.parse(Segments::of));
    this.symbols =
        Once.of(() -> SymbolTable.read(new ElfSymbols(source, DebugFiles.of(debugRoot))));
    this.frames = Once.of(() -> source.parse(EhFrame::of));
    this.probes = Once.of(() -> source.parse(UsdtNotes::of));
  }

  public static ElfImage of(Path file) {
    return of(file, DebugFiles.GLOBAL);
  }

  /// An image whose debug file is looked for in `debugRoot` instead of `/usr/lib/debug`.
  public static ElfImage of(Path file, Path debugRoot) {
    return new ElfImage(new ElfSource.File(file), debugRoot);
  }

  /// An image that is in memory, as that which the kernel maps into each process.
  public static ElfImage of(String name, MemorySegment bytes) {
    return new ElfImage(new ElfSource.InMemory(name, bytes), DebugFiles.GLOBAL);
  }

  /// Its path, or what it is.
  public String name() {
    return source.name();
  }

  /// The build id in hexadecimal digits, or "" if the linker gave none.
  public String buildId() throws SymbolException {
    return buildId.get();
  }

  public Segments segments() throws SymbolException {
    return segments.get();
  }

  public SymbolTable symbols() throws SymbolException {
    return symbols.get();
  }

  public EhFrame frames() throws SymbolException {
    return frames.get();
  }

  /// Its static probes; empty if it has none.
  public List<UsdtProbe> probes() throws SymbolException {
    return probes.get();
  }

  /// The name of the function at an offset in the file, or null; `failure` tells if it is because
  /// the file can't be read.
  public @Nullable String nameAt(long fileOffset) {
    Segments loaded = segments.orNull();
    SymbolTable table = symbols.orNull();
    if (loaded == null || table == null) {
      return null;
    }
    long address = loaded.addressOf(fileOffset);
    int symbol = address == Segments.NONE ? -1 : table.find(address);
    return symbol < 0 ? null : table.name(symbol);
  }

  /// Why names of it can't be told, or null.
  public @Nullable IOException failure() {
    return segments.failure().or(symbols::failure).orElse(null);
  }

  @Nullable Segments segmentsOrNull() {
    return segments.orNull();
  }

  @Nullable EhFrame framesOrNull() {
    return frames.orNull();
  }

  @Override
  public String toString() {
    return name();
  }
}
