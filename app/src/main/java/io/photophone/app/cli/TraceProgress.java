package io.photophone.app.cli;

import io.photophone.events.trace.TraceCounts;
import java.io.PrintWriter;
import java.util.Locale;

/// How far a trace has come, on one line: redrawn on a terminal, a line a second elsewhere.
final class TraceProgress {
  private static final long TERMINAL_NANOS = 200_000_000;
  private static final long LINE_NANOS = 1_000_000_000;
  private static final String CLEAR = "\r\033[K";

  private final PrintWriter out;
  private final boolean terminal;
  private final long beganNanos;
  private long shownNanos;

  TraceProgress(PrintWriter out, boolean terminal, long beganNanos) {
    this.out = out;
    this.terminal = terminal;
    this.beganNanos = beganNanos;
    this.shownNanos = beganNanos;
  }

  /// Shows the counts, if it is time.
  void at(long nowNanos, TraceCounts counts) {
    if (nowNanos - shownNanos >= (terminal ? TERMINAL_NANOS : LINE_NANOS)) {
      shownNanos = nowNanos;
      show(nowNanos, counts);
    }
  }

  private void show(long nowNanos, TraceCounts counts) {
    String text = text((nowNanos - beganNanos) / 1e9, counts);
    if (terminal) {
      out.print(CLEAR + text);
    } else {
      out.println(text);
    }
    out.flush();
  }

  static String text(double seconds, TraceCounts counts) {
    String unnamed =
        counts.lookedAt() == 0
            ? "-"
            : String.format(Locale.ROOT, "%.1f %%", 100.0 * counts.unnamed() / counts.lookedAt());
    return String.format(
        Locale.ROOT,
        "%.1f s  samples %d  switches %d  lost %d  throttled %d  frames without name %s",
        seconds,
        counts.samples(),
        counts.switches(),
        counts.lost(),
        counts.throttled(),
        unnamed);
  }

  /// Shows the last counts.
  void end(long nowNanos, TraceCounts counts) {
    show(nowNanos, counts);
    if (terminal) {
      out.println();
    }
    out.flush();
  }
}
