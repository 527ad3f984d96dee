package io.photophone.events.profile.export;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The tables of one sequence of packets, as a reader of Perfetto traces keeps them.
final class PerfettoTables {
  private final Map<Long, String> functions = new HashMap<>();
  private final Map<Long, Long> frames = new HashMap<>();
  private final Map<Long, List<Long>> stacks = new HashMap<>();
  private final Map<Long, Long> readings = new HashMap<>();
  private String kind = "";

  void defaults(Fields defaults) {
    for (Fields samples : defaults.messages(12)) {
      String name = samples.messages(1).getFirst().text(10);
      kind = name.substring(0, name.indexOf(" ("));
    }
  }

  void interned(Fields data) {
    data.messages(5).forEach(string -> functions.put(string.number(1), string.text(2)));
    data.messages(6).forEach(frame -> frames.put(frame.number(1), frame.number(2)));
    data.messages(7).forEach(stack -> stacks.put(stack.number(1), stack.numbers(2)));
  }

  String kind() {
    return kind;
  }

  List<String> names(long stack) {
    return stacks.get(stack).stream().map(frames::get).map(functions::get).toList();
  }

  /// By how much the processor's counter went on.
  long value(Fields sample) {
    long reading = sample.number(6);
    Long before = readings.put(sample.number(1), reading);
    return before == null ? reading : reading - before;
  }
}
