package io.photophone.events.hotspot;

import io.photophone.events.symbols.CodeMap;
import io.photophone.events.symbols.SymbolReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What code one JVM had where and when. A number of a process is used again: each program that ran
/// under it has a map of its own.
///
/// The JVM tells the name of code that it frees, but not its address, and a method may be there in
/// several versions. So code ends when all versions of its name were freed, and if the program was
/// seen from its start. Otherwise it keeps its name until other code comes to its place, which no
/// thread can notice.
///
/// A method's own stubs lie behind the code that the probe tells of, so that addresses there have
/// no name: about one sample in a thousand.
///
/// Owned by one thread. A look-up doesn't allocate.
///
/// Contract: V19.
public final class JvmCode {
  /// How long after code began to run it may be told of: the JVM fires the probe when the code is
  /// in place, and may be interrupted just before.
  private static final long TOLD_LATE_NANOS = 100_000_000;

  private static final int MOST_PROGRAMS = 4;

  /// Names whose versions are counted; with more, code no longer ends by its name.
  private static final int MOST_NAMES = 1 << 17;

  /// Frames that are kept for look-ups; with more, they are made anew.
  private static final int MOST_FRAMES = 1 << 18;

  private final Map<String, JavaFrame> frames;
  private final int capacity;
  private final List<Program> programs = new ArrayList<>();
  private long ambiguousUnloads;
  private long forgottenPrograms;

  /// A program from its start to its end.
  private static final class Program {
    final long fromNanos;
    final CodeMap map;

    final Map<String, Versions> versions = new HashMap<>();

    long toNanos = Long.MAX_VALUE;

    /// By which we know its library, or "" before the first event.
    String library = "";

    /// Whether it was seen from its start, so that each version of a method is known.
    boolean whole;

    Program(long fromNanos, boolean whole, int capacity) {
      this.fromNanos = fromNanos;
      this.whole = whole;
      this.map = new CodeMap(capacity);
    }
  }

  /// Live code of one name.
  private static final class Versions {
    final List<Long> starts = new ArrayList<>(2);
    int freed;
  }

  /// @param frames by their keys, shared with other processes
  JvmCode(Map<String, JavaFrame> frames, int capacity) {
    this.frames = frames;
    this.capacity = capacity;
  }

  /// A new program runs in the process from now on: all its code will be told of.
  void started(long timeNanos) {
    exited(timeNanos);
    add(new Program(timeNanos, true, capacity));
  }

  /// The program ended.
  void exited(long timeNanos) {
    if (!programs.isEmpty()) {
      Program last = programs.getLast();
      last.toNanos = Math.min(last.toNanos, Math.max(timeNanos, last.fromNanos));
    }
  }

  private void add(Program program) {
    if (programs.size() == MOST_PROGRAMS) {
      programs.removeFirst();
      forgottenPrograms++;
    }
    programs.add(program);
  }

  /// The program at a time, or one from the last end on.
  private Program programAt(long timeNanos) {
    Program found = find(timeNanos);
    if (found == null) {
      long from = programs.isEmpty() ? Long.MIN_VALUE : programs.getLast().toNanos;
      found = new Program(from, false, capacity);
      add(found);
    }
    return found;
  }

  private @Nullable Program find(long timeNanos) {
    for (int i = programs.size() - 1; i >= 0; i--) {
      Program program = programs.get(i);
      if (program.fromNanos <= timeNanos && timeNanos < program.toNanos) {
        return program;
      }
    }
    return null;
  }

  /// Whether an event came through the probes of the program's own library: a program runs in one,
  /// but it may have been found by two paths, and each of them tells of all.
  boolean runsIn(String library, long timeNanos) {
    Program program = programAt(timeNanos);
    if (program.library.isEmpty()) {
      program.library = library;
    }
    return program.library.equals(library);
  }

  void load(long timeNanos, long start, long sizeBytes, String key) {
    Program program = programAt(timeNanos);
    program.map.load(timeNanos, start, sizeBytes, keep(key));
    named(program, key, start);
  }

  private static void named(Program program, String key, long start) {
    if (!program.whole) {
      return;
    }
    if (program.versions.size() >= MOST_NAMES) {
      program.versions.clear();
      program.whole = false;
    }
    Versions versions = program.versions.computeIfAbsent(key, _ -> new Versions());
    if (versions.starts.contains(start)) {
      // The version that was there is one of those that were freed.
      versions.freed = Math.max(0, versions.freed - 1);
    } else {
      versions.starts.add(start);
    }
  }

  /// The frame's own key, so that each is there once.
  private String keep(String key) {
    if (frames.size() >= MOST_FRAMES) {
      frames.clear();
    }
    return frames.computeIfAbsent(key, JavaFrame::ofKey).key();
  }

  void unload(long timeNanos, String key) {
    Program program = programAt(timeNanos);
    Versions versions = program.versions.get(key);
    if (!program.whole || versions == null) {
      ambiguousUnloads++;
      return;
    }
    versions.freed++;
    if (versions.freed < versions.starts.size()) {
      ambiguousUnloads++;
      return;
    }
    program.versions.remove(key);
    for (long start : versions.starts) {
      if (key.equals(program.map.nameAt(start, timeNanos))) {
        program.map.unload(timeNanos, start);
      }
    }
  }

  /// Takes what a snapshot shows of code that was there before we listened.
  ///
  /// @param timeNanos before the snapshot was made, but after the session began
  /// @return entries of it that can't be understood
  public long addSnapshot(long timeNanos, SymbolReader snapshot) throws IOException {
    Program program = programAt(timeNanos);
    return program.map.snapshot(timeNanos, new Renamed(program, snapshot, timeNanos));
  }

  /// A snapshot in our form of names, without the code that is known already: probe and perf map
  /// disagree on where code ends, since only one of them counts its stubs.
  private final class Renamed implements SymbolReader {
    private final Program program;
    private final SymbolReader snapshot;
    private final long timeNanos;

    Renamed(Program program, SymbolReader snapshot, long timeNanos) {
      this.program = program;
      this.snapshot = snapshot;
      this.timeNanos = timeNanos;
    }

    @Override
    public String source() {
      return snapshot.source();
    }

    @Override
    public long read(Sink sink) throws IOException {
      return snapshot.read((start, end, bytes, offset, length) -> {
        byte[] text = bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        String key = keep(JavaName.ofExternal(new String(text, StandardCharsets.UTF_8)));
        named(program, key, start);
        if (key.equals(program.map.nameAt(start, timeNanos))) {
          return true;
        }
        byte[] renamed = key.getBytes(StandardCharsets.UTF_8);
        return sink.symbol(start, end, MemorySegment.ofArray(renamed), 0, renamed.length);
      });
    }
  }

  /// What was at an address at a time, or null if that isn't known: no code, or code of before we
  /// listened.
  public @Nullable JavaFrame frameAt(long address, long timeNanos) {
    Program program = find(timeNanos);
    if (program == null) {
      return null;
    }
    String key = program.map.nameAt(address, timeNanos);
    if (key == null) {
      key = program.map.nameAt(address, timeNanos + TOLD_LATE_NANOS);
    }
    if (key == null) {
      return null;
    }
    JavaFrame frame = frames.get(key);
    return frame == null ? JavaFrame.ofKey(key) : frame;
  }

  /// Ends of code that ended no piece, since it could have been several pieces'.
  public long ambiguousUnloads() {
    return ambiguousUnloads;
  }

  /// Whether a program runs, as far as is known.
  boolean isRunning() {
    return !programs.isEmpty() && programs.getLast().toNanos == Long.MAX_VALUE;
  }

  /// Programs of this process's number that made room for later ones.
  public long forgottenPrograms() {
    return forgottenPrograms;
  }

  /// How the map of the program that ran last came about; all zeros if none is known.
  public CodeMap.Counts counts() {
    return programs.isEmpty()
        ? new CodeMap.Counts(0, 0, 0, 0, 0, 0)
        : programs.getLast().map.counts();
  }
}
