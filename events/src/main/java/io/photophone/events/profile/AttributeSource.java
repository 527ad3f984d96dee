package io.photophone.events.profile;

import java.io.IOException;
import java.util.Map;

/// Tells what is known about a process beside its events. Users implement it.
///
/// Contract: V11.
@FunctionalInterface
public interface AttributeSource {
  /// Names and values; none if there is nothing to tell.
  ///
  /// @throws IOException if the process has gone or does not let itself be read
  Map<String, String> attributes(int pid) throws IOException;
}
