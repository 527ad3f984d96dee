package io.photophone.events.linux;

import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Writes what a session records to a file, as the kernel wrote it: nothing is taken apart or put
/// in order, which [RecordedSource] does later. One thread.
public final class RecordingSink implements AutoCloseable {
  /// A stream, as a channel would be closed when its thread is interrupted, which ends a recording.
  private final FileOutputStream file;

  private final byte[] buffer = new byte[1 << 18];
  private final ByteBuffer blockHeader =
      ByteBuffer.wrap(new byte[RecordingFormat.BLOCK_HEADER]).order(ByteOrder.nativeOrder());
  private long bytes;

  /// Creates a file, or empties one that is there.
  ///
  /// @throws IOException if it can't be written
  RecordingSink(Path path, List<EventSetup> setups, Map<Long, Integer> ids, int rings)
      throws IOException {
    byte[] header = header(setups, ids, rings).array();
    file = new FileOutputStream(path.toFile());
    try {
      file.write(header);
      bytes = header.length;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static ByteBuffer header(List<EventSetup> setups, Map<Long, Integer> ids, int rings) {
    List<byte[]> texts = new ArrayList<>();
    long length = RecordingFormat.FIRST_EVENT + (long) ids.size() * Long.BYTES;
    for (EventSetup each : setups) {
      byte[] name = each.name().getBytes(StandardCharsets.UTF_8);
      byte[] format = each.format().getBytes(StandardCharsets.UTF_8);
      texts.add(name);
      texts.add(format);
      length += 4L * Integer.BYTES + PerfAttr.SIZE + name.length + format.length;
    }
    ByteBuffer header =
        ByteBuffer.allocate((int) RecordingFormat.padded(length)).order(ByteOrder.nativeOrder());
    header.put(RecordingFormat.MAGIC).putInt(RecordingFormat.VERSION).putInt(header.capacity());
    header.putInt(rings).putInt(setups.size());
    for (int i = 0; i < setups.size(); i++) {
      int event = i;
      header.putInt(setups.get(i).role().number());
      header.put(setups.get(i).attr().toArray(ValueLayout.JAVA_BYTE));
      header.putInt(texts.get(2 * i).length).put(texts.get(2 * i));
      header.putInt(texts.get(2 * i + 1).length).put(texts.get(2 * i + 1));
      List<Long> own =
          ids.entrySet().stream()
              .filter(entry -> entry.getValue() == event)
              .map(Map.Entry::getKey)
              .toList();
      header.putInt(own.size());
      own.forEach(header::putLong);
    }
    return header.rewind();
  }

  /// Writes whole records of one ring, in two pieces of which the second may be empty.
  void block(int ring, MemorySegment first, MemorySegment second) throws IOException {
    long length = first.byteSize() + second.byteSize();
    if (length == 0) {
      return;
    }
    blockHeader.clear().putInt(ring).putInt(Math.toIntExact(length));
    file.write(blockHeader.array());
    write(first);
    write(second);
    bytes += RecordingFormat.BLOCK_HEADER + length;
  }

  private void write(MemorySegment from) throws IOException {
    for (long at = 0; at < from.byteSize(); at += buffer.length) {
      int count = (int) Math.min(buffer.length, from.byteSize() - at);
      MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at, buffer, 0, count);
      file.write(buffer, 0, count);
    }
  }

  /// Bytes written up to now.
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
