package io.photophone.events.linux;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;

/// Records of what was there before a session: the names of threads and the mappings of code, in
/// the form in which the kernel tells of new ones.
final class RunningProcesses {
  /// Of one process; the kernel allows 65530 unless it is told otherwise.
  private static final int MOST_MAPPINGS = 1 << 20;

  private static final int LONGEST_PATH = 4096;
  private static final int COMM_FIXED = 16;
  private static final int MMAP2_FIXED = 72;

  private final int trailerLength;
  private final int trailerTime;
  private final int trailerCpu;
  private final long timeNanos;
  private long[] buffer = new long[1 << 12];
  private MemorySegment memory = MemorySegment.ofArray(buffer);
  private int length;
  private int unreadable;

  /// @param timeNanos that the records are to have
  RunningProcesses(SampleLayout layout, long timeNanos) {
    this.trailerLength = layout.trailerLength();
    this.trailerTime = layout.trailerTime();
    this.trailerCpu = layout.trailerCpu();
    this.timeNanos = timeNanos;
  }

  /// Adds a process; one that is gone adds nothing.
  void add(int pid) {
    for (int tid : Procfs.threads(pid)) {
      try {
        comm(pid, tid, Procfs.name(pid, tid));
      } catch (IOException e) {
        unreadable++;
      }
    }
    try (BufferedReader lines =
        Files.newBufferedReader(Procfs.mappings(pid), StandardCharsets.ISO_8859_1)) {
      mappings(pid, lines);
    } catch (IOException e) {
      unreadable++;
    }
  }

  void mappings(int pid, BufferedReader lines) throws IOException {
    int count = 0;
    for (String line = lines.readLine();
        line != null && count < MOST_MAPPINGS;
        line = lines.readLine()) {
      Optional<MappingLine> mapping = MappingLine.parse(line);
      if (mapping.isPresent() && mapping.get().isExecutable()) {
        mmap2(pid, mapping.get());
        count++;
      }
    }
  }

  private void comm(int pid, int tid, byte[] name) {
    int at = begin(RecordKind.COMM, COMM_FIXED, name.length);
    putInt(at + 8, pid);
    putInt(at + 12, tid);
    MemorySegment.copy(name, 0, memory, ValueLayout.JAVA_BYTE, at + COMM_FIXED, name.length);
    end(at, COMM_FIXED, name.length, pid, tid);
  }

  private void mmap2(int pid, MappingLine mapping) {
    byte[] whole = mapping.path().getBytes(StandardCharsets.ISO_8859_1);
    byte[] path = whole.length <= LONGEST_PATH ? whole : Arrays.copyOf(whole, LONGEST_PATH);
    int at = begin(RecordKind.MMAP2, MMAP2_FIXED, path.length);
    putInt(at + 8, pid);
    putInt(at + 12, pid);
    putLong(at + 16, mapping.start());
    putLong(at + 24, mapping.end() - mapping.start());
    putLong(at + 32, mapping.fileOffset());
    putInt(at + 40, mapping.major());
    putInt(at + 44, mapping.minor());
    putLong(at + 48, mapping.inode());
    putInt(at + 64, mapping.protection());
    putInt(at + 68, mapping.flags());
    MemorySegment.copy(path, 0, memory, ValueLayout.JAVA_BYTE, at + MMAP2_FIXED, path.length);
    end(at, MMAP2_FIXED, path.length, pid, pid);
  }

  private static int padded(int text) {
    return (text + Long.BYTES) / Long.BYTES * Long.BYTES;
  }

  private int begin(int kind, int fixed, int text) {
    int size = fixed + padded(text) + trailerLength;
    if (length + size > buffer.length * Long.BYTES) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
      memory = MemorySegment.ofArray(buffer);
    }
    int at = length;
    putInt(at, kind);
    memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 6L, (short) size);
    length += size;
    return at;
  }

  private void end(int at, int fixed, int text, int pid, int tid) {
    int trailer = at + fixed + padded(text);
    putInt(trailer, pid);
    putInt(trailer + 4, tid);
    putLong(trailer + trailerTime, timeNanos);
    putInt(trailer + trailerCpu, -1);
  }

  private void putInt(long at, int value) {
    memory.set(ValueLayout.JAVA_INT_UNALIGNED, at, value);
  }

  private void putLong(long at, long value) {
    memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
  }

  /// All records, one after the other.
  MemorySegment records() {
    return memory.asSlice(0, length);
  }

  /// Threads and processes that could not be read: they had ended, or are another user's.
  int unreadable() {
    return unreadable;
  }
}
