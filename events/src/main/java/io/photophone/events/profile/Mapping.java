package io.photophone.events.profile;

/// A range of a process's addresses that a file, or code made at run time, stands behind.
///
/// @param startAddress first address, unsigned
/// @param endAddress one past the last, unsigned
/// @param fileOffset where in the file the first address is
/// @param file its path, or a name such as `[vdso]`; empty for anonymous memory
/// @param buildId the file's build id in hexadecimal digits; empty if it is not known
/// @param timeNanos since when it is there; `Long.MIN_VALUE` for ever
public record Mapping(
    long startAddress,
    long endAddress,
    long fileOffset,
    String file,
    String buildId,
    long timeNanos) {
  public Mapping {
    if (Long.compareUnsigned(startAddress, endAddress) >= 0) {
      throw new IllegalArgumentException(
          "mapping of %s does not end after its start: %#x to %#x"
              .formatted(file, startAddress, endAddress));
    }
  }

  /// Whether the address lies within.
  public boolean contains(long address) {
    return Long.compareUnsigned(startAddress, address) <= 0
        && Long.compareUnsigned(address, endAddress) < 0;
  }

  /// Where in the file the address is.
  public long offsetInFile(long address) {
    return address - startAddress + fileOffset;
  }

  /// The file without its directories.
  public String fileName() {
    return file.substring(file.lastIndexOf('/') + 1);
  }
}
