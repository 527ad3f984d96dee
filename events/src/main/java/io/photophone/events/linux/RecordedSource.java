package io.photophone.events.linux;

import io.photophone.events.EventSource;
import io.photophone.events.RecordConsumer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A session that was recorded to a file by a [RecordingSink]: read through the same steps as a
/// live one, on any machine. A file that is damaged gives what is intact before the damage, then an
/// error that names the place. One thread. Contract: V11, V13.
public final class RecordedSource implements EventSource {
  private static final AtomicLong NEXT_ID = new AtomicLong(1L << 32);
  private static final int AT_ONCE = 1 << 14;

  private final long id = NEXT_ID.getAndIncrement();
  private final Path path;
  private final Arena arena;
  private final PerfEvents events;
  private final List<RecordedRing> rings = new ArrayList<>();
  private final RecordMerger merger;

  /// What is wrong behind the last intact block.
  private @Nullable String damage;

  private RecordedSource(Path path, Arena arena, MemorySegment bytes) throws IOException {
    this.path = path;
    this.arena = arena;
    RecordingHeader header = new RecordingHeader(path, bytes);
    List<EventSetup> setups = header.setups();
    try {
      events = new PerfEvents(setups, PerfEvents.NOBODY);
    } catch (IllegalArgumentException e) {
      throw new IOException("%s, header: %s".formatted(path, e.getMessage()), e);
    }
    header.ids().forEach((number, event) -> events.addId(event, number));
    for (int i = 0; i < header.rings(); i++) {
      rings.add(new RecordedRing(bytes, events.times()));
    }
    damage = index(bytes, header.length());
    rings.forEach(RecordedRing::begin);
    merger = new RecordMerger(rings.stream().map(RecordedRing::cursor).toList());
  }

  /// Opens a file.
  ///
  /// @throws IOException if it can't be read, isn't such a file, or its header is damaged
  public static RecordedSource open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
      return new RecordedSource(path, arena, bytes);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /// Finds the blocks of each ring.
  private @Nullable String index(MemorySegment bytes, long from) {
    long at = from;
    while (at < bytes.byteSize()) {
      long left = bytes.byteSize() - at - RecordingFormat.BLOCK_HEADER;
      if (left < 0) {
        return "offset %d: %d bytes, a block needs %d"
            .formatted(at, bytes.byteSize() - at, RecordingFormat.BLOCK_HEADER);
      }
      int ring = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, at);
      int length = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, at + Integer.BYTES);
      if (ring < 0 || ring >= rings.size()) {
        return "offset %d: ring %d, allowed: 0 to %d".formatted(at, ring, rings.size() - 1);
      }
      if (length <= 0 || length % Long.BYTES != 0 || length > left) {
        return "offset %d: a block of %d bytes, allowed: multiples of 8 up to %d"
            .formatted(at, length, left);
      }
      rings.get(ring).add(at + RecordingFormat.BLOCK_HEADER, length);
      at += RecordingFormat.BLOCK_HEADER + length;
    }
    return null;
  }

  @Override
  public long id() {
    return id;
  }

  /// To register callbacks with.
  public PerfEvents events() {
    return events;
  }

  /// Hands over records in the order of their times.
  ///
  /// @throws IOException once all that is intact was handed over, if the file is damaged behind it
  @Override
  public int readData(RecordConsumer consumer, int most) throws IOException {
    int count = merger.handOver(consumer, Long.MAX_VALUE, most);
    if (count == 0 && damage != null) {
      String what = damage;
      damage = null;
      throw new IOException("%s is damaged at %s".formatted(path, what));
    }
    return count;
  }

  /// Runs the callbacks for all that was recorded.
  ///
  /// @return records that were read
  /// @throws IOException once all that is intact was read, if the file is damaged behind it
  public long read() throws IOException {
    long count = 0;
    for (int now = readData(events, AT_ONCE); now > 0; now = readData(events, AT_ONCE)) {
      count += now;
    }
    return count;
  }

  /// What was read up to now.
  public PerfStatistics statistics() {
    return events.statistics(rings.stream().mapToLong(each -> each.cursor().damaged()).sum());
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
