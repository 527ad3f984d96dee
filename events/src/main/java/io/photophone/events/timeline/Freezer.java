package io.photophone.events.timeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps pieces of always-on rings around what went wrong.
///
/// A trigger waits until every ring knows all that happened until some time after it, by the time
/// of events; [#poll] looks for that, and who reads the sources calls it after each batch. Triggers
/// that the piece will hold anyway are counted with it; too many of them are refused, and the
/// oldest pieces go. Any thread.
public final class Freezer {
  private final List<ActivityRing> rings;
  private final Limits limits;

  /// All below are used under the monitor.
  private final Deque<Frozen> kept = new ArrayDeque<>();

  private @Nullable FreezeTrigger pending;
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

  /// What became of triggers: `triggers = frozen + joined + refused`, and one more while a piece is
  /// waited for.
  ///
  /// @param joined that a piece holds which another one triggered
  /// @param refused that came too soon after a piece
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
    FreezeTrigger waiting = pending;
    if (waiting != null && isHeldBy(waiting, trigger.timeNanos())) {
      joined++;
      return true;
    }
    boolean isTooSoon = hasLast && Math.abs(trigger.timeNanos() - lastNanos) < limits.restNanos;
    if (waiting != null || isTooSoon) {
      refused++;
      return false;
    }
    pending = trigger;
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
      due = pending;
      if (due == null || !isTold(due.timeNanos() + limits.afterNanos)) {
        return false;
      }
      take(due);
    }
    keep(due);
    return true;
  }

  /// Keeps the piece that a trigger waits for as far as it is known: at the end, or for someone who
  /// asks now.
  ///
  /// @return whether a piece was kept
  public boolean flush() {
    FreezeTrigger due;
    synchronized (this) {
      due = pending;
      if (due == null) {
        return false;
      }
      take(due);
    }
    keep(due);
    return true;
  }

  private void take(FreezeTrigger due) {
    pending = null;
    lastNanos = due.timeNanos();
    hasLast = true;
  }

  private boolean isTold(long until) {
    for (ActivityRing ring : rings) {
      if (ring.caughtUpNanos() < until) {
        return false;
      }
    }
    return true;
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

  /// The piece that knows of a time: a kept one, or else what the rings still have.
  ///
  /// @param fromNanos that it should reach back to
  public Activity around(long fromNanos, long untilNanos) {
    synchronized (this) {
      for (Frozen each : kept) {
        Activity piece = each.activity();
        if (piece.fromNanos() <= fromNanos && piece.untilNanos() >= untilNanos) {
          return piece;
        }
      }
    }
    return freeze(rings, fromNanos, untilNanos);
  }

  /// The pieces that are kept, the oldest first.
  public synchronized List<Frozen> kept() {
    return List.copyOf(kept);
  }

  public synchronized Counts counts() {
    return new Counts(triggers, frozen, joined, refused, dropped);
  }
}
