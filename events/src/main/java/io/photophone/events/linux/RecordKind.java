package io.photophone.events.linux;

import io.photophone.events.EventFormat;

/// The kernel's numbers of kinds of records, and the formats of those that are no samples. The
/// event is the whole record but for its trailer, so that each format has the header's fields
/// first: `kind`, `misc`, `size`.
final class RecordKind {
  static final int LOST = 2;
  static final int COMM = 3;
  static final int EXIT = 4;
  static final int THROTTLE = 5;
  static final int UNTHROTTLE = 6;
  static final int FORK = 7;
  static final int SAMPLE = 9;
  static final int MMAP2 = 10;
  static final int LOST_SAMPLES = 13;
  static final int SWITCH = 14;
  static final int SWITCH_CPU_WIDE = 15;
  static final int KSYMBOL = 17;

  /// Kinds have lower numbers than this.
  static final int END = 18;

  /// In `misc` of [#MMAP2]: the record has a build-id in the place of device and inode.
  static final int MISC_BUILD_ID = 1 << 14;

  private RecordKind() {}

  private static EventFormat.Builder format(String name) {
    return EventFormat.builder(name)
        .integer("kind", 4, false)
        .integer("misc", 2, false)
        .integer("size", 2, false);
  }

  private static EventFormat.Builder ofThread(String name) {
    return format(name).integer("pid", 4, true).integer("tid", 4, true);
  }

  static EventFormat lost() {
    return format("lost").integer("id", 8, false).integer("lost", 8, false).build();
  }

  static EventFormat lostSamples() {
    return format("lost_samples").integer("lost", 8, false).build();
  }

  static EventFormat comm() {
    return ofThread("comm").terminatedText("comm").build();
  }

  static EventFormat task(String name) {
    return format(name)
        .integer("pid", 4, true)
        .integer("ppid", 4, true)
        .integer("tid", 4, true)
        .integer("ptid", 4, true)
        .integer("time", 8, false)
        .build();
  }

  static EventFormat throttle(String name) {
    return format(name)
        .integer("time", 8, false)
        .integer("id", 8, false)
        .integer("stream_id", 8, false)
        .build();
  }

  private static EventFormat.Builder mapping(String name) {
    return ofThread(name)
        .integer("addr", 8, false)
        .integer("len", 8, false)
        .integer("pgoff", 8, false);
  }

  static EventFormat mmap2() {
    return mapping("mmap2")
        .integer("maj", 4, false)
        .integer("min", 4, false)
        .integer("ino", 8, false)
        .integer("ino_generation", 8, false)
        .integer("prot", 4, false)
        .integer("flags", 4, false)
        .terminatedText("filename")
        .build();
  }

  static EventFormat mmap2WithBuildId() {
    return mapping("mmap2_build_id")
        .integer("build_id_size", 1, false)
        .skip(3)
        .bytes("build_id", 20)
        .integer("prot", 4, false)
        .integer("flags", 4, false)
        .terminatedText("filename")
        .build();
  }

  static EventFormat switched() {
    return format("switch").build();
  }

  static EventFormat switchedCpuWide() {
    return format("switch_cpu_wide")
        .integer("next_prev_pid", 4, true)
        .integer("next_prev_tid", 4, true)
        .build();
  }

  static EventFormat ksymbol() {
    return format("ksymbol")
        .integer("addr", 8, false)
        .integer("len", 4, false)
        .integer("ksym_type", 2, false)
        .integer("flags", 2, false)
        .terminatedText("name")
        .build();
  }

  /// A sample that isn't a tracepoint's: the event is the whole record.
  static EventFormat sample(String name, SampleLayout layout) {
    EventFormat.Builder format = format(name).integer("identifier", 8, false);
    if (layout.has(SampleLayout.IP)) {
      format.integer("ip", 8, false);
    }
    format.integer("pid", 4, true).integer("tid", 4, true).integer("time", 8, false);
    if (layout.has(SampleLayout.ADDRESS)) {
      format.integer("addr", 8, false);
    }
    if (layout.has(SampleLayout.ID)) {
      format.integer("id", 8, false);
    }
    if (layout.has(SampleLayout.STREAM_ID)) {
      format.integer("stream_id", 8, false);
    }
    format.integer("cpu", 4, false).skip(4);
    if (layout.has(SampleLayout.PERIOD)) {
      format.integer("period", 8, false);
    }
    return format.build();
  }
}
