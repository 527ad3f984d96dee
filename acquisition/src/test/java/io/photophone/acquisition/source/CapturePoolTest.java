package io.photophone.acquisition.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Tag("B30")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class CapturePoolTest {
  private final CapturePool pool = new CapturePool(2, 64, ByteOrder.LITTLE_ENDIAN);

  @Test
  void a_buffer_that_came_back_is_lent_again() {
    CaptureBuffer buffer = pool.lend();
    pool.giveBack(buffer);
    assertSame(buffer, pool.lend());
  }

  @Test
  void a_buffer_comes_out_as_if_it_were_new() {
    CaptureBuffer buffer = pool.lend();
    buffer.grow(10);
    buffer.use(4);
    buffer.lose(7);
    pool.giveBack(buffer);
    CaptureBuffer again = pool.lend();
    assertSame(buffer, again);
    assertEquals(0, again.start());
    assertEquals(0, again.end());
    assertEquals(0, again.lostBefore());
    assertEquals(64, again.room());
  }

  @Test
  void a_buffer_beyond_the_capacity_is_left_to_the_collector() {
    CaptureBuffer first = pool.lend();
    CaptureBuffer second = pool.lend();
    CaptureBuffer beyond = pool.lend();
    pool.giveBack(first);
    pool.giveBack(second);
    pool.giveBack(beyond);
    assertEquals(2, pool.free());
    assertNotSame(beyond, pool.lend());
    assertNotSame(beyond, pool.lend());
    assertNotSame(beyond, pool.lend());
  }

  @Test
  void a_buffer_that_is_given_back_twice_is_refused() {
    CaptureBuffer buffer = pool.lend();
    pool.giveBack(buffer);
    assertThrows(IllegalStateException.class, () -> pool.giveBack(buffer));
    assertEquals(2, pool.free());
  }

  @Test
  void receiving_allocates_nothing_and_reading_the_samples_alone() throws Exception {
    int rounds = 20_000;
    int samples = 64;
    PcmFormat format = new PcmFormat(SampleEncoding.INT16, ByteOrder.LITTLE_ENDIAN, 2, 48_000);
    Steady input = new Steady(samples * format.blockBytes());
    Capture capture = new Capture(input, format, true);
    MicrophonePair microphones = MicrophonePair.of("steady", format, ChannelChoice.STEREO);
    RawSource source = new RawSource(capture, microphones, Duration.ofSeconds(20), true);
    capture.start();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long own = Thread.currentThread().threadId();
    try (source) {
      read(source, input, samples, rounds);
      long receivedBefore = threads.getThreadAllocatedBytes(input.threadId);
      long readBefore = threads.getThreadAllocatedBytes(own);
      read(source, input, samples, rounds);
      double received =
          (threads.getThreadAllocatedBytes(input.threadId) - receivedBefore) / (double) rounds;
      double readBytes = (threads.getThreadAllocatedBytes(own) - readBefore) / (double) rounds;
      assertTrue(received < 1, "bytes allocated for each receive: " + received);
      // Two arrays with their headers, the record that holds them, and the time.
      assertTrue(readBytes < 2 * 4 * samples + 128, "bytes allocated for each read: " + readBytes);
    }
  }

  private static void read(RawSource source, Steady input, int samples, int rounds)
      throws IOException {
    for (int n = 0; n < rounds; n++) {
      input.allowed.release();
      source.read(samples);
    }
  }

  /// Sends as often as it is allowed to.
  private static final class Steady implements PcmInput {
    private final int bytes;
    private final Semaphore allowed = new Semaphore(0);
    private volatile long threadId;

    Steady(int bytes) {
      this.bytes = bytes;
    }

    @Override
    public String name() {
      return "steady";
    }

    @Override
    public boolean connected() {
      return false;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
      threadId = Thread.currentThread().threadId();
      // Spinning, since a semaphore that waits allocates.
      while (!allowed.tryAcquire()) {
        if (Thread.currentThread().isInterrupted()) {
          return -1;
        }
        Thread.onSpinWait();
      }
      return Math.min(bytes, length);
    }

    @Override
    public void close() {
      allowed.release(1 << 20);
    }
  }
}
