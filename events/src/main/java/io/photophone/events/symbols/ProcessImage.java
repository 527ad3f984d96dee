package io.photophone.events.symbols;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The executable mappings of one process as records of the kernel tell of them, one after the
/// other: what an unwinder needs at the time of the record it has come to.
///
/// ```java
/// var image = ProcessImage.ofRunning(pid, images);   // what was mapped before the session
/// image.map(start, sizeBytes, fileOffset, path);     // each MMAP2 record from then on
/// int depth = unwinder.unwind(image, ip, sp, fp, stack, addresses);
/// ```
///
/// A mapping over others takes their place, wholly or in part, as in the kernel; the kernel doesn't
/// tell of mappings that end. Owned by one thread. Look-ups don't allocate.
public final class ProcessImage implements AddressSpace {
  /// Far above what a process may map by Linux's defaults.
  private static final int MOST_RANGES = 1 << 17;

  private static final String KERNEL_IMAGE = "[vdso]";

  private final long pid;
  private final ElfImages images;
  private CodeRange[] ranges = new CodeRange[16];
  private int count;
  private long refused;
  private @Nullable ElfImage kernelImage;

  private ProcessImage(long pid, ElfImages images) {
    this.pid = pid;
    this.images = images;
  }

  /// A process that has nothing mapped yet.
  public static ProcessImage of(long pid, ElfImages images) {
    return new ProcessImage(pid, images);
  }

  /// A process with what it has mapped now.
  ///
  /// @throws SymbolException if its mappings can't be read: it is gone, or another user's
  public static ProcessImage ofRunning(long pid, ElfImages images) throws SymbolException {
    var image = new ProcessImage(pid, images);
    for (CodeRange range : ProcessSymbols.of(pid, images).ranges()) {
      image.put(range);
    }
    return image;
  }

  /// The image of a process that was forked from this one.
  public ProcessImage fork(long childPid) {
    var child = new ProcessImage(childPid, images);
    child.ranges = ranges.clone();
    child.count = count;
    child.kernelImage = kernelImage;
    return child;
  }

  /// A new program was started in the process: nothing of the old one is left.
  public void clear() {
    Arrays.fill(ranges, 0, count, null);
    count = 0;
  }

  /// Takes an executable mapping.
  ///
  /// @param path as the kernel tells it: `//anon`, `[vdso]`, `/usr/lib/libc.so.6`, also with `
  ///   (deleted)`
  public void map(long start, long sizeBytes, long fileOffset, String path) {
    long end = start + sizeBytes;
    if (sizeBytes <= 0 || Long.compareUnsigned(end, start) < 0) {
      refused++;
    } else if (path.equals(KERNEL_IMAGE)) {
      put(new CodeRange.InFile(start, end, 0, kernelImage()));
    } else if (path.startsWith("/") && !isAnonymous(path)) {
      put(new CodeRange.InFile(start, end, fileOffset, images.get(file(path))));
    } else {
      put(new CodeRange.Anonymous(start, end));
    }
  }

  /// Memory without a file that can be read, which has a name only for people.
  private static boolean isAnonymous(String path) {
    return path.startsWith("//anon")
        || path.startsWith("/dev/zero")
        || path.startsWith("/memfd:")
        || path.startsWith("/anon_hugepage")
        || path.startsWith("/SYSV");
  }

  /// The file as the process sees it, which may be in a container. Where we see the same under the
  /// same path, that is taken: it is there still when the process is gone.
  private Path file(String path) {
    Path ours = Path.of(path);
    Path inContainer = Path.of("/proc/%d/root%s".formatted(pid, path));
    try {
      return !Files.isReadable(inContainer)
              || (Files.exists(ours) && Files.isSameFile(ours, inContainer))
          ? ours
          : inContainer;
    } catch (IOException e) {
      return ours;
    }
  }

  /// The kernel maps the same image into every process, this one too.
  private ElfImage kernelImage() {
    ElfImage known = kernelImage;
    if (known == null) {
      known = ourKernelImage();
      kernelImage = known;
    }
    return known;
  }

  private ElfImage ourKernelImage() {
    List<CodeRange> ours;
    try {
      ours = ProcessSymbols.of(ProcessHandle.current().pid(), images).ranges();
    } catch (SymbolException e) {
      // It is told when the image is used.
      ours = List.of();
    }
    for (CodeRange range : ours) {
      if (range instanceof CodeRange.InFile file && file.image().name().equals(KERNEL_IMAGE)) {
        return file.image();
      }
    }
    return ElfImage.of(Path.of(KERNEL_IMAGE));
  }

  private void put(CodeRange added) {
    int first = after(added.start());
    if (first > 0 && Long.compareUnsigned(ranges[first - 1].end(), added.start()) > 0) {
      first--;
    }
    int next = first;
    while (next < count && Long.compareUnsigned(ranges[next].start(), added.end()) < 0) {
      next++;
    }
    CodeRange before =
        first < next ? part(ranges[first], ranges[first].start(), added.start()) : null;
    CodeRange behind =
        first < next ? part(ranges[next - 1], added.end(), ranges[next - 1].end()) : null;
    int more = 1 + (before == null ? 0 : 1) + (behind == null ? 0 : 1) - (next - first);
    if (count + more > MOST_RANGES) {
      refused++;
      return;
    }
    if (count + more > ranges.length) {
      ranges = Arrays.copyOf(ranges, ranges.length * 2);
    }
    System.arraycopy(ranges, next, ranges, next + more, count - next);
    if (more < 0) {
      Arrays.fill(ranges, count + more, count, null);
    }
    count += more;
    int at = first;
    if (before != null) {
      ranges[at++] = before;
    }
    ranges[at++] = added;
    if (behind != null) {
      ranges[at] = behind;
    }
  }

  /// What of a range is within bounds, or null if nothing is.
  private static @Nullable CodeRange part(CodeRange range, long start, long end) {
    if (Long.compareUnsigned(start, end) >= 0) {
      return null;
    }
    return switch (range) {
      case CodeRange.InFile file ->
          new CodeRange.InFile(start, end, file.fileOffset() + start - file.start(), file.image());
      case CodeRange.Anonymous _ -> new CodeRange.Anonymous(start, end);
    };
  }

  /// The first range that starts behind an address.
  private int after(long address) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(ranges[middle].start(), address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public @Nullable CodeRange rangeAt(long address) {
    int at = after(address);
    boolean inside = at > 0 && Long.compareUnsigned(address, ranges[at - 1].end()) < 0;
    return inside ? ranges[at - 1] : null;
  }

  /// The executable mappings, by address.
  public List<CodeRange> ranges() {
    return List.of(Arrays.copyOf(ranges, count));
  }

  /// Mappings that were impossible or too many.
  public long refused() {
    return refused;
  }

  @Override
  public String toString() {
    return "process %d: %d executable mappings".formatted(pid, count);
  }
}
