package io.photophone.events.trace;

import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.FieldRef;
import io.photophone.events.linux.PerfEvents;
import io.photophone.events.profile.AttributeSource;
import io.photophone.events.profile.ContainerAttributes;
import io.photophone.events.profile.Mapping;
import io.photophone.events.profile.ProcessAttributes;
import io.photophone.events.profile.Profile;
import io.photophone.events.profile.TracedProcess;
import io.photophone.events.profile.TracedThread;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// Takes over into a profile what a session tells of processes, threads and mappings. Used by the
/// thread that reads the session.
final class ProcessRecorder {
  /// In `misc` of the kernel's record of a name: it is that of a program that was started.
  private static final int COMM_OF_PROGRAM = 1 << 13;

  private static final int EXECUTABLE = 4;
  private static final List<AttributeSource> ATTRIBUTES =
      List.of(new ProcessAttributes(), new ContainerAttributes());

  private final Profile profile;
  private final CodeRanges code;
  private final OffCpu offCpu;
  private final Set<Integer> threads = new HashSet<>();
  private boolean anySeen;

  ProcessRecorder(Profile profile, CodeRanges code, OffCpu offCpu) {
    this.profile = profile;
    this.code = code;
    this.offCpu = offCpu;
  }

  void follow(PerfEvents events) {
    followNames(events.event("comm"));
    followBirths(events.event("fork"));
    followEnds(events.event("exit"));
    followMappings(events.event("mmap2"), false);
    followMappings(events.event("mmap2_build_id"), true);
  }

  private void followNames(Event comm) {
    FieldRef misc = comm.format().fieldRef("misc");
    FieldRef pid = comm.format().fieldRef("pid");
    FieldRef tid = comm.format().fieldRef("tid");
    FieldRef name = comm.format().fieldRef("comm");
    comm.addCallback(data -> {
      boolean program = (data.intOf(misc) & COMM_OF_PROGRAM) != 0;
      // Made for what was there before: the kernel's own records have a processor.
      boolean there = data.cpu() < 0;
      named(data.timeNanos(), data.intOf(pid), data.intOf(tid), data.textOf(name), program, there);
    });
  }

  /// @param program whether a program was started
  /// @param there whether the thread was there before the recording
  void named(long timeNanos, int pid, int tid, String name, boolean program, boolean there) {
    if (pid < 0) {
      return;
    }
    threads.add(tid);
    anySeen = true;
    if (program) {
      profile.executed(timeNanos, pid, name);
    } else if (pid == tid) {
      profile.processNamed(pid, name);
    }
    profile.threadNamed(pid, tid, name);
    if (pid == tid && (program || there)) {
      ATTRIBUTES.forEach(source -> profile.attributes(pid, source));
    }
    if (there) {
      offCpu.there(timeNanos, pid, tid);
    }
  }

  private void followBirths(Event fork) {
    FieldRef pid = fork.format().fieldRef("pid");
    FieldRef parent = fork.format().fieldRef("ppid");
    FieldRef tid = fork.format().fieldRef("tid");
    FieldRef parentTid = fork.format().fieldRef("ptid");
    fork.addCallback(data ->
        born(
            data.timeNanos(),
            data.intOf(pid),
            data.intOf(parent),
            data.intOf(tid),
            data.intOf(parentTid)));
  }

  void born(long timeNanos, int pid, int parent, int tid, int parentTid) {
    if (pid < 0) {
      return;
    }
    threads.add(tid);
    if (pid != parent) {
      profile.forked(timeNanos, pid, parent);
    }
    TracedProcess of = profile.processAt(parent, timeNanos);
    TracedThread by = of == null ? null : of.thread(parentTid);
    if (by != null) {
      // The kernel copies it, and tells only when it changes.
      profile.threadNamed(pid, tid, by.name());
    }
  }

  private void followEnds(Event exit) {
    FieldRef pid = exit.format().fieldRef("pid");
    FieldRef tid = exit.format().fieldRef("tid");
    exit.addCallback(data -> ended(data.timeNanos(), data.intOf(pid), data.intOf(tid)));
  }

  void ended(long timeNanos, int pid, int tid) {
    threads.remove(tid);
    offCpu.ended(timeNanos, tid);
    if (pid == tid) {
      profile.exited(timeNanos, pid);
    }
  }

  private void followMappings(Event mapped, boolean withBuildId) {
    FieldRef start = mapped.format().fieldRef("addr");
    FieldRef size = mapped.format().fieldRef("len");
    FieldRef offset = mapped.format().fieldRef("pgoff");
    FieldRef protection = mapped.format().fieldRef("prot");
    FieldRef file = mapped.format().fieldRef("filename");
    FieldRef pid = mapped.format().fieldRef("pid");
    if (withBuildId) {
      FieldRef buildId = mapped.format().fieldRef("build_id");
      FieldRef idSize = mapped.format().fieldRef("build_id_size");
      mapped.addCallback(data -> {
        byte[] id = data.bytesOf(buildId);
        int length = Math.min(data.intOf(idSize), id.length);
        String digits = HexFormat.of().formatHex(id, 0, length);
        mapped(data, pid, start, size, offset, protection, data.textOf(file), digits);
      });
    } else {
      mapped.addCallback(
          data -> mapped(data, pid, start, size, offset, protection, data.textOf(file), ""));
    }
  }

  private void mapped(
      EventData data,
      FieldRef pid,
      FieldRef start,
      FieldRef size,
      FieldRef offset,
      FieldRef protection,
      String file,
      String buildId) {
    if ((data.intOf(protection) & EXECUTABLE) == 0) {
      return;
    }
    long from = data.longOf(start);
    long to = from + data.longOf(size);
    if (data.intOf(pid) >= 0 && Long.compareUnsigned(from, to) < 0) {
      String shown = file.startsWith("//anon") ? "" : file;
      code.mapped(
          data.intOf(pid),
          new Mapping(from, to, data.longOf(offset), shown, buildId, data.timeNanos()));
    }
  }

  /// Whether a thread was ever seen.
  boolean anySeen() {
    return anySeen;
  }

  /// Threads that live, as far as is known.
  Set<Integer> threads() {
    return threads;
  }
}
