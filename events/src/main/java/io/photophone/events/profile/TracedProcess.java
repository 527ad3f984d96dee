package io.photophone.events.profile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedCollection;
import org.jspecify.annotations.Nullable;

/// A process that was seen, from its birth to its end. A pid that the kernel gave again makes
/// another one. The profile changes it; others read.
public final class TracedProcess {
  private final int pid;
  private final int parentPid;
  private final long startNanos;
  private final @Nullable TracedProcess previous;
  private final List<AddressSpace> spaces = new ArrayList<>();
  private final Map<Integer, TracedThread> threads = new LinkedHashMap<>();
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private String name = "";
  private long endNanos = Long.MAX_VALUE;

  TracedProcess(
      int pid,
      int parentPid,
      long startNanos,
      AddressSpace space,
      @Nullable TracedProcess previous) {
    this.pid = pid;
    this.parentPid = parentPid;
    this.startNanos = startNanos;
    this.previous = previous;
    spaces.add(space);
  }

  public int pid() {
    return pid;
  }

  /// The pid of the process that forked it, -1 if it is not known.
  public int parentPid() {
    return parentPid;
  }

  /// The name of its program; empty if it is not known.
  public String name() {
    return name;
  }

  /// `Long.MIN_VALUE` if it was there before the recording.
  public long startNanos() {
    return startNanos;
  }

  /// `Long.MAX_VALUE` if it has not ended.
  public long endNanos() {
    return endNanos;
  }

  /// Its threads that have been seen, in that order.
  public SequencedCollection<TracedThread> threads() {
    return Collections.unmodifiableSequencedCollection(new ArrayList<>(threads.values()));
  }

  /// One of its threads, or null if it was never seen.
  public @Nullable TracedThread thread(int tid) {
    return threads.get(tid);
  }

  /// What attribute sources told about it.
  public Map<String, String> attributes() {
    return Collections.unmodifiableMap(attributes);
  }

  /// The newest mapping that covers the address and was there at the time.
  public @Nullable Mapping mappingAt(long address, long timeNanos) {
    return space(timeNanos).find(address, timeNanos);
  }

  AddressSpace space(long timeNanos) {
    for (int i = spaces.size() - 1; i > 0; i--) {
      if (spaces.get(i).sinceNanos() <= timeNanos) {
        return spaces.get(i);
      }
    }
    return spaces.getFirst();
  }

  AddressSpace newestSpace() {
    return spaces.getLast();
  }

  @Nullable TracedProcess previous() {
    return previous;
  }

  boolean ended() {
    return endNanos != Long.MAX_VALUE;
  }

  void named(String name) {
    this.name = name;
  }

  void thread(TracedThread thread) {
    threads.put(thread.tid(), thread);
  }

  void executed(long timeNanos) {
    spaces.add(AddressSpace.empty(timeNanos));
  }

  void ended(long timeNanos) {
    endNanos = timeNanos;
  }

  boolean attribute(String name, String value, int most) {
    if (attributes.size() >= most && !attributes.containsKey(name)) {
      return false;
    }
    attributes.put(name, value);
    return true;
  }
}
