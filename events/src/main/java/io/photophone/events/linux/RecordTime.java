package io.photophone.events.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Where records have their time: at one place from the start of samples, and at one from the end
/// of all others, since all events of a session agree on what comes before and behind it.
///
/// @param fromStart bytes before the time in a sample
/// @param fromEnd bytes from the time to the end in others
record RecordTime(int fromStart, int fromEnd) {
  static RecordTime of(SampleLayout layout) {
    return new RecordTime(layout.timeOffset(), layout.trailerLength() - layout.trailerTime());
  }

  /// @param otherwise what to give for a record too short to have one
  long of(MemorySegment segment, long offset, int length, long otherwise) {
    int at =
        segment.get(ValueLayout.JAVA_INT_UNALIGNED, offset) == RecordKind.SAMPLE
            ? fromStart
            : length - fromEnd;
    return at < RecordCursor.HEADER || at + Long.BYTES > length
        ? otherwise
        : segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + at);
  }
}
