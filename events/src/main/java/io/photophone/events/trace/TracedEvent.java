package io.photophone.events.trace;

import io.photophone.events.EventFilter;
import io.photophone.events.EventFormat;
import io.photophone.events.filter.Filter;
import io.photophone.events.filter.KernelFilter;
import io.photophone.events.linux.Tracefs;
import java.io.IOException;
import java.util.Optional;

/// A tracepoint to be recorded.
///
/// @param filter over its fields; empty for none
record TracedEvent(String name, String filter) {
  /// What of the filter the kernel can do; empty if there is nothing to filter.
  ///
  /// @throws IllegalArgumentException if the text can't be understood; the message points at it
  /// @throws IOException if there is no such tracepoint
  String kernelText() throws IOException {
    Optional<Tracefs> tracefs = Tracefs.find();
    if (tracefs.isEmpty()) {
      // The session says what is missing.
      return "";
    }
    EventFormat format = tracefs.get().format(name);
    return filter.isBlank() ? "" : Filter.parse(format, filter).kernel().text();
  }

  /// What is left to ask of an event that the kernel let pass.
  ///
  /// @param filtered whether the kernel filters
  Optional<EventFilter> rest(EventFormat format, boolean filtered) {
    if (filter.isBlank()) {
      return Optional.empty();
    }
    Filter whole = Filter.parse(format, filter);
    KernelFilter kernel = whole.kernel();
    return filtered ? kernel.rest().map(Filter::compile) : Optional.of(whole.compile());
  }
}
