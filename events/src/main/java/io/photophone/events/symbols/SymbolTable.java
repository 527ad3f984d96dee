package io.photophone.events.symbols;

import java.io.IOException;

/// Names by address: what some readers gave, sorted, for look-ups that neither allocate nor lock.
/// Immutable.
///
/// Addresses are unsigned. Where symbols overlap, the innermost names an address (or the newest,
/// see `SymbolReader.newestWins`); of symbols with the same addresses one is kept. A symbol without
/// a size reaches to the next one.
///
/// Contract: V11.
public final class SymbolTable {
  /// How a table came about.
  ///
  /// @param read symbols that the readers gave
  /// @param kept of them, those which name an address
  /// @param unreadable entries that a reader couldn't understand
  /// @param dropped symbols for which there was no room
  public record Counts(long read, long kept, long unreadable, long dropped) {}

  /// Addresses where the named symbol changes, sorted, unsigned.
  private final long[] boundaries;

  /// The symbol from that boundary on, or -1.
  private final int[] symbols;

  private final long[] starts;
  private final long[] ends;
  private final int[] names;
  private final byte[] pool;
  private final Counts counts;

  SymbolTable(
      long[] boundaries,
      int[] symbols,
      long[] starts,
      long[] ends,
      int[] names,
      byte[] pool,
      Counts counts) {
    this.boundaries = boundaries;
    this.symbols = symbols;
    this.starts = starts;
    this.ends = ends;
    this.names = names;
    this.pool = pool;
    this.counts = counts;
  }

  /// Reads all that the readers give.
  ///
  /// @throws IOException if one of them can't be read
  public static SymbolTable read(SymbolReader... readers) throws IOException {
    var collected = new SymbolCollector();
    boolean newestWins = false;
    for (SymbolReader reader : readers) {
      collected.addUnreadable(reader.read(collected));
      newestWins |= reader.newestWins();
    }
    return collected.toTable(newestWins);
  }

  /// The symbol at an address.
  ///
  /// @return its index, or -1 if none is known there
  public int find(long address) {
    int low = 0;
    int high = boundaries.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(boundaries[middle], address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? -1 : symbols[low - 1];
  }

  /// Symbols in this table; indices are below.
  public int size() {
    return starts.length;
  }

  /// First address of a symbol.
  public long start(int symbol) {
    return starts[symbol];
  }

  /// First address after a symbol.
  public long end(int symbol) {
    return ends[symbol];
  }

  /// A new string with the symbol's name as the source has it.
  public String name(int symbol) {
    return NamePool.text(pool, names[symbol]);
  }

  /// Copies a name as UTF-8, for those who want no string.
  ///
  /// @return its length in bytes; what doesn't fit into `to` isn't copied
  public int copyName(int symbol, byte[] to) {
    int length = NamePool.length(pool, names[symbol]);
    System.arraycopy(pool, names[symbol] + 2, to, 0, Math.min(length, to.length));
    return length;
  }

  public Counts counts() {
    return counts;
  }

  /// Bytes of memory that the table holds.
  public long memoryBytes() {
    return boundaries.length * 12L + starts.length * 20L + pool.length;
  }

  @Override
  public String toString() {
    return "%d symbols, first at %s".formatted(starts.length, firstStart());
  }

  private String firstStart() {
    return boundaries.length == 0 ? "no address" : "0x%x".formatted(boundaries[0]);
  }
}
