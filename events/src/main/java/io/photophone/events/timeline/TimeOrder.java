package io.photophone.events.timeline;

/// Records in the order of time; those of one time in the order in which they came. A merge sort
/// from the bottom: n log n, and n where they were in order.
final class TimeOrder {
  private TimeOrder() {}

  static long[] sorted(long[] words) {
    int count = words.length / RingRecord.WORDS;
    long[] from = words;
    long[] to = null;
    for (int width = 1; width < count && !isSorted(from); width *= 2) {
      long[] target = to == null ? new long[words.length] : to;
      for (int left = 0; left < count; left += 2 * width) {
        merge(from, target, left, Math.min(left + width, count), Math.min(left + 2 * width, count));
      }
      to = from;
      from = target;
    }
    return from;
  }

  private static boolean isSorted(long[] words) {
    for (int at = RingRecord.WORDS; at < words.length; at += RingRecord.WORDS) {
      if (RingRecord.time(words, at - RingRecord.WORDS) > RingRecord.time(words, at)) {
        return false;
      }
    }
    return true;
  }

  private static void merge(long[] from, long[] to, int left, int middle, int end) {
    int a = left;
    int b = middle;
    for (int out = left; out < end; out++) {
      boolean takesA =
          b >= end
              || (a < middle
                  && RingRecord.time(from, a * RingRecord.WORDS)
                      <= RingRecord.time(from, b * RingRecord.WORDS));
      int taken = takesA ? a++ : b++;
      System.arraycopy(
          from, taken * RingRecord.WORDS, to, out * RingRecord.WORDS, RingRecord.WORDS);
    }
  }
}
