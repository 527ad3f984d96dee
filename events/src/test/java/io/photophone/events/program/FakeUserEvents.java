package io.photophone.events.program;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// A kernel that a test looks into.
final class FakeUserEvents implements UserEventsDevice {
  final List<String> descriptions = new ArrayList<>();
  final List<byte[]> records = new ArrayList<>();
  final List<MemorySegment> enabled = new ArrayList<>();
  boolean takes = true;

  @Override
  public Registered register(String description) {
    descriptions.add(description);
    MemorySegment word = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
    enabled.add(word);
    return new Registered(40 + descriptions.size(), word);
  }

  void trace(int event, boolean on) {
    enabled.get(event).set(ValueLayout.JAVA_INT, 0, on ? 1 : 0);
  }

  @Override
  public boolean write(MemorySegment record) {
    records.add(record.toArray(ValueLayout.JAVA_BYTE));
    return takes;
  }
}
