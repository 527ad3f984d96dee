package io.photophone.acquisition.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// AIFF and AIFF-C, beside golden files of SoX (`aiff/README.md` tells how they were made).
@Tag("A2")
@Timeout(120)
final class AiffFileTest {
  private static final String SUPPORTED =
      "supported: 16, 24 or 32 bit of NONE, twos, sowt, in24 or in32, or fl32";

  /// A: 1, 2, 3 and B: −1, −2, −3 in units of the 16-bit integer.
  private static final byte[] THREE = {0, 1, -1, -1, 0, 2, -1, -2, 0, 3, -1, -3};

  @TempDir private Path folder;

  private Path file(byte[] content) throws IOException {
    // The suffix of another format: what counts is the content.
    return Files.write(folder.resolve("cell.wav"), content);
  }

  private static Path golden(String name) throws URISyntaxException {
    URL found = Objects.requireNonNull(AiffFileTest.class.getResource("/aiff/" + name), name);
    return Path.of(found.toURI());
  }

  @ParameterizedTest
  @CsvSource({
    "int16-stereo.aiff, 44100, '1,2'",
    "int24-mono.aiff, 44100, 1",
    "int32-three.aiff, 96000, '3,1'",
    "float32-stereo.aifc, 11025, '2,1'",
    "int24-stereo.aifc, 192000, '1,2'",
  })
  void a_file_of_sox_has_the_samples_of_its_wav(String name, int rateHz, String channels)
      throws Exception {
    String wav = name.substring(0, name.lastIndexOf('.')) + ".wav";
    ChannelChoice choice = ChannelChoice.parse(channels);
    try (var aiff = FileSource.open(golden(name), choice, false);
        var same = FileSource.open(golden(wav), choice, false)) {
      assertEquals(rateHz, aiff.sampleRateHz());
      assertEquals(Optional.empty(), aiff.damage());
      Recording expected = Recording.all(same, 4);
      Recording actual = Recording.all(aiff, 4);
      assertEquals(same.totalSamples(), actual.length());
      assertTrue(actual.length() > 3, "the golden file has samples");
      assertArrayEquals(expected.channelA(), actual.channelA());
      assertArrayEquals(expected.channelB(), actual.channelB());
    }
  }

  static Stream<Arguments> encodings() {
    AiffBytes swapped = new AiffBytes("AIFC").common(2, 3, 16, "sowt");
    byte[] little = RiffBytes.shorts(1, -1, 2, -2, 3, -3);
    return Stream.of(
        Arguments.of("AIFF", new AiffBytes("AIFF").common(2, 3, 16, "").sound(0, THREE)),
        Arguments.of("twos", new AiffBytes("AIFC").common(2, 3, 16, "twos").sound(0, THREE)),
        Arguments.of("sowt", swapped.sound(0, little)),
        Arguments.of(
            "samples before their format",
            new AiffBytes("AIFF").sound(0, THREE).common(2, 3, 16, "")),
        Arguments.of(
            "other chunks and an offset",
            new AiffBytes("AIFF")
                .chunk("NAME", new byte[3])
                .common(2, 3, 16, "")
                .sound(5, THREE)
                .chunk("ANNO", new byte[4])));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("encodings")
  void samples_are_read_wherever_they_are(String name, AiffBytes content) throws IOException {
    try (var source = FileSource.open(file(content.bytes()), ChannelChoice.STEREO, false)) {
      assertEquals(8000, source.sampleRateHz());
      assertEquals(Optional.empty(), source.damage(), name);
      Recording recording = Recording.all(source, 2);
      assertArrayEquals(new float[] {0x1p-15f, 0x2p-15f, 0x3p-15f}, recording.channelA());
      assertArrayEquals(new float[] {-0x1p-15f, -0x2p-15f, -0x3p-15f}, recording.channelB());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sowt", "NONE", "in24"})
  void twenty_four_bits_keep_their_sign_in_either_order(String encoding) throws IOException {
    byte[] big = {-128, 0, 0, 127, -1, -1, 0, 0, 1, -1, -1, -1};
    byte[] little = {0, 0, -128, -1, -1, 127, 1, 0, 0, -1, -1, -1};
    byte[] samples = encoding.equals("sowt") ? little : big;
    byte[] content = new AiffBytes("AIFC").common(2, 2, 24, encoding).sound(0, samples).bytes();
    try (var source = FileSource.open(file(content), ChannelChoice.STEREO, false)) {
      Recording recording = Recording.all(source, 2);
      assertArrayEquals(new float[] {-1, 0x1p-23f}, recording.channelA());
      assertArrayEquals(new float[] {1 - 0x1p-23f, -0x1p-23f}, recording.channelB());
    }
  }

  @Test
  void what_a_killed_recorder_left_is_read_to_the_end() throws IOException {
    byte[] content =
        new AiffBytes("AIFF")
            .common(2, 0, 16, "")
            .chunk("SSND", 8, new byte[8])
            .raw(THREE)
            .bytes(0);
    try (var source = FileSource.open(file(content), ChannelChoice.STEREO, false)) {
      assertEquals(3, source.totalSamples());
    }
  }

  @Test
  void a_truncated_file_is_read_as_far_as_it_goes() throws IOException {
    byte[] whole = new AiffBytes("AIFF").common(2, 3, 16, "").sound(0, THREE).bytes();
    byte[] cut = Arrays.copyOf(whole, whole.length - 4);
    try (var source = FileSource.open(file(cut), ChannelChoice.STEREO, false)) {
      assertEquals(2, source.totalSamples());
      assertEquals(
          Optional.of("ends at byte 62, though 12 bytes of samples should follow byte 54"),
          source.damage());
    }
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of(
            "11 bytes are too few for an AIFF file (byte 0)",
            "FORM 56789A".getBytes(StandardCharsets.US_ASCII)),
        Arguments.of(
            "is an IFF file of type \"ILBM\", allowed: AIFF or AIFC (byte 8)",
            new AiffBytes("ILBM").bytes()),
        Arguments.of(
            "has no COMM chunk and no SSND chunk (byte 12)", new AiffBytes("AIFF").bytes()),
        Arguments.of("has no COMM chunk (byte 40)", new AiffBytes("AIFF").sound(0, THREE).bytes()),
        Arguments.of(
            "has no SSND chunk (byte 38)", new AiffBytes("AIFF").common(2, 3, 16, "").bytes()),
        Arguments.of(
            "is damaged: there should be a chunk here (byte 12)",
            new AiffBytes("AIFF").raw(new byte[20]).bytes()),
        Arguments.of(
            "has no COMM chunk and no SSND chunk among its first 1000 chunks (byte 8012)",
            manyChunks().bytes()),
        Arguments.of(
            "the COMM chunk has 4 bytes, it needs 18 or more (byte 12)",
            new AiffBytes("AIFF").chunk("COMM", new byte[4]).bytes()),
        Arguments.of(
            "the COMM chunk has 18 bytes, it needs 22 or more (byte 12)",
            new AiffBytes("AIFC").common(2, 3, 16, "").bytes()),
        Arguments.of(
            "has 0 channels (byte 20)", new AiffBytes("AIFF").common(0, 3, 16, "").bytes()),
        Arguments.of(
            "is encoded as NONE of 8 bit, " + SUPPORTED + " (byte 26)",
            new AiffBytes("AIFF").common(2, 3, 8, "").bytes()),
        Arguments.of(
            "is encoded as ulaw of 16 bit, " + SUPPORTED + " (byte 38)",
            new AiffBytes("AIFC").common(2, 3, 16, "ulaw").bytes()),
        rate("0.5", AiffBytes.RATE_HALF),
        rate("0.0", "00000000000000000000"),
        rate("-8000.0", "c00bfa00000000000000"),
        rate("NaN", "7fff8000000000000000"),
        rate("22254.5", "400daddd000000000000"),
        rate("4.294967296E9", "401f8000000000000000"),
        Arguments.of(
            "the SSND chunk has 7 bytes, it needs 8 or more (byte 38)",
            new AiffBytes("AIFF").common(2, 3, 16, "").chunk("SSND", new byte[7]).bytes()),
        Arguments.of(
            "skips 9 bytes before the samples, the file has 0 (byte 46)",
            new AiffBytes("AIFF")
                .common(2, 3, 16, "")
                .chunk("SSND", new byte[] {0, 0, 0, 9, 0, 0, 0, 0})
                .bytes()),
        Arguments.of(
            "has no samples: 0 bytes, one sample of all channels has 4 (byte 54)",
            new AiffBytes("AIFF")
                .common(2, 0, 16, "")
                .sound(0)
                .chunk("ANNO", new byte[20])
                .bytes()));
  }

  private static Arguments rate(String hertz, String extended) {
    return Arguments.of(
        "has a sample rate of %s Hz, allowed: whole numbers from 1 to 2147483647 (byte 28)"
            .formatted(hertz),
        new AiffBytes("AIFF").common(2, 3, 16, extended, "").bytes());
  }

  private static AiffBytes manyChunks() {
    AiffBytes aiff = new AiffBytes("AIFF");
    for (int n = 0; n < 1000; n++) {
      aiff.chunk("JUNK");
    }
    return aiff.common(2, 3, 16, "");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void a_file_without_readable_samples_is_refused_with_the_byte(String fault, byte[] content)
      throws IOException {
    Path path = file(content);
    var e =
        assertThrows(IOException.class, () -> FileSource.open(path, ChannelChoice.STEREO, false));
    assertEquals(path + ": " + fault, e.getMessage());
  }

  @ParameterizedTest(name = "{0}, seed 20260102")
  @ValueSource(strings = {"NONE", "sowt", "fl32"})
  void flipped_bits_and_cuts_give_samples_or_an_io_exception(String encoding) throws IOException {
    Random random = new Random(20_260_102);
    byte[] data = new byte[2 * 4 * 9];
    random.nextBytes(data);
    byte[] whole =
        new AiffBytes("AIFC")
            .chunk("NAME", new byte[3])
            .common(2, 9, 32, encoding)
            .sound(2, data)
            .chunk("ANNO", new byte[9])
            .bytes();
    for (int round = 0; round < 2500; round++) {
      byte[] damaged = Arrays.copyOf(whole, whole.length - random.nextInt(20));
      for (int flips = random.nextInt(4); flips > 0; flips--) {
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
