package io.photophone.events.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Writes what a session records to a file, as the kernel wrote it: nothing is taken apart or put
/// in order, which [RecordedSource] does later. One thread.
public final class RecordingSink implements AutoCloseable {
  private final FileChannel file;
  private final ByteBuffer blockHeader =
      ByteBuffer.allocateDirect(RecordingFormat.BLOCK_HEADER).order(ByteOrder.nativeOrder());
  private final ByteBuffer[] parts = new ByteBuffer[3];
  private long bytes;

  /// Creates a file, or empties one that is there.
  ///
  /// @throws IOException if it can't be written
  RecordingSink(Path path, List<EventSetup> setups, Map<Long, Integer> ids, int rings)
      throws IOException {
    ByteBuffer header = header(setups, ids, rings);
    file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    try {
      write(new ByteBuffer[] {header});
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
    blockHeader.clear().putInt(ring).putInt(Math.toIntExact(length)).flip();
    parts[0] = blockHeader;
    parts[1] = first.asByteBuffer();
    parts[2] = second.asByteBuffer();
    write(parts);
  }

  private void write(ByteBuffer[] all) throws IOException {
    while (remaining(all)) {
      bytes += file.write(all);
    }
  }

  private static boolean remaining(ByteBuffer[] all) {
    for (ByteBuffer each : all) {
      if (each.hasRemaining()) {
        return true;
      }
    }
    return false;
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
