package io.photophone.events.trace;

import io.photophone.events.profile.Mapping;
import io.photophone.events.profile.Profile;
import io.photophone.events.symbols.AddressSpace;
import io.photophone.events.symbols.CodeRange;
import io.photophone.events.symbols.ElfImage;
import io.photophone.events.symbols.ElfImages;
import io.photophone.events.symbols.ProcessSymbols;
import io.photophone.events.symbols.SymbolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/// What code stands behind each mapping of a profile. The file is found when the mapping is told
/// of, since a process in a container takes its files along; it is read when first needed.
///
/// Used by one thread.
final class CodeRanges {
  private static final String DELETED = " (deleted)";
  private static final String KERNEL_IMAGE = "[vdso]";

  private final Profile profile;
  private final int most;
  private final ElfImages images = new ElfImages();
  private final IdentityHashMap<Mapping, CodeRange> ranges = new IdentityHashMap<>();
  private @Nullable ElfImage kernelImage;
  private int pid;
  private long timeNanos;

  /// One for all look-ups, so that none allocates.
  private final AddressSpace space = address -> find(pid, address, timeNanos);

  /// @param most mappings that the profile keeps
  CodeRanges(Profile profile, int most) {
    this.profile = profile;
    this.most = most;
  }

  /// A process mapped code.
  void mapped(int mapper, Mapping mapping) {
    profile.mapped(mapper, mapping);
    if (ranges.size() < most) {
      ranges.put(mapping, range(mapper, mapping));
    }
  }

  /// The code of a process at a time, until it is asked for another.
  AddressSpace at(int process, long time) {
    pid = process;
    timeNanos = time;
    return space;
  }

  @Nullable CodeRange find(int process, long address, long time) {
    Mapping mapping = profile.mappingAt(process, address, time);
    return mapping == null ? null : ranges.get(mapping);
  }

  /// Memory without a file that can be read, which has a name only for people.
  static boolean isAnonymous(String file) {
    return !file.startsWith("/")
        || file.startsWith("//anon")
        || file.startsWith("/dev/zero")
        || file.startsWith("/memfd:")
        || file.startsWith("/anon_hugepage")
        || file.startsWith("/SYSV");
  }

  private CodeRange range(int mapper, Mapping mapping) {
    String file = mapping.file();
    long start = mapping.startAddress();
    long end = mapping.endAddress();
    if (file.equals(KERNEL_IMAGE)) {
      return new CodeRange.InFile(start, end, 0, kernelImage());
    }
    return isAnonymous(file)
        ? new CodeRange.Anonymous(start, end)
        : new CodeRange.InFile(
            start, end, mapping.fileOffset(), images.get(readable(mapper, mapping)));
  }

  /// A deleted file is still to be had by who may trace the process. In a container, another may
  /// stand under our path; where it is the same, ours is taken, which outlives the process.
  private static Path readable(int mapper, Mapping mapping) {
    String file = mapping.file();
    if (file.endsWith(DELETED)) {
      return Path.of(
          "/proc/%d/map_files/%x-%x"
              .formatted(mapper, mapping.startAddress(), mapping.endAddress()));
    }
    Path ours = Path.of(file);
    Path theirs = Path.of("/proc/%d/root%s".formatted(mapper, file));
    try {
      return !Files.isReadable(theirs) || (Files.exists(ours) && Files.isSameFile(ours, theirs))
          ? ours
          : theirs;
    } catch (IOException e) {
      return ours;
    }
  }

  /// The same in all processes, ours too.
  private ElfImage kernelImage() {
    ElfImage known = kernelImage;
    if (known == null) {
      known = ourKernelImage();
      kernelImage = known;
    }
    return known;
  }

  private ElfImage ourKernelImage() {
    try {
      for (CodeRange range : ProcessSymbols.of(ProcessHandle.current().pid(), images).ranges()) {
        if (range instanceof CodeRange.InFile file && file.image().name().equals(KERNEL_IMAGE)) {
          return file.image();
        }
      }
    } catch (SymbolException e) {
      // The image below tells that it can't be read.
    }
    return ElfImage.of(Path.of(KERNEL_IMAGE));
  }
}
