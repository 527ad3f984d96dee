package io.photophone.events.timeline;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/// What threads, kernel, JVM and program did of late: always on, in memory of fixed size, the
/// newest over the oldest.
///
/// One thread writes, without lock, wait or allocation (but for a text that is new). Any thread
/// takes an immutable piece by [#freeze] while writing goes on. Sources that are read by different
/// threads get a ring each; their pieces are joined by [Activity#joined].
///
/// Times are nanoseconds on the clock of [System#nanoTime] and need no order. Threads and
/// processors that aren't known are -1. Everything since the start that isn't in the ring counts as
/// unknown: what was overwritten, what a source lost ([#lost]) and what it has not yet told
/// ([#caughtUp]).
public final class ActivityRing {
  private static final int MOST_TEXTS = 4096;
  private static final int NAME_PLACES = 8192;
  private static final int RECORD_BYTES = RingRecord.WORDS * Long.BYTES;
  private static final int LEAST_BYTES = 1 << 10;
  private static final int MOST_BYTES = 1 << 30;

  private final long startNanos;
  private final int capacity;
  private final long[] words;
  private final Texts texts = new Texts(MOST_TEXTS);
  private final ThreadNames names = new ThreadNames(NAME_PLACES);

  /// Place of the next record; the writer's own.
  private int next;

  /// Records that were begun; the writer says so before it touches their words, so that a reader
  /// that copied them notices.
  private final AtomicLong begun = new AtomicLong();

  /// Records that are whole. Its release is the partner of the acquire in [#copy].
  private final AtomicLong written = new AtomicLong();

  /// End of the latest of the records that were overwritten.
  private final AtomicLong overwrittenNanos = new AtomicLong(Long.MIN_VALUE);

  /// Up to when everything is known.
  private final AtomicLong caughtUpNanos;

  private final AtomicLong lost = new AtomicLong();

  /// @param bytes of memory for records, of which each takes 32: 4 MiB hold 131072
  /// @param startNanos since when the sources tell everything
  public ActivityRing(int bytes, long startNanos) {
    if (bytes < LEAST_BYTES || bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "bytes is %d, allowed: %d to %d".formatted(bytes, LEAST_BYTES, MOST_BYTES));
    }
    this.startNanos = startNanos;
    this.capacity = bytes / RECORD_BYTES;
    this.words = new long[capacity * RingRecord.WORDS];
    this.caughtUpNanos = new AtomicLong(startNanos);
  }

  /// A processor went from a thread to another.
  ///
  /// @param previousTid who left, and why; 0 is the processor's idle thread
  /// @param waitsFor what the kernel or the program says of it; empty if nothing
  public void switched(
      long timeNanos, int cpu, int previousTid, SwitchState state, int nextTid, String waitsFor) {
    int text = texts.idOf(waitsFor);
    write(
        timeNanos,
        RingRecord.head(RingRecord.SWITCH, state.code(), cpu, previousTid),
        RingRecord.pair(nextTid, text),
        0);
    caughtUp(timeNanos);
  }

  /// A thread that was blocked may run.
  ///
  /// @param cpu that it waits for
  public void woken(long timeNanos, int cpu, int tid, int wakerTid) {
    wake(timeNanos, cpu, tid, wakerTid, 0);
  }

  /// A thread began, and may run.
  public void born(long timeNanos, int cpu, int tid, int parentTid) {
    wake(timeNanos, cpu, tid, parentTid, 1);
  }

  private void wake(long timeNanos, int cpu, int tid, int wakerTid, int isNew) {
    write(
        timeNanos,
        RingRecord.head(RingRecord.WAKE, isNew, cpu, tid),
        RingRecord.pair(wakerTid, 0),
        0);
    caughtUp(timeNanos);
  }

  /// A thread touched a page that wasn't there.
  ///
  /// @param major whether the page was read from the disk
  public void pageFault(long timeNanos, int cpu, int tid, boolean major, long address) {
    write(timeNanos, RingRecord.head(RingRecord.FAULT, major ? 1 : 0, cpu, tid), 0, address);
  }

  /// A JVM let no Java thread run.
  ///
  /// @param pid of the JVM; -1 if not known, then every thread may be one of its
  /// @param cause such as `G1 Evacuation Pause`
  public void paused(long startNanos, long endNanos, int pid, PauseKind kind, String cause) {
    int text = texts.idOf(cause);
    write(
        startNanos,
        RingRecord.head(RingRecord.PAUSE, kind.code(), RingRecord.UNKNOWN, pid),
        RingRecord.pair(0, text),
        Math.max(startNanos, endNanos));
  }

  /// A thread waited, and its program knows for what.
  public void waited(long startNanos, long endNanos, int tid, WaitKind kind, String waitsFor) {
    int text = texts.idOf(waitsFor);
    write(
        startNanos,
        RingRecord.head(RingRecord.WAIT, kind.code(), RingRecord.UNKNOWN, tid),
        RingRecord.pair(0, text),
        Math.max(startNanos, endNanos));
  }

  /// A signal stopped a process.
  public void stopped(long timeNanos, int pid) {
    write(timeNanos, RingRecord.head(RingRecord.STOPPED, 0, RingRecord.UNKNOWN, pid), 0, 0);
  }

  /// A signal let a stopped process go on.
  public void continued(long timeNanos, int pid) {
    write(timeNanos, RingRecord.head(RingRecord.CONTINUED, 0, RingRecord.UNKNOWN, pid), 0, 0);
  }

  /// The program says what it did.
  ///
  /// @param instrument 0 to 65535
  /// @param frame -1 where it isn't known
  /// @param amount what belongs to it, such as by how many nanoseconds it was late; to 2^48
  public void program(
      long timeNanos, int tid, ProgramEvent event, int instrument, long frame, long amount) {
    write(
        timeNanos,
        RingRecord.head(RingRecord.PROGRAM, event.code(), RingRecord.UNKNOWN, tid),
        RingRecord.measured(instrument, amount),
        frame);
  }

  /// A source lost events: nothing is known of this time.
  ///
  /// @param cpu whose events they are; -1 if they may be any processor's
  public void lost(long fromNanos, long untilNanos, int cpu, long events) {
    lost.setOpaque(lost.getPlain() + events);
    write(
        fromNanos,
        RingRecord.head(RingRecord.LOSS, 0, cpu, RingRecord.UNKNOWN),
        events,
        Math.max(fromNanos, untilNanos));
  }

  /// All that happened until then has been told. Switches and wake-ups say so by themselves; who
  /// tells things as they happen says once `Long.MAX_VALUE`.
  public void caughtUp(long untilNanos) {
    if (untilNanos > caughtUpNanos.getPlain()) {
      caughtUpNanos.setRelease(untilNanos);
    }
  }

  /// The name that the kernel has for a thread, in 16 bytes.
  ///
  /// @param first bytes, the first one lowest, zeros after the name's end
  public void namedByKernel(int tid, int pid, long first, long second) {
    names.nameByKernel(tid, pid, first, second);
  }

  /// The name that a JVM has for a thread.
  public void namedByJvm(int tid, int pid, String name) {
    names.nameByJvm(tid, pid, texts.idOf(name));
  }

  private void write(long time, long head, long middle, long end) {
    long number = written.getPlain();
    int at = next;
    next = at + RingRecord.WORDS == words.length ? 0 : at + RingRecord.WORDS;
    if (number >= capacity) {
      long gone = RingRecord.endOrTime(words, at);
      if (gone > overwrittenNanos.getPlain()) {
        overwrittenNanos.setOpaque(gone);
      }
    }
    // Partner of the acquire of `begun` in copy(). The fence keeps the words behind it.
    begun.setRelease(number + 1);
    VarHandle.storeStoreFence();
    words[at] = time;
    words[at + 1] = head;
    words[at + 2] = middle;
    words[at + 3] = end;
    written.setRelease(number + 1);
  }

  /// All that is in the ring. Any thread.
  public Activity freeze() {
    return freeze(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /// What happened from then until then, and what of before says how it stood at the start. Any
  /// thread; takes as long as a copy of the ring and a sort.
  public Activity freeze(long fromNanos, long untilNanos) {
    if (fromNanos > untilNanos) {
      throw new IllegalArgumentException(
          "from is %d, allowed: until %d".formatted(fromNanos, untilNanos));
    }
    // Read before the copy: what it promises is in the copy then.
    long caughtUp = caughtUpNanos.getAcquire();
    Copy copy = copy();
    // Texts after the records: a text is there before the record that bears its number.
    String[] allTexts = texts.all();
    long reach =
        copy.overwrittenNanos == Long.MIN_VALUE
            ? startNanos
            : Math.max(startNanos, copy.overwrittenNanos + 1);
    return Activity.of(
        copy.words,
        reach,
        Math.max(reach, caughtUp),
        fromNanos,
        untilNanos,
        allTexts,
        names.copy(allTexts));
  }

  private record Copy(long[] words, long overwrittenNanos) {}

  private Copy copy() {
    long end = written.getAcquire();
    int count = (int) Math.min(end, capacity);
    long start = end - count;
    long[] copy = new long[count * RingRecord.WORDS];
    int from = (int) (start % capacity) * RingRecord.WORDS;
    int first = Math.min(copy.length, words.length - from);
    System.arraycopy(words, from, copy, 0, first);
    System.arraycopy(words, 0, copy, first, copy.length - first);
    VarHandle.acquireFence();
    // What the writer has begun to overwrite since may be torn.
    long torn = begun.getAcquire() - capacity - start;
    int drop = Math.clamp(torn, 0, count);
    long gone = overwrittenNanos.getOpaque();
    return new Copy(
        drop == 0 ? copy : Arrays.copyOfRange(copy, drop * RingRecord.WORDS, copy.length), gone);
  }

  /// How full the ring is and what it couldn't keep. Any thread.
  ///
  /// @param overwritten records that made room for newer ones
  /// @param reachNanos how far back from the newest everything is known
  /// @param lost events that sources lost before they came here
  /// @param namesReplaced names of threads that made room for others
  /// @param textsRefused texts that were one too many, so that one text stands for them
  public record Counts(
      long written,
      long overwritten,
      int capacity,
      long reachNanos,
      long lost,
      long namesReplaced,
      long textsRefused) {}

  public Counts counts() {
    long total = written.getAcquire();
    long reach = Math.max(startNanos, overwrittenNanos.getOpaque());
    return new Counts(
        total,
        Math.max(0, total - capacity),
        capacity,
        Math.max(0, caughtUpNanos.getAcquire() - reach),
        lost.getOpaque(),
        names.replaced(),
        texts.refused());
  }

  /// Up to when everything has been told. Any thread.
  public long caughtUpNanos() {
    return caughtUpNanos.getAcquire();
  }
}
