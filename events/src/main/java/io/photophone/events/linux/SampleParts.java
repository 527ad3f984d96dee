package io.photophone.events.linux;

import io.photophone.events.DataField;
import org.jspecify.annotations.Nullable;

/// The parts of a sample that lie around the event or have no fixed place. One thread.
final class SampleParts {
  private final DataField ip = new DataField("ip");
  private final DataField callChain = new DataField("call_chain");
  private final DataField raw = new DataField("raw");
  private final DataField userRegisters = new DataField("user_registers");
  private final DataField userStack = new DataField("user_stack");

  /// Of which layout the parts are: those that all of its samples have in the same place, or none
  /// has, are right then and needn't be set for each.
  private @Nullable SampleLayout last;

  DataField ip() {
    return ip;
  }

  DataField callChain() {
    return callChain;
  }

  /// What a tracepoint recorded.
  DataField raw() {
    return raw;
  }

  DataField userRegisters() {
    return userRegisters;
  }

  DataField userStack() {
    return userStack;
  }

  /// Whether [#begin] needs no call.
  boolean areOf(SampleLayout layout) {
    return last == layout;
  }

  /// Sets what all samples of a layout have in common.
  void begin(SampleLayout layout) {
    clear();
    if (layout.has(SampleLayout.IP)) {
      ip.set(layout.ipOffset(), Long.BYTES);
    }
    last = layout;
  }

  void clear() {
    last = null;
    ip.clear();
    callChain.clear();
    raw.clear();
    userRegisters.clear();
    userStack.clear();
  }
}
