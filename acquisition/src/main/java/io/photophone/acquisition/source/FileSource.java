package io.photophone.acquisition.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// A recording, once or over and over: a WAV or AIFF file, told apart by its content, of integers
/// of 16, 24 or 32 bit or floats of 32 bit, any rate; WAV beyond 4 GiB as RF64.
///
/// What is readable of a damaged file is read, and [#damage] tells what is wrong. A repetition
/// begins at a whole second, so that a modulation of whole hertz keeps its phase against the sample
/// index: where the file ends off one, the samples until the next are told as lost; a file of whole
/// seconds is repeated without a gap. A float file's values arrive as they are, whether beyond full
/// scale or not a number. Memory stays constant: 64 KiB or one sample of all channels, whichever is
/// more.
///
/// Contract: A2.
public final class FileSource implements AudioSource {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path path;

  /// Not a `FileChannel`, which an interrupt of the reading thread would close.
  private final RandomAccessFile file;

  private final FileHeader header;
  private final MicrophonePair microphones;
  private final boolean loop;
  private final ByteBuffer buffer;

  /// The file's sample that the next read begins with.
  private long next;

  /// The file's samples in the buffer: from this one
  private long bufferedFrom;

  /// to the one before this.
  private long bufferedTo;

  private volatile boolean closed;

  /// Opens a file at its beginning.
  ///
  /// @throws IOException if it has nothing to read, or not the channels that were chosen: the
  ///   message names the file, the fault, its byte where there is one, and what is allowed
  public static FileSource open(Path file, ChannelChoice channels, boolean loop)
      throws IOException {
    if (Files.notExists(file)) {
      throw new IOException(file + ": no such file");
    }
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder, give a WAV or AIFF file in it");
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + ": is not a regular file");
    }
    if (!Files.isReadable(file)) {
      throw new IOException(file + ": no permission to read it");
    }
    RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r");
    try {
      return new FileSource(file, opened, FileHeader.read(opened, file), channels, loop);
    } catch (Throwable e) {
      opened.close();
      throw e;
    }
  }

  private FileSource(
      Path path, RandomAccessFile file, FileHeader header, ChannelChoice channels, boolean loop)
      throws IOException {
    this.path = path;
    this.file = file;
    this.header = header;
    this.loop = loop;
    this.microphones = MicrophonePair.of(path.toString(), header.format(), channels);
    int block = header.format().blockBytes();
    int blocks = Math.max(1, BUFFER_BYTES / block);
    buffer = ByteBuffer.allocate(blocks * block).order(header.format().order());
    file.seek(header.dataOffset());
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public int sampleRateHz() {
    return header.format().sampleRateHz();
  }

  @Override
  public boolean live() {
    return false;
  }

  @Override
  public boolean simulated() {
    return false;
  }

  /// Samples for each channel in the file, which a repetition doesn't change.
  public long totalSamples() {
    return header.samples();
  }

  /// What is wrong with the file, and at which byte, although samples can be read.
  public Optional<String> damage() {
    return header.damage();
  }

  @Override
  public SourceRead read(int sampleCount) throws IOException {
    if (sampleCount < 1) {
      throw new IllegalArgumentException("sample count is not positive: " + sampleCount);
    }
    if (closed) {
      throw new IOException(path + ": is closed");
    }
    long left = header.samples() - next;
    long lost = 0;
    if (left == 0) {
      if (!loop) {
        return new SourceRead.End();
      }
      lost = gap();
      left = header.samples();
    }
    int count = loop && gap() == 0 ? sampleCount : (int) Math.min(sampleCount, left);
    float[] a = new float[count];
    float[] b = new float[count];
    int done = 0;
    while (done < count) {
      if (next == bufferedTo) {
        fill();
      }
      int taken = (int) Math.min(count - done, bufferedTo - next);
      int offset = (int) (next - bufferedFrom) * header.format().blockBytes();
      microphones.decode(buffer, offset, a, b, done, taken);
      next += taken;
      done += taken;
    }
    return new SourceRead.Samples(a, b, lost, OptionalLong.empty());
  }

  /// Samples from the file's end to the next whole second.
  private long gap() {
    return Math.floorMod(-header.samples(), (long) header.format().sampleRateHz());
  }

  private void fill() throws IOException {
    if (next == header.samples()) {
      next = 0;
      file.seek(header.dataOffset());
    }
    int block = header.format().blockBytes();
    int samples = (int) Math.min(buffer.capacity() / block, header.samples() - next);
    try {
      file.readFully(buffer.array(), 0, samples * block);
    } catch (EOFException e) {
      throw new IOException(
          "%s: became shorter while it was read (byte %d)".formatted(path, file.length()), e);
    }
    bufferedFrom = next;
    bufferedTo = next + samples;
  }

  @Override
  public void close() {
    closed = true;
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("%s: could not be closed".formatted(path), e);
    }
  }
}
