package io.photophone.acquisition.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A2")
@Timeout(30)
final class MicrophoneTest {
  private static final int RATE = 48_000;

  /// 200 ms.
  private final FakeLine line = new FakeLine(RATE, 24, 9600);

  private final Microphone microphone = new Microphone("USB", line, line);

  private SourceRead.Samples read(int sampleCount) throws IOException {
    return assertInstanceOf(SourceRead.Samples.class, microphone.read(sampleCount));
  }

  private static void assertNear(long expected, long actual, long tolerance) {
    assertTrue(
        Math.abs(actual - expected) <= tolerance,
        () -> "expected %d ± %d, was %d".formatted(expected, tolerance, actual));
  }

  /// The number of a sample, as the fake counts it.
  private static long number(SourceRead.Samples read, int index) {
    assertEquals(0, read.channelA()[index] + read.channelB()[index]);
    return Math.round(read.channelA()[index] * 0x1p23);
  }

  @Test
  void it_is_live_and_measured() {
    assertTrue(microphone.live());
    assertFalse(microphone.simulated());
    assertEquals("USB", microphone.name());
    assertEquals(RATE, microphone.sampleRateHz());
  }

  @Test
  void samples_come_in_order_and_take_their_time() throws IOException {
    long begin = line.nanoTime();
    for (int n = 0; n < 30; n++) {
      SourceRead.Samples read = read(1600);
      assertEquals(1600, read.channelA().length);
      assertEquals(0, read.lostBefore());
      assertEquals(1600L * n, number(read, 0));
      assertEquals(1600L * n + 1599, number(read, 1599));
    }
    assertNear(1_000_000_000, line.nanoTime() - begin, 1_000_000);
  }

  @Test
  void sixteen_bit_samples_are_in_units_of_full_scale() throws IOException {
    FakeLine coarse = new FakeLine(8000, 16, 800);
    try (var source = new Microphone("coarse", coarse, coarse)) {
      var read = assertInstanceOf(SourceRead.Samples.class, source.read(100));
      assertEquals(99 * 0x1p-15f, read.channelA()[99]);
      assertEquals(-99 * 0x1p-15f, read.channelB()[99]);
    }
  }

  @Test
  void capture_begins_with_the_first_read() throws IOException {
    line.passMillis(5000);
    SourceRead.Samples read = read(480);
    assertEquals(0, number(read, 0));
    assertEquals(0, read.lostBefore());
  }

  @Test
  void a_pause_within_the_buffer_loses_nothing() throws IOException {
    read(480);
    line.passMillis(199);
    SourceRead.Samples read = read(480);
    assertEquals(480, number(read, 0));
    assertEquals(0, read.lostBefore());
  }

  @Test
  void the_lag_counts_from_the_first_samples_capture() throws IOException {
    assertNear(10_000_000, lag(read(480)), 500_000);
    line.passMillis(100);
    assertNear(100_000_000, lag(read(480)), 500_000);
    assertNear(90_000_000, lag(read(480)), 500_000);
  }

  private static long lag(SourceRead.Samples read) {
    return read.captureLagNanos().orElse(-1);
  }

  @ParameterizedTest
  @ValueSource(longs = {200, 201, 350, 5000, 150_000})
  void an_overrun_is_told_with_the_samples_it_lost(long pauseMillis) throws IOException {
    long last = number(read(480), 479);
    line.passMillis(pauseMillis);
    SourceRead.Samples read = read(480);
    long hole = number(read, 0) - last - 1;
    assertNear(48 * pauseMillis, hole, 1);
    assertNear(hole, read.lostBefore(), 1);
    SourceRead.Samples after = read(480);
    assertEquals(0, after.lostBefore());
    assertEquals(number(read, 479) + 1, number(after, 0));
  }

  @Test
  void what_was_waiting_in_the_buffer_is_lost_as_well() throws IOException {
    read(480);
    line.passMillis(100);
    long last = number(read(480), 479);
    line.passMillis(400);
    SourceRead.Samples read = read(480);
    long hole = number(read, 0) - last - 1;
    assertNear((100 + 400 - 10) * 48, hole, 1);
    assertNear(hole, read.lostBefore(), 1);
  }

  @Test
  void overruns_do_not_add_up_errors() throws IOException {
    long index = 0;
    for (int n = 0; n < 200; n++) {
      SourceRead.Samples read = read(480);
      index += read.lostBefore();
      assertNear(number(read, 0), index, n + 1);
      index += 480;
      line.passMillis(n % 3 == 0 ? 333 : 20);
    }
  }

  @Test
  void a_read_longer_than_the_buffer_comes_whole() throws IOException {
    SourceRead.Samples read = read(30_000);
    assertEquals(30_000, read.channelA().length);
    assertEquals(29_999, number(read, 29_999));
    assertTrue(line.reads() > 3);
  }

  @Test
  void an_overrun_within_a_read_ends_it_there() throws IOException {
    line.whileWaiting(() -> {
      if (line.reads() > 0) {
        line.passMillis(500);
      }
    });
    SourceRead.Samples first = read(9600);
    assertEquals(4800, first.channelA().length);
    line.whileWaiting(() -> {});
    SourceRead.Samples second = read(480);
    long hole = number(second, 0) - 4800;
    assertTrue(hole >= 24_000, () -> "hole of " + hole);
    assertNear(hole, second.lostBefore(), 1);
  }

  @Test
  void a_line_that_always_looks_full_loses_nothing() throws IOException {
    FakeLine tiny =
        new FakeLine(RATE, 16, 9600) {
          @Override
          public int available() {
            return getBufferSize();
          }
        };
    try (var source = new Microphone("virtual", tiny, tiny)) {
      for (int n = 0; n < 20; n++) {
        var read = assertInstanceOf(SourceRead.Samples.class, source.read(480));
        assertEquals(0, read.lostBefore());
      }
    }
  }

  @Test
  void closing_ends_a_read_that_waits() {
    line.unplugAt(100);
    line.whileWaiting(microphone::close);
    var e = assertThrows(IOException.class, () -> microphone.read(480));
    assertEquals("USB: is closed", e.getMessage());
    assertFalse(line.isOpen());
  }

  @Test
  void a_read_after_closing_is_an_error() throws IOException {
    read(480);
    microphone.close();
    microphone.close();
    var e = assertThrows(IOException.class, () -> microphone.read(480));
    assertEquals("USB: is closed", e.getMessage());
  }

  @Test
  void a_device_that_falls_silent_has_failed_after_two_seconds() throws IOException {
    line.unplugAt(1000);
    read(480);
    read(480);
    long before = line.nanoTime();
    var e = assertThrows(IOException.class, () -> microphone.read(480));
    assertEquals("USB: has delivered nothing for 2 s, it may have been unplugged", e.getMessage());
    assertNear(2_000_000_000, line.nanoTime() - before, 100_000_000);
  }

  @Test
  void a_device_that_is_slow_has_not_failed() throws IOException {
    line.unplugAt(0);
    AtomicLong delivered = new AtomicLong();
    line.whileWaiting(() -> {
      line.passMillis(1900);
      line.unplugAt(delivered.incrementAndGet());
    });
    assertEquals(5, read(5).channelA().length);
  }

  @Test
  void an_interrupt_ends_a_read_that_waits_and_stays() {
    line.whileWaiting(Thread.currentThread()::interrupt);
    assertThrows(InterruptedIOException.class, () -> microphone.read(4800));
    assertTrue(Thread.interrupted());
  }

  @Test
  void a_line_that_refuses_to_deliver_has_failed() {
    FakeLine broken =
        new FakeLine(RATE, 16, 9600) {
          @Override
          public int read(byte[] to, int offset, int length) {
            return 0;
          }
        };
    try (var source = new Microphone("broken", broken, broken)) {
      var e = assertThrows(IOException.class, () -> source.read(480));
      assertEquals("broken: stopped delivering, it may have been unplugged", e.getMessage());
    }
  }

  @Test
  void a_short_read_is_handed_out_as_it_is() throws IOException {
    FakeLine halting =
        new FakeLine(RATE, 16, 9600) {
          @Override
          public int read(byte[] to, int offset, int length) {
            return super.read(to, offset, length / 2);
          }
        };
    try (var source = new Microphone("halting", halting, halting)) {
      var read = assertInstanceOf(SourceRead.Samples.class, source.read(480));
      assertEquals(240, read.channelA().length);
      assertEquals(OptionalLong.of(10_000_000), read.captureLagNanos());
    }
  }

  @Test
  void a_read_of_nothing_is_refused() {
    var e = assertThrows(IllegalArgumentException.class, () -> microphone.read(0));
    assertEquals("sample count is not positive: 0", e.getMessage());
  }

  @Test
  void a_rate_of_nothing_is_refused() {
    var e = assertThrows(IllegalArgumentException.class, () -> Microphone.open("", 0));
    assertEquals("sample rate is not positive: 0 Hz", e.getMessage());
  }
}
