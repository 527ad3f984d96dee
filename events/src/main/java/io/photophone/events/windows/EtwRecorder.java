package io.photophone.events.windows;

import io.photophone.events.RecordConsumer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Writes the records of a session to a file that [EtwRecording] reads. One thread.
public final class EtwRecorder implements RecordConsumer, AutoCloseable {
  private final FileChannel file;
  private final MemorySegment buffer = MemorySegment.ofArray(new byte[1 << 16]);
  private int used;

  private EtwRecorder(FileChannel file) {
    this.file = file;
  }

  /// Begins a recording.
  ///
  /// @param path of a file that doesn't exist yet
  /// @param clock of the session
  public static EtwRecorder create(Path path, QpcClock clock) throws IOException {
    FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    EtwRecorder recorder = new EtwRecorder(file);
    EtwRecordingLayout.putHeader(recorder.buffer, clock);
    recorder.used = EtwRecordingLayout.HEADER_SIZE;
    return recorder;
  }

  /// Appends one record.
  ///
  /// @throws UncheckedIOException if the file can't be written
  @Override
  public void record(MemorySegment segment, long offset, int length) {
    if (length > EtwRecordingLayout.LONGEST) {
      throw new IllegalArgumentException(
          "the record has %d bytes, allowed: %d".formatted(length, EtwRecordingLayout.LONGEST));
    }
    try {
      makeRoom(EtwRecordingLayout.LENGTH_SIZE);
      Words.put32(buffer, used, length);
      used += EtwRecordingLayout.LENGTH_SIZE;
      int done = 0;
      while (done < length) {
        makeRoom(1);
        int part = (int) Math.min(length - done, buffer.byteSize() - used);
        MemorySegment.copy(segment, offset + done, buffer, used, part);
        used += part;
        done += part;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void makeRoom(int bytes) throws IOException {
    if (used > buffer.byteSize() - bytes) {
      flush();
    }
  }

  private void flush() throws IOException {
    ByteBuffer bytes = buffer.asByteBuffer().limit(used);
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
    used = 0;
  }

  @Override
  public void close() throws IOException {
    try (file) {
      flush();
    }
  }
}
