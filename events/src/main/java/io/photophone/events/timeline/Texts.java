package io.photophone.events.timeline;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Texts by number, so that a record holds one in 32 bits. As many as its bound; what comes after
/// is one text for all, and counted. One thread adds; any thread reads what [#all] gives.
final class Texts {
  static final int NONE = 0;
  private static final int OVERFLOW = 1;

  private final int most;

  /// Of the thread that adds.
  private final Map<String, Integer> ids = new HashMap<>();

  /// Replaced as a whole by the thread that adds; read by any.
  private volatile String[] byId = {"", "(a text beyond the bound)"};

  private volatile long refused;

  Texts(int most) {
    this.most = most;
  }

  /// Allocates for a new text alone.
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread adds
  int idOf(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    Integer known = ids.get(text);
    if (known != null) {
      return known;
    }
    int id = byId.length;
    if (id >= most) {
      refused++;
      return OVERFLOW;
    }
    String[] more = Arrays.copyOf(byId, id + 1);
    more[id] = text;
    byId = more;
    ids.put(text, id);
    return id;
  }

  /// By number; not to be changed.
  String[] all() {
    return byId;
  }

  long refused() {
    return refused;
  }
}
