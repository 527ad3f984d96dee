package io.photophone.events.symbols;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Names and frames of a process that runs: its executable mappings as they are when first used,
/// with the symbols of their files and of its perf map, each read when first needed.
///
/// Whoever records mappings with their times has an `AddressSpace` of his own; this one is for
/// looking at a process now. Safe for all threads.
///
/// Contract: V12.
public final class ProcessSymbols implements AddressSpace {
  private static final String DELETED = " (deleted)";
  private static final int MOST_MAPPINGS = 1 << 20;
  private static final int LARGEST_KERNEL_IMAGE_BYTES = 1 << 20;

  private final long pid;
  private final ElfImages images;
  private final Once<CodeRange[]> ranges;
  private final Once<SymbolTable> perfMap;

  private ProcessSymbols(long pid, ElfImages images) {
    this.pid = pid;
    this.images = images;
    this.ranges = Once.of(this::readRanges);
    this.perfMap = Once.of(() -> SymbolTable.read(PerfMap.ofProcess(pid)));
  }

  public static ProcessSymbols of(long pid, ElfImages images) {
    return new ProcessSymbols(pid, images);
  }

  @Override
  public @Nullable CodeRange rangeAt(long address) {
    CodeRange[] sorted = ranges.orNull();
    if (sorted == null) {
      return null;
    }
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(sorted[middle].start(), address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    boolean inside = low > 0 && Long.compareUnsigned(address, sorted[low - 1].end()) < 0;
    return inside ? sorted[low - 1] : null;
  }

  /// The name of the code at an address now, or null.
  public @Nullable String nameAt(long address) {
    return switch (rangeAt(address)) {
      case null -> null;
      case CodeRange.InFile file -> file.image().nameAt(address - file.start() + file.fileOffset());
      case CodeRange.Anonymous _ -> {
        SymbolTable table = perfMap.orNull();
        int symbol = table == null ? -1 : table.find(address);
        yield table == null || symbol < 0 ? null : table.name(symbol);
      }
    };
  }

  /// Why the process has no mappings, if so.
  public Optional<IOException> failure() {
    return ranges.failure();
  }

  /// Why compiled code has no names, if so: mostly that the process wrote no perf map.
  public Optional<IOException> perfMapFailure() {
    return perfMap.failure();
  }

  /// The executable mappings, by address.
  public List<CodeRange> ranges() throws SymbolException {
    return List.of(ranges.get());
  }

  private CodeRange[] readRanges() throws IOException {
    var found = new ArrayList<CodeRange>();
    try (var lines = Files.newBufferedReader(Path.of("/proc/%d/maps".formatted(pid)))) {
      String line = lines.readLine();
      while (line != null && found.size() < MOST_MAPPINGS) {
        addRange(line, found);
        line = lines.readLine();
      }
    }
    found.sort(Comparator.comparingLong(range -> range.start() + Long.MIN_VALUE));
    return found.toArray(CodeRange[]::new);
  }

  /// Adds what a line says: `START-END rwxp OFFSET DEVICE INODE PATH`.
  private void addRange(String line, List<CodeRange> found) throws IOException {
    String[] fields = line.split(" +", 6);
    if (fields.length < 5 || fields[1].length() < 3 || fields[1].charAt(2) != 'x') {
      return;
    }
    String[] addresses = fields[0].split("-", 2);
    long start = Long.parseUnsignedLong(addresses[0], 16);
    long end = Long.parseUnsignedLong(addresses[1], 16);
    long offset = Long.parseUnsignedLong(fields[2], 16);
    String path = fields.length < 6 ? "" : fields[5];
    if (path.equals("[vdso]")) {
      found.add(new CodeRange.InFile(start, end, 0, kernelImage()));
    } else if (path.endsWith(DELETED)) {
      // The process still has the file, and the kernel gives it to those who may trace the process.
      Path kept = Path.of("/proc/%d/map_files/%s".formatted(pid, fields[0]));
      found.add(new CodeRange.InFile(start, end, offset, images.get(kept)));
    } else if (path.startsWith("/")) {
      found.add(new CodeRange.InFile(start, end, offset, images.get(file(path))));
    } else if (!path.equals("[vsyscall]")) {
      found.add(new CodeRange.Anonymous(start, end));
    }
  }

  /// The file as the process sees it, which in a container is another than ours.
  private Path file(String path) {
    Path ours = Path.of(path);
    Path theirs = Path.of("/proc/%d/root%s".formatted(pid, path));
    try {
      return Files.isSameFile(theirs, ours) ? ours : theirs;
    } catch (IOException e) {
      // One of them isn't there or isn't ours to see.
      return Files.isReadable(theirs) ? theirs : ours;
    }
  }

  /// The image that the kernel maps into every process, read from our own memory.
  private static ElfImage kernelImage() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
      if (line.endsWith("[vdso]")) {
        String[] addresses = line.substring(0, line.indexOf(' ')).split("-", 2);
        long start = Long.parseUnsignedLong(addresses[0], 16);
        long size = Long.parseUnsignedLong(addresses[1], 16) - start;
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, LARGEST_KERNEL_IMAGE_BYTES));
        try (var memory = FileChannel.open(Path.of("/proc/self/mem"), StandardOpenOption.READ)) {
          while (bytes.hasRemaining() && memory.read(bytes, start + bytes.position()) > 0) {
            // Until all is read.
          }
        }
        return ElfImage.of("[vdso]", MemorySegment.ofBuffer(bytes.flip()));
      }
    }
    return ElfImage.of("[vdso]", MemorySegment.ofArray(new byte[0]));
  }
}
