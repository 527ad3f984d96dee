package io.photophone.events.timeline;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What happened in a stretch of time, in order. Immutable.
///
/// It is whole from [#fromNanos] until [#untilNanos] but for its losses: outside nothing is known,
/// though records from before say how threads and processors stood at the start.
public final class Activity {
  private final long[] words;
  private final long fromNanos;
  private final long untilNanos;
  private final String[] texts;
  private final Map<Integer, ThreadName> names;
  private final Processors processors;

  /// Owns the arrays; the words are in the order of time.
  private Activity(
      long[] words, long from, long until, String[] texts, Map<Integer, ThreadName> names) {
    this.words = words;
    this.fromNanos = from;
    this.untilNanos = until;
    this.texts = texts;
    this.names = names;
    this.processors = Processors.of(words, from, until);
  }

  /// @param words in any order
  /// @param reachNanos since when they are whole
  /// @param caughtUpNanos up to when they are whole
  static Activity of(
      long[] words,
      long reachNanos,
      long caughtUpNanos,
      long fromNanos,
      long untilNanos,
      String[] texts,
      Map<Integer, ThreadName> names) {
    long[] sorted = TimeOrder.sorted(words);
    long from = Math.max(reachNanos, fromNanos);
    long until = Math.max(from, Math.min(caughtUpNanos, untilNanos));
    boolean[] kept = new boolean[sorted.length / RingRecord.WORDS];
    keepWithin(sorted, from, untilNanos, kept);
    keepContext(sorted, from, kept);
    return new Activity(packed(sorted, kept), from, until, texts, names);
  }

  private static void keepWithin(long[] words, long from, long until, boolean[] kept) {
    for (int i = 0; i < kept.length; i++) {
      int at = i * RingRecord.WORDS;
      kept[i] = RingRecord.time(words, at) <= until && RingRecord.endOrTime(words, at) >= from;
    }
  }

  /// The last record of each thread and each processor before the start, and the last loss.
  private static void keepContext(long[] words, long from, boolean[] kept) {
    Set<Integer> threads = new HashSet<>();
    Set<Integer> cpus = new HashSet<>();
    Set<Integer> processes = new HashSet<>();
    Set<Integer> losses = new HashSet<>();
    for (int i = kept.length - 1; i >= 0; i--) {
      int at = i * RingRecord.WORDS;
      if (RingRecord.time(words, at) < from) {
        kept[i] |=
            switch (RingRecord.kind(words, at)) {
              case RingRecord.SWITCH -> {
                boolean left = threads.add(RingRecord.tid(words, at));
                boolean came = threads.add(RingRecord.otherTid(words, at));
                boolean there = cpus.add(RingRecord.cpu(words, at));
                yield left || came || there;
              }
              case RingRecord.WAKE -> threads.add(RingRecord.tid(words, at));
              case RingRecord.STOPPED, RingRecord.CONTINUED ->
                  processes.add(RingRecord.tid(words, at));
              case RingRecord.LOSS -> losses.add(RingRecord.cpu(words, at));
              default -> false;
            };
      }
    }
  }

  private static long[] packed(long[] words, boolean[] kept) {
    int count = 0;
    for (boolean each : kept) {
      count += each ? 1 : 0;
    }
    long[] packed = new long[count * RingRecord.WORDS];
    int to = 0;
    for (int i = 0; i < kept.length; i++) {
      if (kept[i]) {
        System.arraycopy(words, i * RingRecord.WORDS, packed, to, RingRecord.WORDS);
        to += RingRecord.WORDS;
      }
    }
    return packed;
  }

  /// Pieces of several rings as one. It is whole where all of them are; a name that one doesn't
  /// know another may.
  public static Activity joined(List<Activity> pieces) {
    if (pieces.isEmpty()) {
      throw new IllegalArgumentException("pieces is empty, allowed: one or more");
    }
    long from = Long.MIN_VALUE;
    long until = Long.MAX_VALUE;
    int length = 0;
    for (Activity piece : pieces) {
      from = Math.max(from, piece.fromNanos);
      until = Math.min(until, piece.untilNanos);
      length += piece.words.length;
    }
    Texts texts = new Texts(Integer.MAX_VALUE);
    Map<Integer, ThreadName> names = new HashMap<>();
    long[] all = new long[length];
    int to = 0;
    for (Activity piece : pieces) {
      System.arraycopy(piece.words, 0, all, to, piece.words.length);
      piece.renumberTexts(all, to, texts);
      to += piece.words.length;
      piece.names.values().forEach(name -> names.merge(name.tid(), name, ThreadName::better));
    }
    return new Activity(
        TimeOrder.sorted(all), from, Math.max(from, until), texts.all(), Map.copyOf(names));
  }

  private void renumberTexts(long[] all, int start, Texts to) {
    for (int at = start; at < start + words.length; at += RingRecord.WORDS) {
      switch (RingRecord.kind(all, at)) {
        case RingRecord.SWITCH, RingRecord.PAUSE, RingRecord.WAIT ->
            all[at + 2] =
                RingRecord.pair(
                    RingRecord.otherTid(all, at), to.idOf(texts[RingRecord.text(all, at)]));
        default -> {
          // Has no text.
        }
      }
    }
  }

  /// Since when everything is known.
  public long fromNanos() {
    return fromNanos;
  }

  /// Up to when everything is known.
  public long untilNanos() {
    return untilNanos;
  }

  /// Records, of all kinds.
  public int size() {
    return words.length / RingRecord.WORDS;
  }

  /// What a thread is called, as far as that is known.
  public ThreadName name(int tid) {
    ThreadName name = names.get(tid);
    return name == null ? ThreadName.unknown(tid) : name;
  }

  /// Every thread that has a name.
  public List<ThreadName> names() {
    return List.copyOf(names.values());
  }

  /// Events that sources lost within a time.
  public long lostEvents(long from, long until) {
    long lost = 0;
    for (int at = 0; at < words.length; at += RingRecord.WORDS) {
      if (RingRecord.kind(words, at) == RingRecord.LOSS
          && RingRecord.time(words, at) <= until
          && RingRecord.end(words, at) >= from) {
        lost += RingRecord.count(words, at);
      }
    }
    return lost;
  }

  /// What the program said within a time, in order.
  public List<ProgramMark> marks(long from, long until) {
    return ProgramMark.in(words, from, until);
  }

  String text(int id) {
    return texts[id];
  }

  Processors processors() {
    return processors;
  }

  /// In the form of [RingRecord], in the order of time; not to be changed.
  long[] words() {
    return words;
  }
}
