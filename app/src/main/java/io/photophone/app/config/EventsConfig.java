package io.photophone.app.config;

import io.photophone.model.Range;

/// What a server notes of itself, so that it can say afterwards why a reading was late.
///
/// @param alwaysOn whether it notes what its threads and the virtual machine do
/// @param memoryMegabytes for the newest notes; twenty or so last a quarter of an hour
/// @param kept how many disturbances are kept after that
public record EventsConfig(boolean alwaysOn, int memoryMegabytes, int kept) {
  public static final Range MEMORY_MB = Range.closed(1, 1000);
  public static final Range KEPT = Range.closed(0, 1000);

  public static final EventsConfig DEFAULT = new EventsConfig(true, 8, 16);

  public EventsConfig {
    MEMORY_MB.check("memory_mb", memoryMegabytes);
    KEPT.check("kept", kept);
  }
}
