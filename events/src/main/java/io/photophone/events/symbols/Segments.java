package io.photophone.events.symbols;

import java.util.Arrays;

/// The parts of an ELF file that are loaded: from offsets in the file to the addresses that the
/// file speaks of.
public final class Segments {
  /// No segment holds the offset or address.
  public static final long NONE = -1;

  private static final int FIELDS = 3;

  /// Offset, address and size of each segment.
  private final long[] fields;

  private Segments(long[] fields) {
    this.fields = fields;
  }

  static Segments of(Elf elf) throws SymbolException {
    long[] fields = new long[elf.segmentCount() * FIELDS];
    int used = 0;
    for (int i = 0; i < elf.segmentCount(); i++) {
      Elf.Segment segment = elf.segment(i);
      if (segment.type() == Elf.LOAD) {
        fields[used++] = segment.offset();
        fields[used++] = segment.address();
        fields[used++] = segment.fileSize();
      }
    }
    return new Segments(Arrays.copyOf(fields, used));
  }

  /// The address of the byte at an offset, or `NONE`.
  public long addressOf(long fileOffset) {
    return translate(fileOffset, 0, 1);
  }

  /// The offset of the byte at an address, or `NONE`.
  public long offsetOf(long address) {
    return translate(address, 1, 0);
  }

  private long translate(long value, int from, int to) {
    for (int i = 0; i < fields.length; i += FIELDS) {
      long distance = value - fields[i + from];
      if (Long.compareUnsigned(distance, fields[i + 2]) < 0) {
        return fields[i + to] + distance;
      }
    }
    return NONE;
  }
}
