package io.photophone.acquisition.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A2")
final class WavFileTest {
  private static final int INTEGER = 1;
  private static final int FLOAT = 3;
  private static final String INTEGER_SUBFORMAT = "0100000000001000800000aa00389b71";
  private static final String FLOAT_SUBFORMAT = "0300000000001000800000aa00389b71";

  /// A: 1, 2, 3 and B: −1, −2, −3 in units of the 16-bit integer.
  private static final byte[] THREE_SAMPLES = RiffBytes.shorts(1, -1, 2, -2, 3, -3);

  @TempDir private Path folder;

  @AutoClose private final Closing closing = new Closing();

  /// Closes what a test opened.
  private static final class Closing implements AutoCloseable {
    private Optional<FileSource> source = Optional.empty();

    @Override
    public void close() {
      source.ifPresent(FileSource::close);
    }
  }

  private FileSource open(byte[] content, ChannelChoice channels, boolean loop) throws IOException {
    FileSource source =
        FileSource.open(Files.write(folder.resolve("cell.wav"), content), channels, loop);
    closing.source = Optional.of(source);
    return source;
  }

  private FileSource open(byte[] content) throws IOException {
    return open(content, ChannelChoice.STEREO, false);
  }

  private static void assertThreeSamples(FileSource source) throws IOException {
    assertEquals(3, source.totalSamples());
    Recording recording = Recording.all(source, 100);
    assertArrayEquals(new float[] {0x1p-15f, 0x2p-15f, 0x3p-15f}, recording.channelA());
    assertArrayEquals(new float[] {-0x1p-15f, -0x2p-15f, -0x3p-15f}, recording.channelB());
  }

  static Stream<Arguments> encodings() {
    byte[] int16 = RiffBytes.shorts(-32768, 32767, 0, 1, 16384, -1);
    byte[] int24 = {
      0, 0, -128, -1, -1, 127, 0, 0, 0, 1, 0, 0, 0, 0, 64, -1, -1, -1,
    };
    byte[] int32 = RiffBytes.ints(Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 1, 1 << 30, -1);
    byte[] float32 = RiffBytes.floats(-1, 1, 0, 0x1p-30f, 0.5f, 1.25f);
    float[] a16 = {-1, 0, 0.5f};
    return Stream.of(
        Arguments.of(
            "16 bit", INTEGER, 16, int16, a16, new float[] {32767 / 32768f, 0x1p-15f, -0x1p-15f}),
        Arguments.of(
            "24 bit", INTEGER, 24, int24, a16, new float[] {1 - 0x1p-23f, 0x1p-23f, -0x1p-23f}),
        Arguments.of("32 bit", INTEGER, 32, int32, a16, new float[] {1, 0x1p-31f, -0x1p-31f}),
        Arguments.of("float", FLOAT, 32, float32, a16, new float[] {1, 0x1p-30f, 1.25f}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("encodings")
  void samples_are_in_units_of_full_scale(
      String name, int tag, int bits, byte[] data, float[] a, float[] b) throws IOException {
    FileSource source =
        open(RiffBytes.wave().format(tag, 2, 48_000, bits).chunk("data", data).bytes());
    Recording recording = Recording.all(source, 2);
    assertArrayEquals(a, recording.channelA(), name);
    assertArrayEquals(b, recording.channelB(), name);
    assertEquals(Optional.empty(), source.damage());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("encodings")
  void extensible_files_hold_the_same_samples(
      String name, int tag, int bits, byte[] data, float[] a, float[] b) throws IOException {
    String subformat = tag == FLOAT ? FLOAT_SUBFORMAT : INTEGER_SUBFORMAT;
    Recording recording =
        Recording.all(
            open(
                RiffBytes.wave()
                    .extensible(2, 48_000, bits, subformat)
                    .chunk("data", data)
                    .bytes()),
            2);
    assertArrayEquals(a, recording.channelA(), name);
    assertArrayEquals(b, recording.channelB(), name);
  }

  @Test
  void values_of_a_float_file_arrive_as_they_are() throws IOException {
    byte[] data = RiffBytes.floats(Float.NaN, Float.POSITIVE_INFINITY);
    Recording recording =
        Recording.all(
            open(RiffBytes.wave().format(FLOAT, 2, 48_000, 32).chunk("data", data).bytes()), 1);
    assertArrayEquals(new float[] {Float.NaN}, recording.channelA());
    assertArrayEquals(new float[] {Float.POSITIVE_INFINITY}, recording.channelB());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8000, 44_100, 192_000, Integer.MAX_VALUE})
  void any_rate_is_told(int rate) throws IOException {
    FileSource source =
        open(RiffBytes.wave().format(INTEGER, 2, rate, 16).chunk("data", THREE_SAMPLES).bytes());
    assertEquals(rate, source.sampleRateHz());
  }

  @Test
  void it_is_neither_live_nor_simulated_and_has_the_name_of_its_file() throws IOException {
    FileSource source =
        open(RiffBytes.wave().format(INTEGER, 2, 8000, 16).chunk("data", THREE_SAMPLES).bytes());
    assertFalse(source.live());
    assertFalse(source.simulated());
    assertEquals(folder.resolve("cell.wav").toString(), source.name());
  }

  @Test
  void the_end_stays_the_end() throws IOException {
    FileSource source =
        open(RiffBytes.wave().format(INTEGER, 2, 8000, 16).chunk("data", THREE_SAMPLES).bytes());
    var read = assertInstanceOf(SourceRead.Samples.class, source.read(100));
    assertEquals(3, read.channelA().length);
    assertInstanceOf(SourceRead.End.class, source.read(100));
    assertInstanceOf(SourceRead.End.class, source.read(1));
  }

  @Test
  void a_loop_of_whole_seconds_begins_again_without_a_gap() throws IOException {
    for (int rate : new int[] {1, 3}) {
      FileSource source = open(threeSamplesAt(rate), ChannelChoice.STEREO, true);
      for (int n = 0; n < 6; n++) {
        var read = assertInstanceOf(SourceRead.Samples.class, source.read(7));
        assertEquals(0, read.lostBefore());
        for (int i = 0; i < 7; i++) {
          assertEquals((7 * n + i) % 3 + 1, read.channelA()[i] * 32768);
        }
      }
      assertEquals(3, source.totalSamples());
      source.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void a_loop_begins_again_at_a_whole_second_behind_a_gap(int readSize) throws IOException {
    int rate = 8000;
    FileSource source = open(threeSamplesAt(rate), ChannelChoice.STEREO, true);
    long index = 0;
    for (int n = 0; n < 20; n++) {
      var read = assertInstanceOf(SourceRead.Samples.class, source.read(readSize));
      index += read.lostBefore();
      for (float value : read.channelA()) {
        assertEquals((float) (index % rate + 1), value * 32768);
        index++;
      }
    }
    assertEquals(3, source.totalSamples());
  }

  private static byte[] threeSamplesAt(int rate) {
    return RiffBytes.wave().format(INTEGER, 2, rate, 16).chunk("data", THREE_SAMPLES).bytes();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1600, 16_384, 50_000, 100_000})
  void reads_of_any_size_give_the_same_samples(int readSize) throws IOException {
    int count = 50_000;
    int[] values = new int[2 * count];
    for (int i = 0; i < count; i++) {
      values[2 * i] = i % 30_000;
      values[2 * i + 1] = -(i % 29_999);
    }
    FileSource source =
        open(
            RiffBytes.wave()
                .format(INTEGER, 2, 48_000, 16)
                .chunk("data", RiffBytes.shorts(values))
                .bytes());
    Recording recording = Recording.all(source, readSize);
    assertEquals(count, recording.length());
    for (int i = 0; i < count; i++) {
      assertEquals(i % 30_000, recording.channelA()[i] * 32768);
      assertEquals(-(i % 29_999), recording.channelB()[i] * 32768, 0.0);
    }
  }

  @Test
  void unknown_chunks_and_their_padding_are_skipped() throws IOException {
    assertThreeSamples(
        open(
            RiffBytes.wave()
                .chunk("LIST", new byte[5])
                .format(INTEGER, 2, 8000, 16)
                .chunk("bext", new byte[602])
                .chunk("odd ", new byte[1])
                .chunk("data", THREE_SAMPLES)
                .chunk("LIST", new byte[8])
                .bytes()));
  }

  static Stream<Arguments> unfinished() {
    return Stream.of(
        Arguments.of("both lengths unknown", 0xFFFF_FFFFL, 0xFFFF_FFFFL),
        Arguments.of("both lengths 0", 0L, 0L),
        Arguments.of("RIFF covers the header", 36L, 0L),
        Arguments.of("RIFF unknown", 0xFFFF_FFFFL, 0L));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unfinished")
  void an_unfinished_file_is_read_to_its_end(String name, long riff, long data) throws IOException {
    FileSource source =
        open(
            RiffBytes.wave()
                .format(INTEGER, 2, 8000, 16)
                .chunk("data", data, THREE_SAMPLES)
                .bytes(riff));
    assertEquals(Optional.empty(), source.damage(), name);
    assertThreeSamples(source);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RF64", "BW64"})
  void long_files_have_their_length_in_a_ds64_chunk(String magic) throws IOException {
    FileSource source =
        open(
            new RiffBytes(magic, "WAVE")
                .ds64(THREE_SAMPLES.length)
                .format(INTEGER, 2, 8000, 16)
                .chunk("data", 0xFFFF_FFFFL, THREE_SAMPLES)
                .chunk("LIST", new byte[8])
                .bytes(0xFFFF_FFFFL));
    assertEquals(Optional.empty(), source.damage());
    assertThreeSamples(source);
  }

  @Test
  void an_unfinished_long_file_is_read_to_its_end() throws IOException {
    FileSource source =
        open(
            new RiffBytes("RF64", "WAVE")
                .ds64(0)
                .format(INTEGER, 2, 8000, 16)
                .chunk("data", 0xFFFF_FFFFL, THREE_SAMPLES)
                .bytes(0xFFFF_FFFFL));
    assertEquals(Optional.empty(), source.damage());
    assertThreeSamples(source);
  }

  @Test
  void a_file_of_six_gigabytes_tells_all_its_samples() throws IOException {
    long dataBytes = 6L << 30;
    byte[] head =
        new RiffBytes("RF64", "WAVE")
            .ds64(dataBytes)
            .format(INTEGER, 2, 192_000, 24)
            .chunk("data", 0xFFFF_FFFFL)
            .bytes(0xFFFF_FFFFL);
    Path sparse = Files.write(folder.resolve("large.wav"), head);
    try (var file = new RandomAccessFile(sparse.toFile(), "rw")) {
      file.setLength(head.length + dataBytes);
    }
    try (var source = FileSource.open(sparse, ChannelChoice.STEREO, false)) {
      assertEquals(1L << 30, source.totalSamples());
      assertEquals(Optional.empty(), source.damage());
    }
  }

  @Test
  void chosen_channels_are_the_microphones() throws IOException {
    byte[] three =
        RiffBytes.wave()
            .format(INTEGER, 3, 8000, 16)
            .chunk("data", RiffBytes.shorts(10, 20, 30, 11, 21, 31))
            .bytes();
    Recording recording = Recording.all(open(three, ChannelChoice.parse("3,1"), false), 5);
    assertArrayEquals(new float[] {30 / 32768f, 31 / 32768f}, recording.channelA());
    assertArrayEquals(new float[] {10 / 32768f, 11 / 32768f}, recording.channelB());
  }

  @Test
  void a_single_channel_leaves_microphone_b_silent() throws IOException {
    byte[] mono =
        RiffBytes.wave().format(INTEGER, 1, 8000, 16).chunk("data", RiffBytes.shorts(5, 6)).bytes();
    Recording recording = Recording.all(open(mono, ChannelChoice.parse("1"), false), 5);
    assertArrayEquals(new float[] {5 / 32768f, 6 / 32768f}, recording.channelA());
    assertArrayEquals(new float[2], recording.channelB());
  }

  @Test
  void a_read_after_closing_is_an_error() throws IOException {
    FileSource source =
        open(RiffBytes.wave().format(INTEGER, 2, 8000, 16).chunk("data", THREE_SAMPLES).bytes());
    source.read(1);
    source.close();
    source.close();
    var e = assertThrows(IOException.class, () -> source.read(1));
    assertEquals(source.name() + ": is closed", e.getMessage());
  }

  @Test
  void an_interrupted_thread_can_still_read() throws IOException {
    FileSource source =
        open(RiffBytes.wave().format(INTEGER, 2, 8000, 16).chunk("data", THREE_SAMPLES).bytes());
    Thread.currentThread().interrupt();
    try {
      assertThreeSamples(source);
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void a_read_of_nothing_is_refused() throws IOException {
    FileSource source =
        open(RiffBytes.wave().format(INTEGER, 2, 8000, 16).chunk("data", THREE_SAMPLES).bytes());
    var e = assertThrows(IllegalArgumentException.class, () -> source.read(0));
    assertEquals("sample count is not positive: 0", e.getMessage());
  }

  @Test
  void a_file_that_becomes_shorter_is_an_error() throws IOException {
    FileSource source =
        open(RiffBytes.wave().format(INTEGER, 2, 8000, 16).chunk("data", THREE_SAMPLES).bytes());
    try (var file = new RandomAccessFile(source.name(), "rw")) {
      file.setLength(50);
    }
    var e = assertThrows(IOException.class, () -> source.read(3));
    assertEquals(source.name() + ": became shorter while it was read (byte 50)", e.getMessage());
  }
}
