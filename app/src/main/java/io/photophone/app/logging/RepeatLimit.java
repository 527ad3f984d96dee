package io.photophone.app.logging;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/// Hands entries on, but no more than a few of one kind and not too many of all within ten seconds,
/// so that nobody can fill the log by doing the same again and again. What is left out is counted
/// and told once the ten seconds are over, with the next entry.
final class RepeatLimit extends Handler {
  static final int MOST_OF_A_KIND = 20;
  static final int MOST_OF_ALL = 500;
  static final Duration WINDOW = Duration.ofSeconds(10);

  private final Handler target;

  /// Guarded by this object's lock, like all below; by what the entries have in common.
  private final Map<Kind, Integer> counts = new HashMap<>();

  private @Nullable Instant begin;
  private int all;
  private long leftOut;

  /// @param message before its parameters are put in
  private record Kind(@Nullable String logger, Level level, @Nullable String message) {}

  /// @param target closed with this
  RepeatLimit(Handler target) {
    this.target = target;
  }

  @Override
  public synchronized void publish(LogRecord entry) {
    Instant first = begin;
    Instant now = entry.getInstant();
    // A clock that was set back begins anew, too.
    if (first == null || now.isBefore(first) || !now.isBefore(first.plus(WINDOW))) {
      beginAnew(now);
    }
    Kind kind = new Kind(entry.getLoggerName(), entry.getLevel(), entry.getMessage());
    if (all >= MOST_OF_ALL || counts.getOrDefault(kind, 0) >= MOST_OF_A_KIND) {
      leftOut++;
      return;
    }
    counts.merge(kind, 1, Integer::sum);
    all++;
    target.publish(entry);
  }

  private void beginAnew(Instant now) {
    tellLeftOut(now);
    counts.clear();
    all = 0;
    begin = now;
  }

  private void tellLeftOut(Instant now) {
    if (leftOut > 0) {
      LogRecord told = new LogRecord(Level.WARNING, "{0} entries like those before were left out");
      told.setLoggerName(RepeatLimit.class.getName());
      told.setParameters(new Object[] {leftOut});
      told.setInstant(now);
      target.publish(told);
      leftOut = 0;
    }
  }

  @Override
  public void flush() {
    target.flush();
  }

  @Override
  public synchronized void close() {
    tellLeftOut(Instant.now());
    target.close();
  }
}
