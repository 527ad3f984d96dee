package io.photophone.acquisition.daemon;

import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.source.SourceRead;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A source that does what the test says at each read. Channel A counts its own samples from 0,
/// channel B counts them down.
final class FakeSource implements AudioSource {
  private final String name;
  private final int sampleRateHz;
  private final boolean live;
  private final Script script;
  private final List<Integer> asked = new CopyOnWriteArrayList<>();
  private final AtomicInteger closes = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch blocked = new CountDownLatch(1);
  private volatile Thread reader;
  private int samples;

  /// What one read does.
  interface Script {
    /// Read number `read`, from 0 on.
    SourceRead read(FakeSource source, int read, int sampleCount) throws IOException;
  }

  private FakeSource(String name, int sampleRateHz, boolean live, Script script) {
    this.name = name;
    this.sampleRateHz = sampleRateHz;
    this.live = live;
    this.script = script;
  }

  static FakeSource live(String name, int sampleRateHz, Script script) {
    return new FakeSource(name, sampleRateHz, true, script);
  }

  static FakeSource paced(String name, int sampleRateHz, Script script) {
    return new FakeSource(name, sampleRateHz, false, script);
  }

  /// Gives as many reads as said, then ends.
  static Script reads(int count) {
    return (source, read, sampleCount) ->
        read < count ? source.samples(sampleCount) : new SourceRead.End();
  }

  SourceRead.Samples samples(int count) {
    return samples(count, 0, OptionalLong.empty());
  }

  SourceRead.Samples samples(int count, long lostBefore, OptionalLong captureLagNanos) {
    float[] a = new float[count];
    float[] b = new float[count];
    for (int i = 0; i < count; i++) {
      a[i] = samples;
      b[i] = -samples;
      samples++;
    }
    return new SourceRead.Samples(a, b, lostBefore, captureLagNanos);
  }

  /// Blocks until the source is closed, as a read of a device without samples does.
  SourceRead block() throws IOException {
    blocked.countDown();
    boolean interrupted = false;
    while (true) {
      try {
        closed.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    throw new IOException(name + " was closed");
  }

  /// Waits until a read blocks.
  void awaitBlocked() throws InterruptedException {
    blocked.await();
  }

  @Override
  public SourceRead read(int sampleCount) throws IOException {
    reader = Thread.currentThread();
    int read = asked.size();
    asked.add(sampleCount);
    return script.read(this, read, sampleCount);
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
    return live;
  }

  @Override
  public boolean simulated() {
    return false;
  }

  @Override
  public void close() {
    closes.incrementAndGet();
    closed.countDown();
  }

  boolean isClosed() {
    return closes.get() > 0;
  }

  /// How many samples each read was asked for.
  List<Integer> asked() {
    return asked;
  }

  /// The thread of the last read.
  Thread reader() {
    return reader;
  }
}
