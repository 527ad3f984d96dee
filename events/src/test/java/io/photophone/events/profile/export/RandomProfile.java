package io.photophone.events.profile.export;

import io.photophone.events.profile.Frame;
import io.photophone.events.profile.FrameKind;
import io.photophone.events.profile.FrameNames;
import io.photophone.events.profile.Loss;
import io.photophone.events.profile.Mapping;
import io.photophone.events.profile.Profile;
import io.photophone.events.profile.ProfileLimits;
import io.photophone.events.profile.SampleKind;
import io.photophone.events.profile.Span;
import io.photophone.events.profile.StateSlice;
import io.photophone.events.profile.ThreadState;
import io.photophone.events.profile.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A profile of random samples, and the sums that every format has to give back: by kind of sample
/// and names of frames, from the outermost on.
final class RandomProfile {
  private static final SampleKind ALLOCATED = new SampleKind("allocated", Unit.BYTES);

  /// Addresses that end in 7 have no name.
  static final FrameNames NAMES =
      (_, address, _) ->
          address % 10 == 7
              ? null
              : address < 0
                  ? new Frame("sys;tem\n" + (address & 0xFF), "[kernel]", FrameKind.KERNEL)
                  : new Frame(
                      "Größe.of" + address % 10,
                      "libx.so",
                      address % 2 == 0 ? FrameKind.NATIVE : FrameKind.JAVA);

  final Profile profile = new Profile(ProfileLimits.DEFAULT);
  final TreeMap<String, Long> sums = new TreeMap<>();

  RandomProfile(long seed, int samples) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int pid = 1; pid <= 3; pid++) {
      profile.processNamed(pid, "process" + pid);
      profile.threadNamed(pid, pid, "main");
      profile.mapped(pid, new Mapping(0x1000, 0x2000, 0x40, "/lib/libx.so", "ab12", 0));
      profile.attribute(pid, "cmdline", "run " + pid);
    }
    int[] kinds = {
      profile.kind(SampleKind.CPU), profile.kind(SampleKind.OFF_CPU), profile.kind(ALLOCATED)
    };
    for (int i = 0; i < samples; i++) {
      long[] stack = new long[random.nextInt(8)];
      List<String> names = new ArrayList<>();
      for (int f = 0; f < stack.length; f++) {
        stack[f] =
            random.nextInt(5) == 0 ? -8000L - random.nextInt(3) : 0x1000L + random.nextInt(30);
        names.addFirst(name(stack[f]));
      }
      if (stack.length == 0) {
        names.add("[no stack]");
      }
      int pid = 1 + random.nextInt(3);
      int kind = kinds[random.nextInt(kinds.length)];
      long value = random.nextInt(3) == 0 ? random.nextLong(1L << 40) : random.nextInt(3);
      long time = 1_000_000L + random.nextInt(1000);
      profile.sample(
          time,
          pid,
          pid + random.nextInt(2),
          random.nextInt(-1, 4),
          kind,
          value,
          profile.stack(stack, 0, stack.length));
      sums.merge(key(profile.kinds().get(kind).name(), names), value, Long::sum);
      long end = time + random.nextInt(50);
      profile.span(new Span("span " + i % 5, time, end, pid, pid, Span.NO_PARENT));
      profile.state(new StateSlice(pid, pid, ThreadState.RUNNING, 1, time, end));
    }
    profile.lost(Loss.LOST_RECORDS, 12);
    sums.values().removeIf(sum -> sum == 0);
  }

  long total(String kind) {
    return sums.entrySet().stream()
        .filter(sum -> sum.getKey().startsWith(kind + ": "))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  static String key(String kind, List<String> outermostFirst) {
    return kind + ": " + String.join(" > ", outermostFirst);
  }

  private static String name(long address) {
    Frame frame = NAMES.name(1, address, 0);
    return frame != null
        ? frame.name()
        : "[libx.so+0x" + Long.toHexString(address - 0x1000 + 0x40) + "]";
  }
}
