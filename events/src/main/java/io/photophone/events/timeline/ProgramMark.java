package io.photophone.events.timeline;

import java.util.ArrayList;
import java.util.List;

/// Something that the program said of a frame.
///
/// @param frame -1 where it isn't known
/// @param amount what belongs to it, such as by how many nanoseconds it was late
public record ProgramMark(
    long timeNanos, int tid, ProgramEvent event, int instrument, long frame, long amount) {
  static List<ProgramMark> in(long[] words, long from, long until) {
    List<ProgramMark> marks = new ArrayList<>();
    for (int at = 0; at < words.length; at += RingRecord.WORDS) {
      long time = RingRecord.time(words, at);
      if (RingRecord.kind(words, at) == RingRecord.PROGRAM && time >= from && time <= until) {
        marks.add(
            new ProgramMark(
                time,
                RingRecord.tid(words, at),
                ProgramEvent.ofCode(RingRecord.detail(words, at)),
                RingRecord.instrument(words, at),
                RingRecord.frame(words, at),
                RingRecord.amount(words, at)));
      }
    }
    return List.copyOf(marks);
  }
}
