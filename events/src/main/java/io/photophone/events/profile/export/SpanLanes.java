package io.photophone.events.profile.export;

import io.photophone.events.profile.Span;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/// Spans of one thread in lanes, so that in each lane any two are either one within the other or
/// apart: formats that show spans as begin and end cannot show them otherwise.
final class SpanLanes {
  private static final Comparator<Span> OUTER_FIRST =
      Comparator.comparingLong(Span::startNanos)
          .thenComparing(Comparator.comparingLong(Span::endNanos).reversed());

  private final List<List<Span>> lanes = new ArrayList<>();

  SpanLanes(List<Span> spans) {
    List<Deque<Span>> open = new ArrayList<>();
    for (Span span : spans.stream().sorted(OUTER_FIRST).toList()) {
      int lane = 0;
      while (lane < open.size() && !fits(span, open.get(lane))) {
        lane++;
      }
      if (lane == open.size()) {
        open.add(new ArrayDeque<>());
        lanes.add(new ArrayList<>());
      }
      open.get(lane).push(span);
      lanes.get(lane).add(span);
    }
  }

  /// Each lane's spans, the outer before the inner.
  List<List<Span>> lanes() {
    return lanes;
  }

  /// Begins and ends of one lane's spans, in order of time.
  static void walk(List<Span> lane, Visitor visitor) throws IOException {
    Deque<Span> open = new ArrayDeque<>();
    for (Span span : lane) {
      while (!open.isEmpty() && open.peek().endNanos() <= span.startNanos()) {
        visitor.ends(open.pop());
      }
      visitor.begins(span);
      open.push(span);
    }
    while (!open.isEmpty()) {
      visitor.ends(open.pop());
    }
  }

  private static boolean fits(Span span, Deque<Span> open) {
    while (!open.isEmpty() && open.peek().endNanos() <= span.startNanos()) {
      open.pop();
    }
    return open.isEmpty() || span.endNanos() <= open.peek().endNanos();
  }

  interface Visitor {
    void begins(Span span) throws IOException;

    void ends(Span span) throws IOException;
  }
}
