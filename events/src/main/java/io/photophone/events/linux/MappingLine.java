package io.photophone.events.linux;

import java.util.Optional;

/// A line of `/proc/PID/maps`, as `7f0c-7f0d r-xp 00001000 08:01 1234 /usr/lib/a library.so`.
///
/// @param protection bits as `mmap` takes them
/// @param flags 1 if it is shared, 2 if private
/// @param path as written, with its spaces; `//anon` where there is none
record MappingLine(
    long start,
    long end,
    int protection,
    int flags,
    long fileOffset,
    int major,
    int minor,
    long inode,
    String path) {
  private static final int EXECUTABLE = 4;
  private static final String ANONYMOUS = "//anon";

  /// Reads a line.
  ///
  /// @return empty if it isn't such a line
  static Optional<MappingLine> parse(String line) {
    int dash = line.indexOf('-');
    int[] space = new int[5];
    int from = 0;
    for (int i = 0; i < space.length; i++) {
      space[i] = line.indexOf(' ', from);
      if (space[i] < 0 && i == space.length - 1) {
        space[i] = line.length();
      }
      from = space[i] + 1;
      if (space[i] < 0) {
        return Optional.empty();
      }
    }
    int colon = line.indexOf(':', space[2]);
    if (dash < 0 || dash > space[0] || colon < 0 || colon > space[3] || space[1] - space[0] != 5) {
      return Optional.empty();
    }
    String path = line.substring(Math.min(line.length(), space[4])).stripLeading();
    try {
      return Optional.of(
          new MappingLine(
              Long.parseUnsignedLong(line, 0, dash, 16),
              Long.parseUnsignedLong(line, dash + 1, space[0], 16),
              protection(line, space[0] + 1),
              line.charAt(space[0] + 4) == 's' ? 1 : 2,
              Long.parseUnsignedLong(line, space[1] + 1, space[2], 16),
              Integer.parseUnsignedInt(line, space[2] + 1, colon, 16),
              Integer.parseUnsignedInt(line, colon + 1, space[3], 16),
              Long.parseUnsignedLong(line, space[3] + 1, space[4], 10),
              path.isEmpty() ? ANONYMOUS : path));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static int protection(String line, int at) {
    return (line.charAt(at) == 'r' ? 1 : 0)
        | (line.charAt(at + 1) == 'w' ? 2 : 0)
        | (line.charAt(at + 2) == 'x' ? EXECUTABLE : 0);
  }

  boolean isExecutable() {
    return (protection & EXECUTABLE) != 0;
  }
}
