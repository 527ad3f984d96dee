package io.photophone.events.linux;

import io.photophone.events.DataField;

/// The parts of a sample that lie around the event or have no fixed place.
///
/// @param raw what a tracepoint recorded
record SampleParts(
    DataField ip,
    DataField callChain,
    DataField raw,
    DataField userRegisters,
    DataField userStack) {
  SampleParts() {
    this(
        new DataField("ip"),
        new DataField("call_chain"),
        new DataField("raw"),
        new DataField("user_registers"),
        new DataField("user_stack"));
  }

  void clear() {
    ip.clear();
    callChain.clear();
    raw.clear();
    userRegisters.clear();
    userStack.clear();
  }
}
