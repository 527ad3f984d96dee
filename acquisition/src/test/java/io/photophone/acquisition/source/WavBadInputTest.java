package io.photophone.acquisition.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A2")
@Timeout(120)
final class WavBadInputTest {
  private static final byte[] DATA = RiffBytes.shorts(1, -1, 2, -2, 3, -3);
  private static final String SUPPORTED = "supported: 16, 24 or 32 bit integer or 32 bit float PCM";

  @TempDir private Path folder;

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("cell.wav"), content);
  }

  private static String faultOf(Path file, ChannelChoice channels) {
    var e = assertThrows(IOException.class, () -> FileSource.open(file, channels, false));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith(file + ": "), message);
    return message.substring((file + ": ").length());
  }

  private static RiffBytes withFormat(int tag, int channels, int rate, int block, int bits) {
    return RiffBytes.wave().format(tag, channels, rate, block, bits).chunk("data", DATA);
  }

  static Stream<Arguments> broken() {
    RiffBytes sound = RiffBytes.wave().format(1, 2, 8000, 16);
    return Stream.of(
        Arguments.of("the file is empty (byte 0)", new byte[0]),
        Arguments.of("11 bytes are too few for a WAV file (byte 0)", new byte[11]),
        Arguments.of(
            "begins with \"fLaC\", a WAV file begins with RIFF or RF64, an AIFF file with FORM"
                + " (byte 0)",
            "fLaC and more of it".getBytes(StandardCharsets.US_ASCII)),
        Arguments.of(
            "is a RIFF file of type \"AVI \", allowed: WAVE (byte 8)",
            new RiffBytes("RIFF", "AVI ").bytes()),
        Arguments.of("has no fmt chunk and no data chunk (byte 12)", RiffBytes.wave().bytes()),
        Arguments.of(
            "has no fmt chunk before its data chunk (byte 12)",
            RiffBytes.wave().chunk("data", DATA).format(1, 2, 8000, 16).bytes()),
        Arguments.of("has no data chunk (byte 36)", sound.bytes()),
        Arguments.of(
            "has no data chunk (byte 48)",
            RiffBytes.wave().format(1, 2, 8000, 16).chunk("LIST", 1000, new byte[4]).bytes()),
        Arguments.of(
            "has no data chunk among its first 1000 chunks (byte 8012)",
            manyChunks(1000).chunk("data", DATA).bytes()),
        Arguments.of(
            "is damaged: there should be a chunk here (byte 36)",
            RiffBytes.wave().format(1, 2, 8000, 16).raw(new byte[100]).bytes()),
        Arguments.of(
            "the fmt chunk has 14 bytes, it needs 16 or more (byte 12)",
            RiffBytes.wave().chunk("fmt ", new byte[14]).chunk("data", DATA).bytes()),
        Arguments.of(
            "the fmt chunk has 4 bytes, it needs 16 or more (byte 12)",
            RiffBytes.wave().chunk("fmt ", 16, new byte[4]).bytes()),
        Arguments.of(
            "the extensible fmt chunk has 16 bytes, it needs 40 (byte 20)",
            withFormat(0xFFFE, 2, 8000, 4, 16).bytes()),
        Arguments.of("has 0 channels (byte 22)", withFormat(1, 0, 8000, 4, 16).bytes()),
        Arguments.of("has a sample rate of 0 Hz (byte 24)", withFormat(1, 2, 0, 4, 16).bytes()),
        Arguments.of(
            "has a sample rate of 4294967295 Hz (byte 24)", withFormat(1, 2, -1, 4, 16).bytes()),
        Arguments.of(
            "is encoded as A-law of 8 bit, " + SUPPORTED + " (byte 20)",
            withFormat(6, 2, 8000, 2, 8).bytes()),
        Arguments.of(
            "is encoded as integer PCM of 8 bit, " + SUPPORTED + " (byte 20)",
            withFormat(1, 2, 8000, 2, 8).bytes()),
        Arguments.of(
            "is encoded as float PCM of 64 bit, " + SUPPORTED + " (byte 20)",
            withFormat(3, 2, 8000, 16, 64).bytes()),
        Arguments.of(
            "is encoded as format 0x1234 of 16 bit, " + SUPPORTED + " (byte 20)",
            withFormat(0x1234, 2, 8000, 4, 16).bytes()),
        Arguments.of(
            "has an unknown subformat, " + SUPPORTED + " (byte 44)",
            RiffBytes.wave()
                .extensible(2, 8000, 16, "0100000021071000800000aa00389b71")
                .chunk("data", DATA)
                .bytes()),
        Arguments.of(
            "has an unknown subformat, " + SUPPORTED + " (byte 44)",
            RiffBytes.wave()
                .extensible(2, 8000, 16, "0100000000001000800000aa00389b70")
                .chunk("data", DATA)
                .bytes()),
        Arguments.of(
            "has blocks of 3 bytes, 2 channels of 16 bit need 4 (byte 32)",
            withFormat(1, 2, 8000, 3, 16).bytes()),
        Arguments.of(
            "has no samples: 0 bytes, one sample of all channels has 4 (byte 44)",
            RiffBytes.wave().format(1, 2, 8000, 16).chunk("data", 1000).bytes()),
        Arguments.of(
            "has no samples: 3 bytes, one sample of all channels has 4 (byte 44)",
            RiffBytes.wave().format(1, 2, 8000, 16).chunk("data", new byte[3]).bytes()),
        Arguments.of(
            "has no samples: 0 bytes, one sample of all channels has 4 (byte 44)",
            RiffBytes.wave()
                .format(1, 2, 8000, 16)
                .chunk("data", new byte[0])
                .chunk("LIST", new byte[20])
                .bytes()));
  }

  private static RiffBytes manyChunks(int count) {
    RiffBytes riff = RiffBytes.wave();
    for (int n = 0; n < count; n++) {
      riff.chunk("JUNK");
    }
    return riff;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void a_file_without_readable_samples_is_refused_with_the_byte(String fault, byte[] content)
      throws IOException {
    assertEquals(fault, faultOf(file(content), ChannelChoice.STEREO));
  }

  @Test
  void a_thousand_chunks_are_not_too_many_but_the_last_may_be_the_data() throws IOException {
    byte[] content = manyChunks(998).format(1, 2, 8000, 16).chunk("data", DATA).bytes();
    try (var source = FileSource.open(file(content), ChannelChoice.STEREO, false)) {
      assertEquals(3, source.totalSamples());
    }
  }

  @Test
  void a_missing_file_is_told() {
    assertEquals("no such file", faultOf(folder.resolve("none.wav"), ChannelChoice.STEREO));
  }

  @Test
  void a_folder_is_told() {
    assertEquals(
        "is a folder, give a WAV or AIFF file in it", faultOf(folder, ChannelChoice.STEREO));
  }

  @Test
  void a_device_is_told() {
    Path device = Path.of("/dev/null");
    assumeFalse(Files.notExists(device), "this system has no /dev/null");
    assertEquals("is not a regular file", faultOf(device, ChannelChoice.STEREO));
  }

  @Test
  void a_file_that_may_not_be_read_is_told() throws IOException {
    Path file = file(RiffBytes.wave().format(1, 2, 8000, 16).chunk("data", DATA).bytes());
    assumeTrue(
        Files.getFileStore(file).supportsFileAttributeView("posix"),
        "this file system has no POSIX permissions");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-wx------"));
    assumeFalse(Files.isReadable(file), "this user reads everything");
    assertEquals("no permission to read it", faultOf(file, ChannelChoice.STEREO));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void channels_other_than_two_need_a_choice(int channels) throws IOException {
    byte[] content =
        RiffBytes.wave()
            .format(1, channels, 8000, 16)
            .chunk("data", new byte[2 * channels])
            .bytes();
    String expected =
        channels == 1
            ? "has 1 channel: say which are the microphones, as in --channels 1 (microphone B is"
                + " silent)"
            : "has %d channels: say which are the microphones, as in --channels 1,2"
                .formatted(channels);
    assertEquals(expected, faultOf(file(content), ChannelChoice.STEREO));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "3,1", "2,3"})
  void a_channel_that_is_not_there_is_told(String channels) throws IOException {
    byte[] content = RiffBytes.wave().format(1, 2, 8000, 16).chunk("data", DATA).bytes();
    assertEquals(
        "has no channel 3, it has 2 channels",
        faultOf(file(content), ChannelChoice.parse(channels)));
  }

  @Test
  void a_truncated_file_is_read_as_far_as_it_goes() throws IOException {
    byte[] content =
        RiffBytes.wave()
            .format(1, 2, 8000, 16)
            .chunk("data", 1000, Arrays.copyOf(DATA, 10))
            .bytes();
    try (var source = FileSource.open(file(content), ChannelChoice.STEREO, false)) {
      assertEquals(2, source.totalSamples());
      assertEquals(
          Optional.of("ends at byte 54, though 1000 bytes of samples should follow byte 44"),
          source.damage());
      assertArrayEquals(new float[] {1 / 32768f, 2 / 32768f}, Recording.all(source, 10).channelA());
    }
  }

  @Test
  void a_part_of_a_sample_is_damage() throws IOException {
    byte[] content =
        RiffBytes.wave().format(1, 2, 8000, 16).chunk("data", Arrays.copyOf(DATA, 11)).bytes();
    try (var source = FileSource.open(file(content), ChannelChoice.STEREO, false)) {
      assertEquals(2, source.totalSamples());
      assertEquals(Optional.of("has 3 bytes of a sample of 4 bytes at byte 52"), source.damage());
    }
  }

  @Test
  void an_absurd_long_length_is_damage() throws IOException {
    byte[] content =
        new RiffBytes("RF64", "WAVE")
            .ds64(Long.MIN_VALUE)
            .format(1, 2, 8000, 16)
            .chunk("data", 0xFFFF_FFFFL, DATA)
            .bytes();
    try (var source = FileSource.open(file(content), ChannelChoice.STEREO, false)) {
      assertEquals(3, source.totalSamples());
      assertEquals(
          Optional.of(
              "ends at byte 92, though 9223372036854775808 bytes of samples should follow byte 80"),
          source.damage());
    }
  }

  private static byte[] small(SampleEncoding encoding) {
    byte[] data = new byte[2 * encoding.bytes() * 9];
    new Random(7).nextBytes(data);
    return RiffBytes.wave()
        .chunk("LIST", new byte[3])
        .format(encoding == SampleEncoding.FLOAT32 ? 3 : 1, 2, 48_000, encoding.bits())
        .chunk("data", data)
        .chunk("id3 ", new byte[9])
        .bytes();
  }

  @ParameterizedTest
  @EnumSource
  void a_file_cut_anywhere_gives_a_prefix_or_an_io_exception(SampleEncoding encoding)
      throws IOException {
    byte[] whole = small(encoding);
    Recording all;
    try (var source = FileSource.open(file(whole), ChannelChoice.STEREO, false)) {
      all = Recording.all(source, 4);
    }
    assertEquals(9, all.length());
    int opened = 0;
    for (int length = 0; length <= whole.length; length++) {
      Path cut = file(Arrays.copyOf(whole, length));
      try (var source = FileSource.open(cut, ChannelChoice.STEREO, false)) {
        opened++;
        Recording part = Recording.all(source, 4);
        assertEquals(source.totalSamples(), part.length());
        assertArrayEquals(Arrays.copyOf(all.channelA(), part.length()), part.channelA());
        assertArrayEquals(Arrays.copyOf(all.channelB(), part.length()), part.channelB());
        assertEquals(part.length() < 9, source.damage().isPresent());
      } catch (IOException e) {
        assertTrue(String.valueOf(e.getMessage()).startsWith(cut + ": "), e::toString);
      }
    }
    // Every cut behind the first sample leaves something to read.
    int blockBytes = 2 * encoding.bytes();
    int firstSampleEnd = whole.length - 18 - 9 * blockBytes + blockBytes;
    assertEquals(whole.length - firstSampleEnd + 1, opened);
  }

  @ParameterizedTest(name = "{0}, seed 20260101")
  @EnumSource
  void flipped_bits_give_samples_or_an_io_exception(SampleEncoding encoding) throws IOException {
    Random random = new Random(20_260_101);
    byte[] whole = small(encoding);
    for (int round = 0; round < 2500; round++) {
      byte[] damaged = whole.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Path path = file(damaged);
      try (var source = FileSource.open(path, ChannelChoice.parse("1"), false)) {
        assertTrue(source.sampleRateHz() > 0);
        assertEquals(source.totalSamples(), Recording.all(source, 5).length());
      } catch (IOException e) {
        assertTrue(String.valueOf(e.getMessage()).startsWith(path + ": "), e::toString);
      }
    }
  }
}
