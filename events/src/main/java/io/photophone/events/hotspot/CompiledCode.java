package io.photophone.events.hotspot;

import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.EventFormat;
import io.photophone.events.FieldRef;
import io.photophone.events.linux.PerfEvents;
import io.photophone.events.symbols.SymbolReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Names of compiled Java code in all JVMs, at the time that is looked at, from the events of
/// `HotspotProbes`.
///
/// ```java
/// var code = new CompiledCode();
/// code.follow(session.events(), probes);
/// JavaFrame frame = code.process(pid).frameAt(address, timeNanos);
/// ```
///
/// A process that is looked up often is asked for once and kept. Owned by the thread that reads the
/// session, apart from the set-up before.
///
/// Contract: V19.
public final class CompiledCode {
  /// Pieces of code for each program.
  private static final int CAPACITY = 1 << 16;

  /// In `misc` of the kernel's record of a name: it is that of a program that was started.
  private static final int COMM_OF_PROGRAM = 1 << 13;

  /// In names of `HotspotProbes`: kind, number of the library, number of the probe.
  private static final Pattern LIBRARY = Pattern.compile("^[a-z]+_(\\d+)_\\d+$");

  private static final String CUT = "…";

  /// Processes with code that have ended and stay known.
  private static final int MOST_ENDED = 256;

  private final Map<Integer, JvmCode> processes = new HashMap<>();

  /// When programs started that have no code yet: most never have.
  private final Map<Integer, Long> started = new HashMap<>();

  private final Deque<Integer> ended = new ArrayDeque<>();
  private final Map<String, JavaFrame> frames = new HashMap<>();
  private long loads;
  private long unloads;
  private long cutNames;
  private long unreadableNames;
  private long forgottenProcesses;
  private long repeated;

  /// What was told.
  ///
  /// @param cutNames names that the kernel had no room for; they end in `…`
  /// @param unreadableNames names whose memory wasn't readable
  /// @param forgottenProcesses processes that ended long ago and made room for others
  /// @param repeated events that came through the probes of a second path to the same library, as
  ///   of containers with one image, and were left out
  public record Counts(
      long loads,
      long unloads,
      long cutNames,
      long unreadableNames,
      long forgottenProcesses,
      long repeated) {}

  /// No code is known yet.
  public CompiledCode() {}

  /// Takes what a session tells of compiled code, and of programs that start and end.
  ///
  /// @throws IllegalArgumentException if the session doesn't record the probes
  public void follow(PerfEvents events, HotspotProbes probes) {
    for (String name : probes.names()) {
      listenTo(events.event(name));
    }
    Event comm = events.event("comm");
    FieldRef misc = comm.format().fieldRef("misc");
    comm.addCallback(data -> {
      if ((data.intOf(misc) & COMM_OF_PROGRAM) != 0) {
        processStarted(data.pid(), data.timeNanos());
      }
    });
    Event exit = events.event("exit");
    FieldRef pid = exit.format().fieldRef("pid");
    FieldRef tid = exit.format().fieldRef("tid");
    exit.addCallback(data -> {
      if (data.intOf(pid) == data.intOf(tid)) {
        processExited(data.intOf(pid), data.timeNanos());
      }
    });
  }

  /// Takes what an event tells from now on.
  ///
  /// @throws IllegalArgumentException if it is none that `HotspotProbes` defines
  public Event.Registration listenTo(Event event) {
    EventFormat format = event.format();
    var method = Method.of(format);
    String library = LIBRARY.matcher(event.name()).replaceFirst("$1");
    if (!format.has("code")) {
      return event.addCallback(data -> unloaded(data, library, method));
    }
    FieldRef code = format.fieldRef("code");
    FieldRef size = format.fieldRef("code_size");
    return event.addCallback(data -> loaded(data, library, method, code, size));
  }

  /// A text that isn't terminated, and how many bytes are its own.
  private record Counted(FieldRef text, FieldRef size) {
    static Counted of(EventFormat format, String name) {
      return new Counted(format.fieldRef(name), format.fieldRef(name + "_size"));
    }
  }

  private record Method(Counted className, Counted name, Counted signature) {
    static Method of(EventFormat format) {
      return new Method(
          Counted.of(format, "class"),
          Counted.of(format, "method"),
          Counted.of(format, "signature"));
    }
  }

  private void loaded(EventData data, String library, Method method, FieldRef code, FieldRef size) {
    JvmCode process = process(data.pid());
    if (process.runsIn(library, data.timeNanos())) {
      loads++;
      process.load(data.timeNanos(), data.longOf(code), data.longOf(size), key(data, method));
    } else {
      repeated++;
    }
  }

  private void unloaded(EventData data, String library, Method method) {
    JvmCode process = process(data.pid());
    if (process.runsIn(library, data.timeNanos())) {
      unloads++;
      process.unload(data.timeNanos(), key(data, method));
    } else {
      repeated++;
    }
  }

  private String key(EventData data, Method method) {
    String className = text(data, method.className());
    String name = text(data, method.name());
    String signature = text(data, method.signature());
    if (className.isEmpty() || name.isEmpty() || signature.isEmpty()) {
      unreadableNames++;
      return JavaFrame.UNREADABLE;
    }
    return JavaName.ofInternal(className, name, signature);
  }

  /// What is read may go on with whatever lies behind the name, or end too early.
  private String text(EventData data, Counted counted) {
    byte[] read = data.bytesOf(counted.text());
    long size = data.longOf(counted.size());
    int length = 0;
    while (length < read.length && length < size && read[length] != 0) {
      length++;
    }
    var text = new String(read, 0, length, StandardCharsets.UTF_8);
    if (length == 0 || length == size) {
      return text;
    }
    cutNames++;
    return text + CUT;
  }

  /// The code of a process, known or not yet.
  public JvmCode process(int pid) {
    JvmCode known = processes.get(pid);
    if (known != null) {
      return known;
    }
    var code = new JvmCode(frames, CAPACITY);
    Long from = started.remove(pid);
    if (from != null) {
      code.started(from);
    }
    processes.put(pid, code);
    return code;
  }

  /// A program was started in the process (`exec`): what ran there before is over.
  public void processStarted(int pid, long timeNanos) {
    JvmCode known = processes.get(pid);
    if (known == null) {
      started.put(pid, timeNanos);
    } else {
      known.started(timeNanos);
    }
  }

  /// The process ended; what it had stays known, up to a number of such processes.
  public void processExited(int pid, long timeNanos) {
    started.remove(pid);
    JvmCode known = processes.get(pid);
    if (known != null && known.isRunning()) {
      known.exited(timeNanos);
      ended.add(pid);
      if (ended.size() > MOST_ENDED) {
        forgetIfEnded(ended.remove());
      }
    }
  }

  /// The number may be another process's by now.
  private void forgetIfEnded(int pid) {
    JvmCode oldest = processes.get(pid);
    if (oldest != null && !oldest.isRunning()) {
      processes.remove(pid);
      forgottenProcesses++;
    }
  }

  /// Forgets a process altogether.
  public void forget(int pid) {
    processes.remove(pid);
  }

  /// Takes a perf map of a process, for what was compiled before the session began.
  ///
  /// @param timeNanos before the map was made, but after the session began
  /// @return entries of it that can't be understood
  public long addSnapshot(int pid, long timeNanos, SymbolReader snapshot) throws IOException {
    return process(pid).addSnapshot(timeNanos, snapshot);
  }

  /// What was at an address of a process at a time, or null if that isn't known.
  public @Nullable JavaFrame frameAt(int pid, long address, long timeNanos) {
    JvmCode code = processes.get(pid);
    return code == null ? null : code.frameAt(address, timeNanos);
  }

  public Counts counts() {
    return new Counts(loads, unloads, cutNames, unreadableNames, forgottenProcesses, repeated);
  }
}
