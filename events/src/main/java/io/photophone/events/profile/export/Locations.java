package io.photophone.events.profile.export;

import io.photophone.events.profile.Frame;
import io.photophone.events.profile.FrameKind;
import io.photophone.events.profile.FrameNames;
import io.photophone.events.profile.Loss;
import io.photophone.events.profile.Losses;
import io.photophone.events.profile.Mapping;
import io.photophone.events.profile.Profile;
import io.photophone.events.profile.Sample;
import io.photophone.events.profile.TracedProcess;
import io.photophone.events.profile.TracedThread;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Names the frames of samples and counts those without a name, which get their file and offset.
final class Locations {
  /// The kernel's marks between its frames and others.
  private static final long FIRST_MARK = -4095;

  /// Stands for a stack without a frame: pprof's own tool leaves a sample out that has none.
  private static final Location NO_STACK =
      new Location(0, new Frame("[no stack]", "", FrameKind.UNKNOWN), null);

  private final Profile profile;
  private final FrameNames names;
  private long unnamed;

  Locations(Profile profile, FrameNames names) {
    this.profile = profile;
    this.names = names;
  }

  /// The frames of a sample, at least one, the innermost first.
  List<Location> of(Sample sample) {
    long[] addresses = profile.addresses(sample.stack());
    TracedProcess process = profile.processAt(sample.pid(), sample.timeNanos());
    List<Location> locations = new ArrayList<>(addresses.length);
    for (long address : addresses) {
      if (address >= 0 || address < FIRST_MARK) {
        Mapping mapping = process == null ? null : process.mappingAt(address, sample.timeNanos());
        locations.add(new Location(address, frame(sample, address, mapping), mapping));
      }
    }
    return locations.isEmpty() ? List.of(NO_STACK) : locations;
  }

  /// The profile's losses with the frames that had no name so far.
  Losses losses() {
    return profile.losses().plus(Loss.UNNAMED_FRAMES, unnamed);
  }

  String processName(int pid, long timeNanos) {
    TracedProcess process = profile.processAt(pid, timeNanos);
    return process == null || process.name().isEmpty() ? "process " + pid : process.name();
  }

  String threadName(int pid, int tid, long timeNanos) {
    TracedProcess process = profile.processAt(pid, timeNanos);
    TracedThread thread = process == null ? null : process.thread(tid);
    return thread == null || thread.name().isEmpty() ? "thread " + tid : thread.name();
  }

  private Frame frame(Sample sample, long address, @Nullable Mapping mapping) {
    Frame frame = names.name(sample.pid(), address, sample.timeNanos());
    if (frame != null) {
      return frame;
    }
    unnamed++;
    return mapping == null || mapping.file().isEmpty()
        ? new Frame("[0x" + hex(address) + "]", "", FrameKind.UNKNOWN)
        : new Frame(
            "[" + mapping.fileName() + "+0x" + hex(mapping.offsetInFile(address)) + "]",
            mapping.fileName(),
            FrameKind.UNKNOWN);
  }

  private static String hex(long address) {
    String digits = HexFormat.of().toHexDigits(address);
    int start = 0;
    while (start < digits.length() - 1 && digits.charAt(start) == '0') {
      start++;
    }
    return digits.substring(start);
  }
}
