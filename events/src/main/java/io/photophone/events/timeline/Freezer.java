package io.photophone.events.timeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Keeps pieces of always-on rings around what went wrong.
///
/// A trigger waits until every ring knows all that happened until some time after it, by the time
/// of events; [#poll] looks for that, and who reads the sources calls it after each batch. Triggers
/// that a piece which is waited for will hold anyway are counted with it; those too soon after
/// another, and more than there are pieces, are refused, and the oldest pieces go. Any thread.
public final class Freezer {
  private final List<ActivityRing> rings;
  private final Limits limits;

  /// All below are used under the monitor.
  private final Deque<Frozen> kept = new ArrayDeque<>();

  /// Triggers whose pieces are waited for, in the order in which they came.
  private final Deque<FreezeTrigger> pending = new ArrayDeque<>();

  private long lastNanos;
  private boolean hasLast;
  private long triggers;
  private long frozen;
  private long joined;
  private long refused;
  private long dropped;

  /// How long, how often and how many.
  ///
  /// @param beforeNanos that a piece reaches back before its trigger
  /// @param afterNanos that it goes on after it
  /// @param restNanos between two pieces' triggers, at least
  /// @param pieces that are kept
  public record Limits(long beforeNanos, long afterNanos, long restNanos, int pieces) {
    public Limits {
      if (beforeNanos < 0 || afterNanos < 0 || restNanos < 0) {
        throw new IllegalArgumentException(
            "before, after and rest are %d, %d and %d ns, allowed: 0 or more"
                .formatted(beforeNanos, afterNanos, restNanos));
      }
      if (pieces < 1) {
        throw new IllegalArgumentException("pieces is %d, allowed: 1 or more".formatted(pieces));
      }
    }
  }

  /// A piece that was kept.
  public record Frozen(FreezeTrigger trigger, Activity activity) {}

  /// What became of triggers: `triggers = frozen + joined + refused`, and those whose pieces are
  /// waited for.
  ///
  /// @param joined that a piece holds which another one triggered
  /// @param refused that came too soon after another, or were too many
  /// @param dropped pieces that made room for newer ones
  public record Counts(long triggers, long frozen, long joined, long refused, long dropped) {}

  /// @param rings one for each thread that writes
  public Freezer(List<ActivityRing> rings, Limits limits) {
    if (rings.isEmpty()) {
      throw new IllegalArgumentException("rings is empty, allowed: one or more");
    }
    this.rings = List.copyOf(rings);
    this.limits = limits;
  }

  /// Asks for a piece around something that went wrong.
  ///
  /// @return whether a piece will hold it
  public synchronized boolean trigger(FreezeTrigger trigger) {
    triggers++;
    long time = trigger.timeNanos();
    boolean isTooSoon = hasLast && Math.abs(time - lastNanos) < limits.restNanos;
    for (FreezeTrigger waiting : pending) {
      if (isHeldBy(waiting, time)) {
        joined++;
        return true;
      }
      isTooSoon |= Math.abs(time - waiting.timeNanos()) < limits.restNanos;
    }
    if (isTooSoon || pending.size() >= limits.pieces) {
      refused++;
      return false;
    }
    pending.addLast(trigger);
    return true;
  }

  private boolean isHeldBy(FreezeTrigger waiting, long time) {
    return time >= waiting.timeNanos() - limits.beforeNanos
        && time <= waiting.timeNanos() + limits.afterNanos;
  }

  /// Keeps the piece that a trigger waits for, if the rings are far enough.
  ///
  /// @return whether a piece was kept
  public boolean poll() {
    FreezeTrigger due;
    synchronized (this) {
      due = pending.peekFirst();
      if (due == null || !isTold(due.timeNanos() + limits.afterNanos)) {
        return false;
      }
      take(due);
    }
    keep(due);
    return true;
  }

  /// Keeps the pieces that triggers wait for as far as they are known: at the end, or for someone
  /// who asks now.
  ///
  /// @return whether a piece was kept
  public boolean flush() {
    List<FreezeTrigger> due;
    synchronized (this) {
      due = List.copyOf(pending);
      due.forEach(this::take);
    }
    due.forEach(this::keep);
    return !due.isEmpty();
  }

  private void take(FreezeTrigger due) {
    pending.remove(due);
    lastNanos = due.timeNanos();
    hasLast = true;
  }

  private boolean isTold(long until) {
    return toldNanos() >= until;
  }

  /// Up to when every ring knows all that happened.
  public long toldNanos() {
    return rings.stream().mapToLong(ActivityRing::caughtUpNanos).min().orElseThrow();
  }

  /// Outside of the monitor: it takes milliseconds, and triggers must not wait for it.
  private void keep(FreezeTrigger trigger) {
    long from = trigger.timeNanos() - limits.beforeNanos;
    Activity piece = freeze(rings, from, trigger.timeNanos() + limits.afterNanos);
    synchronized (this) {
      frozen++;
      kept.addLast(new Frozen(trigger, piece));
      if (kept.size() > limits.pieces) {
        kept.removeFirst();
        dropped++;
      }
    }
  }

  private static Activity freeze(List<ActivityRing> rings, long from, long until) {
    List<Activity> pieces = new ArrayList<>();
    for (ActivityRing ring : rings) {
      pieces.add(ring.freeze(from, until));
    }
    return pieces.size() == 1 ? pieces.getFirst() : Activity.joined(pieces);
  }

  /// What is known around a time: of the kept pieces and of what the rings still have that which
  /// reaches the furthest on both sides of it.
  ///
  /// @param fromNanos that it should reach back to
  public Activity around(long timeNanos, long fromNanos, long untilNanos) {
    Activity best = freeze(rings, fromNanos, untilNanos);
    for (Frozen each : kept()) {
      Activity piece = each.activity();
      if (reach(piece, timeNanos, fromNanos, untilNanos)
          > reach(best, timeNanos, fromNanos, untilNanos)) {
        best = piece;
      }
    }
    return best;
  }

  /// To the side where a piece reaches less far from a time; below zero if it doesn't hold it.
  private static long reach(Activity piece, long time, long from, long until) {
    long before = time - Math.max(piece.fromNanos(), from);
    long after = Math.min(piece.untilNanos(), until) - time;
    return Math.min(before, after);
  }

  /// The pieces that are kept, the oldest first.
  public synchronized List<Frozen> kept() {
    return List.copyOf(kept);
  }

  public synchronized Counts counts() {
    return new Counts(triggers, frozen, joined, refused, dropped);
  }
}
