package io.photophone.events.windows;

import java.util.UUID;

/// A kind of events that a provider writes: by what Windows tells it from others, and its format.
///
/// @param provider GUID
/// @param classic whether its number is an opcode, as that of the kernel's own events, or an id
/// @param number opcode or id
/// @param version of the user data; [#ANY_VERSION] for those versions that have no format of their
///   own
public record EtwEvent(UUID provider, boolean classic, int number, int version, EtwFormat format) {
  /// Formats only grow at their end from version to version, mostly.
  public static final int ANY_VERSION = -1;

  private static final int LARGEST_OPCODE = 0xFF;
  private static final int LARGEST_ID = 0xFFFF;
  private static final int LARGEST_VERSION = 0xFF;

  public EtwEvent {
    int largest = classic ? LARGEST_OPCODE : LARGEST_ID;
    if (number < 0 || number > largest) {
      throw new IllegalArgumentException(
          "%s has %s %d, allowed: 0 to %d"
              .formatted(format.format().name(), classic ? "opcode" : "id", number, largest));
    }
    if (version < ANY_VERSION || version > LARGEST_VERSION) {
      throw new IllegalArgumentException(
          "%s has version %d, allowed: 0 to %d, or %d for any"
              .formatted(format.format().name(), version, LARGEST_VERSION, ANY_VERSION));
    }
  }

  /// An event of a provider that describes its events in a manifest.
  public static EtwEvent ofManifest(UUID provider, int id, int version, EtwFormat format) {
    return new EtwEvent(provider, false, id, version, format);
  }

  /// An event known by its opcode.
  public static EtwEvent ofOpcode(UUID provider, int opcode, int version, EtwFormat format) {
    return new EtwEvent(provider, true, opcode, version, format);
  }
}
