package io.photophone.acquisition.source;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A stereo WAV file in the making: microphone A on the first channel, B on the second.
///
/// Every write reaches the operating system before it returns. Until [#close] the header says that
/// lengths are unknown, which readers take for "to the end of the file": after a crash the file is
/// readable as it is. Beyond 4 GiB it becomes an RF64. For one thread.
///
/// Contract: A2.
public final class WavWriter implements AutoCloseable {
  private final Path path;
  private final RandomAccessFile file;
  private final SampleEncoding encoding;
  private final int sampleRateHz;
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private long samples;
  private long saturated;
  private boolean closed;

  /// Begins a new file.
  ///
  /// @throws IOException if the file exists, since a recording is never overwritten, or can't be
  ///   created
  public static WavWriter create(Path file, int sampleRateHz, SampleEncoding encoding)
      throws IOException {
    if (sampleRateHz < 1) {
      throw new IllegalArgumentException("sample rate is not positive: " + sampleRateHz + " Hz");
    }
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(file + ": exists already, delete it or choose another name", e);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": its folder does not exist", e);
    }
    RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
    try {
      opened.write(WavHeader.write(encoding, sampleRateHz, WavHeader.UNKNOWN));
    } catch (Throwable e) {
      opened.close();
      throw e;
    }
    return new WavWriter(file, opened, sampleRateHz, encoding);
  }

  private WavWriter(Path path, RandomAccessFile file, int sampleRateHz, SampleEncoding encoding) {
    this.path = path;
    this.file = file;
    this.sampleRateHz = sampleRateHz;
    this.encoding = encoding;
  }

  /// Appends samples. A value beyond full scale saturates in an integer encoding, see
  /// [#saturatedSamples].
  ///
  /// @throws IllegalArgumentException if the channels differ in length or a sample is not finite;
  ///   nothing of this call is written then
  /// @throws IOException if the file can't grow or is closed
  public void write(float[] channelA, float[] channelB) throws IOException {
    if (channelA.length != channelB.length) {
      throw new IllegalArgumentException(
          "channels differ in length: A has %d samples, B has %d"
              .formatted(channelA.length, channelB.length));
    }
    if (closed) {
      throw new IOException(path + ": is closed");
    }
    int bytes = Math.multiplyExact(channelA.length, 2 * encoding.bytes());
    if (buffer.capacity() < bytes) {
      buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    buffer.clear();
    int beyond = 0;
    for (int i = 0; i < channelA.length; i++) {
      float a = channelA[i];
      float b = channelB[i];
      if (!Float.isFinite(a) || !Float.isFinite(b)) {
        throw new IllegalArgumentException(
            "sample %d is not finite: A is %s, B is %s".formatted(samples + i, a, b));
      }
      beyond += (encoding.saturates(a) ? 1 : 0) + (encoding.saturates(b) ? 1 : 0);
      encoding.encode(a, buffer);
      encoding.encode(b, buffer);
    }
    // A write that failed half way, as on a full disk, is written over by the next one.
    file.seek(WavHeader.LENGTH + samples * 2 * encoding.bytes());
    file.write(buffer.array(), 0, bytes);
    samples += channelA.length;
    saturated += beyond;
  }

  /// Samples of each channel so far.
  public long samples() {
    return samples;
  }

  /// Samples of both channels that were beyond full scale and saturated.
  public long saturatedSamples() {
    return saturated;
  }

  /// Completes the header. Idempotent.
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (file) {
      file.seek(0);
      file.write(WavHeader.write(encoding, sampleRateHz, samples));
    }
  }
}
