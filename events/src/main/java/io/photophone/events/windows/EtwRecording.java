package io.photophone.events.windows;

import io.photophone.events.EventSource;
import io.photophone.events.RecordConsumer;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file of recorded ETW events as a source, on any operating system. One thread. Contract: V17.
public final class EtwRecording implements EventSource {
  private final Path path;
  private final FileChannel file;
  private final QpcClock clock;
  private MemorySegment buffer = MemorySegment.ofArray(new byte[1 << 16]);

  /// Bytes of the file before the buffer.
  private long before;

  private int start;
  private int end;

  private EtwRecording(Path path, FileChannel file, QpcClock clock) {
    this.path = path;
    this.file = file;
    this.clock = clock;
    this.before = EtwRecordingLayout.HEADER_SIZE;
  }

  /// Opens a recording at its first event.
  ///
  /// @throws IOException if there is no such recording, with what is wrong with it
  public static EtwRecording open(Path path) throws IOException {
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new EtwRecording(path, file, clock(path, file));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static QpcClock clock(Path path, FileChannel file) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(EtwRecordingLayout.HEADER_SIZE);
    while (header.hasRemaining() && file.read(header) >= 0) {
      // Until the header is whole.
    }
    MemorySegment bytes = MemorySegment.ofArray(header.array());
    if (header.hasRemaining() || !EtwRecordingLayout.hasMagic(bytes)) {
      throw new IOException("%s is no recording of ETW events".formatted(path));
    }
    int version = EtwRecordingLayout.version(bytes);
    if (version != EtwRecordingLayout.VERSION) {
      throw new IOException(
          "%s has version %d, allowed: %d".formatted(path, version, EtwRecordingLayout.VERSION));
    }
    try {
      return new QpcClock(
          Words.s64(bytes, EtwRecordingLayout.FREQUENCY),
          Words.s64(bytes, EtwRecordingLayout.CLOCK_OFFSET));
    } catch (IllegalArgumentException e) {
      throw new IOException("%s has a wrong clock: %s".formatted(path, e.getMessage()), e);
    }
  }

  /// The clock by which the events were timed.
  public QpcClock clock() {
    return clock;
  }

  /// A hash of the file's path.
  @Override
  public long id() {
    return path.hashCode();
  }

  /// Hands over the next events of the file.
  ///
  /// @throws IOException if the file is damaged, at the byte that the message names; what comes
  ///   before has been handed over
  @Override
  public int readData(RecordConsumer consumer, int most) throws IOException {
    int count = 0;
    while (count < most && has(EtwRecordingLayout.LENGTH_SIZE)) {
      int length = Words.s32(buffer, start);
      if (length < 0 || length > EtwRecordingLayout.LONGEST) {
        throw new IOException(
            "%s: the record at byte %d has length %d, allowed: 0 to %d"
                .formatted(path, before + start, length, EtwRecordingLayout.LONGEST));
      }
      int whole = EtwRecordingLayout.LENGTH_SIZE + length;
      if (!has(whole)) {
        throw cutOff(length);
      }
      int record = start + EtwRecordingLayout.LENGTH_SIZE;
      start += whole;
      count++;
      consumer.record(buffer, record, length);
    }
    return count;
  }

  private EOFException cutOff(int length) {
    return new EOFException(
        "%s: the record at byte %d has length %d, the file ends at byte %d"
            .formatted(path, before + start, length, before + end));
  }

  /// Whether there are so many bytes more; none at all is the end of the file.
  private boolean has(int bytes) throws IOException {
    if (end - start < bytes) {
      fill(bytes);
    }
    if (end > start && end - start < EtwRecordingLayout.LENGTH_SIZE) {
      throw cutOff(end - start);
    }
    return end - start >= bytes;
  }

  private void fill(int bytes) throws IOException {
    MemorySegment to =
        bytes <= buffer.byteSize()
            ? buffer
            : MemorySegment.ofArray(new byte[Integer.highestOneBit(bytes) << 1]);
    MemorySegment.copy(buffer, start, to, 0, end - start);
    buffer = to;
    before += start;
    end -= start;
    start = 0;
    ByteBuffer free = buffer.asByteBuffer().position(end);
    while (free.position() < bytes && file.read(free) >= 0) {
      // Until there are enough, or the file ends.
    }
    end = free.position();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
