package io.photophone.acquisition.source;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.Line;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.TargetDataLine;

/// Two microphones on a stereo input: A on the left channel, B on the right.
///
/// Captures 24 bit where the device does and 16 bit otherwise, from the first read on. A device
/// that delivers nothing for two seconds has failed.
///
/// Contract: A2.
public final class Microphone implements AudioSource {
  /*
   * Lost audio. javax.sound.sampled doesn't report an overrun: on Linux the driver throws its buffer
   * away and starts again, and the line's position counts what was read plus what can be read, so
   * that it never shows a hole either. What does show is a full buffer before a read, since ALSA
   * stops at that point, and other systems drop what no longer fits.
   *
   * A full buffer alone proves nothing: a virtual device may always be full. So the clock decides.
   * After each read it is noted when that was and how much was left in the buffer, by the clock too
   * if the buffer is full by then, as it can't tell how much more there would have been. After a read
   * from a full buffer, what the clock says was captured since, less what was read and less what is
   * left now, is lost. That holds wherever the device dropped it. It is as exact as the buffer's
   * level, which a driver advances by periods, typically 1 to 20 ms; a stream without overruns never
   * consults the clock, so its samples stay exact for ever.
   *
   * Waiting happens here and not in the line's own read, which polls at a quarter of its buffer's
   * length (a one-second buffer would deliver four times a second), and never gives up on a device
   * that was pulled out.
   */

  private static final int CHANNELS = 2;
  private static final List<SampleEncoding> ENCODINGS =
      List.of(SampleEncoding.INT24, SampleEncoding.INT16);
  private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long SHORTEST_WAIT_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
  private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /// A driver that names no limit names an absurd one.
  private static final int MOST_CHANNELS = 256;

  private final String name;
  private final TargetDataLine line;
  private final Clock clock;
  private final int sampleRateHz;
  private final SampleEncoding encoding;
  private final int blockBytes;
  private byte[] bytes = {};
  private boolean started;

  /// Samples that were captured when the last read ended, and not read.
  private long ahead;

  /// When that was.
  private long aheadNanos;

  private volatile boolean closed;

  /// Time, and the passing of time.
  interface Clock {
    Clock SYSTEM =
        new Clock() {
          @Override
          public long nanoTime() {
            return System.nanoTime();
          }

          @Override
          public void waitNanos(long nanos) {
            LockSupport.parkNanos(nanos);
          }
        };

    long nanoTime();

    /// May return early.
    void waitNanos(long nanos);
  }

  /// The devices that the system offers, its default first where it has one; none without a sound
  /// card, or without the system's sound library.
  public static List<CaptureDevice> devices() {
    return mixers().stream().map(Microphone::device).toList();
  }

  /// Opens a device.
  ///
  /// @param name a name of [#devices], a part of one that is unique, or "" for the system's default
  /// @throws IOException if there is no such device, or it is in use, or it doesn't capture stereo
  ///   at this rate
  public static Microphone open(String name, int sampleRateHz) throws IOException {
    if (sampleRateHz < 1) {
      throw new IllegalArgumentException("sample rate is not positive: " + sampleRateHz + " Hz");
    }
    List<Mixer> mixers = mixers();
    List<CaptureDevice> devices = mixers.stream().map(Microphone::device).toList();
    CaptureDevice device = CaptureDevice.named(name, devices);
    Mixer mixer = mixers.get(devices.indexOf(device));
    for (SampleEncoding encoding : ENCODINGS) {
      AudioFormat format = new AudioFormat(sampleRateHz, encoding.bits(), CHANNELS, true, false);
      DataLine.Info wanted = new DataLine.Info(TargetDataLine.class, format);
      if (mixer.isLineSupported(wanted)) {
        try {
          TargetDataLine line = (TargetDataLine) mixer.getLine(wanted);
          line.open(format, sampleRateHz * format.getFrameSize());
          return new Microphone(device.name(), line, Clock.SYSTEM);
        } catch (LineUnavailableException e) {
          throw new IOException(
              "%s: can't be opened for stereo at %d Hz, another program may have it: %s"
                  .formatted(device.name(), sampleRateHz, e.getMessage()),
              e);
        }
      }
    }
    throw new IOException(
        "%s: doesn't capture stereo of 24 or 16 bit at %d Hz, it offers %s"
            .formatted(device.name(), sampleRateHz, offers(device)));
  }

  private static String offers(CaptureDevice device) {
    String channels =
        device.maxChannels().isPresent()
            ? "up to %d channels".formatted(device.maxChannels().getAsInt())
            : "an unknown number of channels";
    String rates =
        device.sampleRatesHz().isEmpty() ? "unknown rates" : device.sampleRatesHz() + " Hz";
    return channels + " at " + rates;
  }

  private static List<Mixer> mixers() {
    return Arrays.stream(AudioSystem.getMixerInfo())
        .map(AudioSystem::getMixer)
        .filter(mixer -> !formats(mixer).isEmpty())
        .toList();
  }

  private static CaptureDevice device(Mixer mixer) {
    List<AudioFormat> formats = formats(mixer);
    IntStream channels = formats.stream().mapToInt(AudioFormat::getChannels);
    OptionalInt maxChannels = channels.filter(n -> n > 0 && n <= MOST_CHANNELS).max();
    boolean unlimited =
        formats.stream()
            .mapToInt(AudioFormat::getChannels)
            .anyMatch(n -> n == AudioSystem.NOT_SPECIFIED || n > MOST_CHANNELS);
    List<Integer> rates =
        formats.stream()
            .map(AudioFormat::getSampleRate)
            .filter(rate -> rate > 0)
            .map(Math::round)
            .distinct()
            .sorted()
            .toList();
    return new CaptureDevice(
        mixer.getMixerInfo().getName(),
        mixer.getMixerInfo().getDescription(),
        unlimited ? OptionalInt.empty() : maxChannels,
        rates);
  }

  private static List<AudioFormat> formats(Mixer mixer) {
    List<AudioFormat> formats = new ArrayList<>();
    for (Line.Info info : mixer.getTargetLineInfo()) {
      if (info instanceof DataLine.Info dataLine
          && TargetDataLine.class.isAssignableFrom(info.getLineClass())) {
        formats.addAll(List.of(dataLine.getFormats()));
      }
    }
    return formats;
  }

  /// Takes over a line that is open, stereo, and of 16 or 24 bit little-endian.
  Microphone(String name, TargetDataLine line, Clock clock) {
    this.name = name;
    this.line = line;
    this.clock = clock;
    AudioFormat format = line.getFormat();
    sampleRateHz = Math.round(format.getSampleRate());
    blockBytes = format.getFrameSize();
    encoding =
        ENCODINGS.stream()
            .filter(known -> blockBytes == CHANNELS * known.bytes())
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("line delivers " + format));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int sampleRateHz() {
    return sampleRateHz;
  }

  @Override
  public boolean live() {
    return true;
  }

  @Override
  public boolean simulated() {
    return false;
  }

  /// Blocks until the samples are captured, the device failed, the source is closed or the thread
  /// is interrupted, which stays so.
  ///
  /// After an overrun `lostBefore` is estimated by the clock, to within a period of the driver.
  @Override
  public SourceRead read(int sampleCount) throws IOException {
    if (sampleCount < 1) {
      throw new IllegalArgumentException("sample count is not positive: " + sampleCount);
    }
    int wanted = Math.multiplyExact(sampleCount, blockBytes);
    if (bytes.length < wanted) {
      bytes = new byte[wanted];
    }
    if (!started) {
      line.start();
      aheadNanos = clock.nanoTime();
      started = true;
    }
    boolean overrun = false;
    int got = 0;
    // Half a buffer at a time: waiting for all of it would be waiting for an overrun.
    int most = Math.max(blockBytes, line.getBufferSize() / 2 / blockBytes * blockBytes);
    while (got < wanted) {
      int part = Math.min(wanted - got, most);
      boolean full = awaitAvailable(part) >= line.getBufferSize();
      if (full && got > 0) {
        break;
      }
      overrun |= full;
      int read = line.read(bytes, got, part);
      got += Math.max(0, read);
      if (read < part) {
        break;
      }
    }
    int samples = got / blockBytes;
    if (samples == 0) {
      throw new IOException(
          name + (closed ? ": is closed" : ": stopped delivering, it may have been unplugged"));
    }
    long now = clock.nanoTime();
    int available = line.available();
    long left = available / blockBytes;
    long leftByClock = ahead - samples + Math.round((now - aheadNanos) * (sampleRateHz / 1e9));
    long lost = 0;
    if (overrun) {
      lost = Math.max(0, leftByClock - left);
    } else if (available >= line.getBufferSize()) {
      left = Math.max(left, leftByClock);
    }
    ahead = left;
    aheadNanos = now;
    long lagNanos = Math.round((samples + left) * (1e9 / sampleRateHz));
    return samples(samples, lost, lagNanos);
  }

  private SourceRead samples(int count, long lost, long lagNanos) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] a = new float[count];
    float[] b = new float[count];
    encoding.decode(from, 0, blockBytes, a, 0, count);
    encoding.decode(from, encoding.bytes(), blockBytes, b, 0, count);
    return new SourceRead.Samples(a, b, lost, OptionalLong.of(lagNanos));
  }

  /// Waits until so many bytes can be read at once, and returns how many can.
  private int awaitAvailable(int wanted) throws IOException {
    long progressNanos = clock.nanoTime();
    int before = -1;
    while (true) {
      if (closed) {
        throw new IOException(name + ": is closed");
      }
      int available = line.available();
      if (available >= wanted) {
        return available;
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException(name + ": interrupted while waiting for samples");
      }
      long now = clock.nanoTime();
      if (available != before) {
        before = available;
        progressNanos = now;
      } else if (now - progressNanos > STALLED_NANOS) {
        throw new IOException(
            "%s: has delivered nothing for %d s, it may have been unplugged"
                .formatted(name, TimeUnit.NANOSECONDS.toSeconds(STALLED_NANOS)));
      }
      int missingSamples = (wanted - available) / blockBytes;
      clock.waitNanos(
          Math.clamp(
              Math.round(missingSamples * (1e9 / sampleRateHz)),
              SHORTEST_WAIT_NANOS,
              LONGEST_WAIT_NANOS));
    }
  }

  @Override
  public void close() {
    closed = true;
    line.close();
  }
}
