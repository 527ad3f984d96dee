package io.photophone.acquisition.source;

import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.Control;
import javax.sound.sampled.Line;
import javax.sound.sampled.LineListener;
import javax.sound.sampled.TargetDataLine;

/// A sound card whose time is the test's. Its left channel counts the samples since the start, the
/// right one holds the negative.
///
/// Overruns go as with ALSA: at a full buffer it stops, reports a full buffer, and at the next read
/// throws everything away and starts anew.
class FakeLine implements TargetDataLine, Microphone.Clock {
  final int bufferSamples;
  private final AudioFormat format;
  private int reads;
  private long nanos = 1_000_000_000_000L;

  /// When the device captured the sample with number 0, had it never stopped.
  private long startNanos;

  /// The next sample to be read.
  private long position;

  private long unpluggedSample = Long.MAX_VALUE;
  private boolean running;
  private boolean open = true;
  private Runnable whileWaiting = () -> {};

  FakeLine(int sampleRateHz, int bits, int bufferSamples) {
    this.format = new AudioFormat(sampleRateHz, bits, 2, true, false);
    this.bufferSamples = bufferSamples;
  }

  /// Time in which nobody reads.
  void passMillis(long millis) {
    nanos += millis * 1_000_000;
  }

  /// From this sample on there is nothing.
  void unplugAt(long sample) {
    unpluggedSample = sample;
  }

  /// Runs at each wait of the reader.
  void whileWaiting(Runnable action) {
    whileWaiting = action;
  }

  /// How often the device was read.
  int reads() {
    return reads;
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public void waitNanos(long wait) {
    nanos += wait;
    whileWaiting.run();
  }

  private long captured() {
    if (!running) {
      return 0;
    }
    long now = Math.round((nanos - startNanos) * (format.getSampleRate() / 1e9));
    return Math.min(now, unpluggedSample);
  }

  private long ready() {
    return Math.min(captured() - position, bufferSamples);
  }

  @Override
  public int available() {
    return open ? (int) ready() * format.getFrameSize() : 0;
  }

  @Override
  public int read(byte[] to, int offset, int length) {
    if (!open) {
      return 0;
    }
    if (ready() == bufferSamples) {
      position = captured();
    }
    int count = length / format.getFrameSize();
    reads++;
    if (ready() < count) {
      // The device's own blocking.
      nanos += Math.round((count - ready()) * 1e9 / format.getSampleRate());
    }
    count = (int) Math.min(count, ready());
    int at = offset;
    for (int i = 0; i < count; i++) {
      at = put(to, at, position + i);
      at = put(to, at, -(position + i));
    }
    position += count;
    return count * format.getFrameSize();
  }

  private int put(byte[] to, int at, long value) {
    int bytes = format.getFrameSize() / 2;
    for (int k = 0; k < bytes; k++) {
      to[at + k] = (byte) (value >> (8 * k));
    }
    return at + bytes;
  }

  @Override
  public void start() {
    running = true;
    startNanos = nanos;
  }

  @Override
  public void close() {
    open = false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public AudioFormat getFormat() {
    return format;
  }

  @Override
  public int getBufferSize() {
    return bufferSamples * format.getFrameSize();
  }

  private static UnsupportedOperationException unused() {
    return new UnsupportedOperationException("the microphone doesn't call this");
  }

  @Override
  public void open(AudioFormat unused, int bufferSize) {
    throw unused();
  }

  @Override
  public void open(AudioFormat unused) {
    throw unused();
  }

  @Override
  public void open() {
    throw unused();
  }

  @Override
  public void drain() {
    throw unused();
  }

  @Override
  public void flush() {
    throw unused();
  }

  @Override
  public void stop() {
    throw unused();
  }

  @Override
  public boolean isRunning() {
    throw unused();
  }

  @Override
  public boolean isActive() {
    throw unused();
  }

  @Override
  public int getFramePosition() {
    throw unused();
  }

  @Override
  public long getLongFramePosition() {
    throw unused();
  }

  @Override
  public long getMicrosecondPosition() {
    throw unused();
  }

  @Override
  public float getLevel() {
    throw unused();
  }

  @Override
  public Line.Info getLineInfo() {
    throw unused();
  }

  @Override
  public Control[] getControls() {
    throw unused();
  }

  @Override
  public boolean isControlSupported(Control.Type control) {
    throw unused();
  }

  @Override
  public Control getControl(Control.Type control) {
    throw unused();
  }

  @Override
  public void addLineListener(LineListener listener) {
    throw unused();
  }

  @Override
  public void removeLineListener(LineListener listener) {
    throw unused();
  }
}
