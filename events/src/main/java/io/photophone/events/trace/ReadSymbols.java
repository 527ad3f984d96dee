package io.photophone.events.trace;

import io.photophone.events.symbols.SymbolReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Symbols that another thread has read.
final class ReadSymbols implements SymbolReader {
  private static final int MOST = 1 << 20;

  private record Symbol(long start, long end, byte[] name) {}

  private final String source;
  private final boolean newestWins;
  private final List<Symbol> symbols = new ArrayList<>();
  private long unreadable;

  private ReadSymbols(SymbolReader reader) {
    source = reader.source();
    newestWins = reader.newestWins();
  }

  static ReadSymbols of(SymbolReader reader) throws IOException {
    ReadSymbols read = new ReadSymbols(reader);
    read.unreadable =
        reader.read((start, end, bytes, offset, length) -> {
          byte[] name = bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
          read.symbols.add(new Symbol(start, end, name));
          return read.symbols.size() < MOST;
        });
    return read;
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public boolean newestWins() {
    return newestWins;
  }

  @Override
  public long read(Sink sink) {
    for (Symbol each : symbols) {
      MemorySegment name = MemorySegment.ofArray(each.name);
      if (!sink.symbol(each.start, each.end, name, 0, each.name.length)) {
        break;
      }
    }
    return unreadable;
  }
}
