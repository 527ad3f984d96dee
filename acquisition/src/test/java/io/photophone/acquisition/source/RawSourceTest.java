package io.photophone.acquisition.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.source.RawSettings.Address;
import io.photophone.acquisition.source.RawSettings.Transport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A2")
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class RawSourceTest {
  private static final int RATE_HZ = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final PcmFormat FLOATS =
      new PcmFormat(SampleEncoding.FLOAT32, ByteOrder.LITTLE_ENDIAN, 2, RATE_HZ);

  private final FakeInput input = new FakeInput();

  @AutoClose private final Opened opened = new Opened();

  /// Closes what a test opened.
  private static final class Opened implements AutoCloseable {
    private RawSource source;

    @Override
    public void close() {
      if (source != null) {
        source.close();
      }
    }
  }

  private RawSource open(PcmFormat format, boolean live, Duration timeout) throws IOException {
    Capture capture = new Capture(input, format, live);
    MicrophonePair microphones = MicrophonePair.of("fake", format, ChannelChoice.STEREO);
    opened.source = new RawSource(capture, microphones, timeout, true);
    capture.start();
    return opened.source;
  }

  private RawSource live() throws IOException {
    return open(FLOATS, true, PATIENCE);
  }

  /// Samples whose values are their numbers; B's are negative.
  private static byte[] numbered(int from, int to) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * (to - from)).order(ByteOrder.LITTLE_ENDIAN);
    for (int n = from; n < to; n++) {
      bytes.putFloat(n).putFloat(-n);
    }
    return bytes.array();
  }

  private static SourceRead.Samples read(AudioSource source, int count) throws IOException {
    return assertInstanceOf(SourceRead.Samples.class, source.read(count));
  }

  private static void assertNumbered(int from, int to, SourceRead.Samples samples) {
    assertEquals(to - from, samples.channelA().length);
    for (int n = from; n < to; n++) {
      assertEquals(n, samples.channelA()[n - from]);
      assertEquals(-n, samples.channelB()[n - from]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 8, 100, 20_000})
  void however_the_bytes_are_cut_the_samples_are_the_same(int cut) throws Exception {
    RawSource source = live();
    byte[] bytes = numbered(0, 500);
    for (int at = 0; at < bytes.length; at += cut) {
      input.send(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + cut)));
    }
    assertNumbered(0, 123, read(source, 123));
    assertNumbered(123, 500, read(source, 377));
  }

  @ParameterizedTest
  @CsvSource({
    "INT16, little",
    "INT16, big",
    "INT24, little",
    "INT24, big",
    "INT32, little",
    "INT32, big",
    "FLOAT32, little",
    "FLOAT32, big"
  })
  void every_encoding_is_read_in_either_order(SampleEncoding encoding, String name)
      throws Exception {
    ByteOrder order = name.equals("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    float[] values = {-1, 0.5f, 0x1p-15f, -0x1p-15f};
    byte[] bytes = new byte[values.length * encoding.bytes()];
    for (int n = 0; n < values.length; n++) {
      ByteBuffer one = ByteBuffer.allocate(encoding.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      encoding.encode(values[n], one);
      for (int k = 0; k < encoding.bytes(); k++) {
        int at = order == ByteOrder.BIG_ENDIAN ? encoding.bytes() - 1 - k : k;
        bytes[n * encoding.bytes() + at] = one.get(k);
      }
    }
    RawSource source = open(new PcmFormat(encoding, order, 2, RATE_HZ), true, PATIENCE);
    input.send(bytes);
    SourceRead.Samples samples = read(source, 2);
    assertArrayEquals(new float[] {-1, 0x1p-15f}, samples.channelA());
    assertArrayEquals(new float[] {0.5f, -0x1p-15f}, samples.channelB());
  }

  @Test
  @Tag("A6")
  void what_a_slow_reader_misses_of_a_live_sender_is_counted_to_the_sample() throws Exception {
    RawSource source = live();
    input.send(numbered(0, 10_000));
    input.send(numbered(10_000, 10_100));
    SourceRead.Samples samples = read(source, 10);
    long first = samples.lostBefore();
    assertNumbered((int) first, (int) first + 10, samples);
    // A buffer of 16 KiB holds 2048 samples, and the capacity is no less than that.
    assertTrue(first >= 10_100 - 2 * 2048 && first < 10_100, "lost " + first);
    int next = (int) first + 10;
    assertNumbered(next, 10_100, read(source, 10_100 - next));
  }

  @Test
  @Tag("A6")
  void a_read_ends_before_a_loss_and_never_spans_it() throws Exception {
    RawSource source = live();
    input.send(numbered(0, 100));
    assertNumbered(0, 50, read(source, 50));
    input.send(numbered(100, 10_000));
    SourceRead.Samples before = read(source, 100);
    assertNumbered(50, 100, before);
    assertEquals(0, before.lostBefore());
    SourceRead.Samples after = read(source, 5);
    assertTrue(after.lostBefore() > 0);
    int first = 100 + (int) after.lostBefore();
    assertNumbered(first, first + 5, after);
  }

  @Test
  void a_sender_that_is_not_live_waits_and_loses_nothing() throws Exception {
    RawSource source = open(FLOATS, false, PATIENCE);
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(() -> {
          try {
            input.send(numbered(0, 50_000));
            input.end();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    for (int at = 0; at < 50_000; at += 500) {
      SourceRead.Samples samples = read(source, 500);
      assertEquals(0, samples.lostBefore());
      assertEquals(OptionalLong.empty(), samples.captureLagNanos());
      assertNumbered(at, at + 500, samples);
    }
    sent.get(20, TimeUnit.SECONDS);
    assertInstanceOf(SourceRead.End.class, source.read(1));
  }

  @Test
  void the_time_since_the_capture_covers_what_waits() throws Exception {
    RawSource source = live();
    input.send(numbered(0, 500));
    long lag = read(source, 100).captureLagNanos().orElseThrow();
    assertTrue(lag >= TimeUnit.MILLISECONDS.toNanos(500), "lag of " + lag);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void an_end_within_a_sample_is_a_failure_behind_what_came_whole(int extra) throws Exception {
    RawSource source = live();
    input.send(Arrays.copyOf(numbered(0, 4), 3 * 8 + extra));
    input.end();
    assertNumbered(0, 3, read(source, 10));
    var e = assertThrows(IOException.class, () -> source.read(1));
    assertEquals(
        "fake: ended within a sample of all channels, behind %d of its 8 bytes".formatted(extra),
        e.getMessage());
  }

  @Test
  void the_end_is_told_behind_what_came_before() throws Exception {
    RawSource source = live();
    input.send(numbered(0, 3));
    input.end();
    assertNumbered(0, 3, read(source, 10));
    assertInstanceOf(SourceRead.End.class, source.read(10));
  }

  @Test
  void a_sender_that_falls_silent_has_failed() throws Exception {
    RawSource source = open(FLOATS, true, Duration.ofMillis(150));
    input.send(numbered(0, 3));
    assertNumbered(0, 3, read(source, 10));
    var e = assertThrows(IOException.class, () -> source.read(1));
    assertEquals("fake: has delivered nothing for 0.15 s", e.getMessage());
  }

  @Test
  void a_sender_that_was_never_there_is_waited_for_until_the_source_is_closed() throws Exception {
    RawSource source = open(FLOATS, true, Duration.ofMillis(100));
    CompletableFuture<SourceRead> reading =
        CompletableFuture.supplyAsync(() -> readOrThrow(source));
    assertThrows(TimeoutException.class, () -> reading.get(400, TimeUnit.MILLISECONDS));
    source.close();
    var e = assertThrows(CompletionException.class, reading::join);
    assertEquals("fake: is closed", e.getCause().getMessage());
  }

  private static SourceRead readOrThrow(AudioSource source) {
    try {
      return source.read(1);
    } catch (IOException e) {
      throw new CompletionException(e.toString(), e);
    }
  }

  @Test
  void an_interrupt_ends_a_read_and_stays() throws Exception {
    RawSource source = live();
    Thread.currentThread().interrupt();
    assertThrows(InterruptedIOException.class, () -> source.read(1));
    assertTrue(Thread.interrupted());
  }

  @Test
  void the_microphones_are_chosen_from_more_channels() throws Exception {
    PcmFormat four = new PcmFormat(SampleEncoding.INT16, ByteOrder.BIG_ENDIAN, 4, RATE_HZ);
    MicrophonePair pair = MicrophonePair.of("fake", four, ChannelChoice.parse("4,2"));
    Capture capture = new Capture(input, four, true);
    opened.source = new RawSource(capture, pair, PATIENCE, true);
    capture.start();
    input.send(new byte[] {0, 1, 0, 2, 0, 3, 0, 4});
    SourceRead.Samples samples = read(opened.source, 1);
    assertArrayEquals(new float[] {0x4p-15f}, samples.channelA());
    assertArrayEquals(new float[] {0x2p-15f}, samples.channelB());
  }

  private static RawSettings stdin(boolean live, ChannelChoice channels) {
    return new RawSettings(
        Transport.STDIN, Address.DEFAULT, FLOATS, channels, live, Duration.ofSeconds(20));
  }

  @Test
  void standard_input_goes_on_where_it_is_when_it_is_opened_again() throws Exception {
    byte[] bytes = numbered(0, 10_000);
    var standard =
        new StandardInput(stdin(false, ChannelChoice.STEREO), new ByteArrayInputStream(bytes));
    try (AudioSource source = standard.open()) {
      assertNumbered(0, 100, read(source, 100));
    }
    try (AudioSource source = standard.open()) {
      // The rest of the buffer that was in use is gone with its reader.
      SourceRead.Samples samples = read(source, 100);
      int first = (int) samples.channelA()[0];
      assertEquals(0, first % 2048);
      assertNumbered(first, first + 100, samples);
    }
  }

  @Test
  void standard_input_is_read_on_by_who_opened_it_last() throws Exception {
    try (var sender = new PipedOutputStream();
        var receiver = new PipedInputStream(sender, 1 << 16)) {
      var standard = new StandardInput(stdin(true, ChannelChoice.STEREO), receiver);
      try (AudioSource first = standard.open();
          AudioSource second = standard.open()) {
        sender.write(numbered(0, 10));
        sender.flush();
        assertNumbered(0, 10, read(second, 10));
        var e = assertThrows(IOException.class, () -> first.read(1));
        assertEquals("standard input: is closed", e.getMessage());
      }
    }
  }

  @Test
  void channels_that_the_format_lacks_are_refused() {
    var standard =
        new StandardInput(
            stdin(true, ChannelChoice.parse("1,3")), new ByteArrayInputStream(new byte[0]));
    var e = assertThrows(IOException.class, standard::open);
    assertEquals("standard input: has no channel 3, it has 2 channels", e.getMessage());
  }

  @ParameterizedTest
  @EnumSource(names = "UDP")
  void datagrams_are_always_live(Transport transport) {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new RawSettings(
                    transport, Address.DEFAULT, FLOATS, ChannelChoice.STEREO, false, PATIENCE));
    assertEquals("live is false, allowed: true (from is udp)", e.getMessage());
  }
}
