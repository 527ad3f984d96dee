package io.photophone.acquisition.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A2")
final class WavWriterTest {
  @TempDir private Path folder;

  private Path path() {
    return folder.resolve("cell.wav");
  }

  /// Values that an integer of so many bits holds exactly.
  private static float[] samples(int count, int bits, long seed) {
    Random random = new Random(seed);
    float[] samples = new float[count];
    for (int i = 0; i < count; i++) {
      samples[i] = (random.nextInt(1 << bits) - (1 << (bits - 1))) / (float) (1 << (bits - 1));
    }
    return samples;
  }

  private Recording readBack() throws IOException {
    try (var source = FileSource.open(path(), ChannelChoice.STEREO, false)) {
      assertEquals(Optional.empty(), source.damage());
      assertEquals(44_100, source.sampleRateHz());
      return Recording.all(source, 1000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void samples_survive_bit_for_bit(SampleEncoding encoding) throws IOException {
    int bits = Math.min(24, encoding.bits());
    float[] a = samples(5000, bits, 1);
    float[] b = samples(5000, bits, 2);
    try (var writer = WavWriter.create(path(), 44_100, encoding)) {
      for (int from = 0; from < 5000; from += 1250) {
        writer.write(
            Arrays.copyOfRange(a, from, from + 1250), Arrays.copyOfRange(b, from, from + 1250));
      }
      assertEquals(5000, writer.samples());
      assertEquals(0, writer.saturatedSamples());
    }
    Recording recording = readBack();
    assertArrayEquals(a, recording.channelA());
    assertArrayEquals(b, recording.channelB());
  }

  @ParameterizedTest
  @EnumSource(names = {"INT16", "INT24"})
  void other_readers_find_the_same_bytes(SampleEncoding encoding)
      throws IOException, UnsupportedAudioFileException {
    try (var writer = WavWriter.create(path(), 44_100, encoding)) {
      writer.write(new float[] {0.5f, -1}, new float[] {-0.25f, 0});
    }
    try (AudioInputStream stream = AudioSystem.getAudioInputStream(path().toFile())) {
      assertEquals(44_100, stream.getFormat().getSampleRate());
      assertEquals(2, stream.getFormat().getChannels());
      assertEquals(encoding.bits(), stream.getFormat().getSampleSizeInBits());
      assertEquals(2, stream.getFrameLength());
      byte[] zeros = new byte[encoding.bytes() - 1];
      ByteBuffer expected = ByteBuffer.wrap(new byte[4 * encoding.bytes()]);
      for (int top : new int[] {0x40, 0xE0, 0x80, 0}) {
        expected.put(zeros).put((byte) top);
      }
      assertArrayEquals(expected.array(), stream.readAllBytes());
    }
  }

  @ParameterizedTest
  @EnumSource
  void without_a_close_everything_written_is_readable(SampleEncoding encoding) throws IOException {
    var writer = WavWriter.create(path(), 44_100, encoding);
    try (writer) {
      writer.write(new float[] {0.5f, 0.25f}, new float[] {-0.5f, 0});
      Recording recording = readBack();
      assertArrayEquals(new float[] {0.5f, 0.25f}, recording.channelA());
      assertArrayEquals(new float[] {-0.5f, 0}, recording.channelB());
    }
  }

  @Test
  void lengths_are_right_after_closing() throws IOException {
    var writer = WavWriter.create(path(), 44_100, SampleEncoding.INT24);
    writer.write(new float[7], new float[7]);
    writer.close();
    writer.close();
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path())).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(92 + 42, bytes.capacity());
    assertEquals(bytes.capacity() - 8, bytes.getInt(4));
    assertEquals(7, bytes.getInt(80));
    assertEquals(42, bytes.getInt(88));
  }

  @ParameterizedTest
  @EnumSource(names = {"INT16", "INT24", "INT32"})
  void values_beyond_full_scale_saturate_and_are_counted(SampleEncoding encoding)
      throws IOException {
    try (var writer = WavWriter.create(path(), 44_100, encoding)) {
      writer.write(new float[] {1, 1.5f, -1}, new float[] {-1.001f, 0, Float.MAX_VALUE});
      assertEquals(3, writer.saturatedSamples());
      writer.write(new float[] {-2}, new float[] {0.999f});
      assertEquals(4, writer.saturatedSamples());
    }
    Recording recording = readBack();
    float highest = (float) (1 - Math.scalb(1.0, 1 - encoding.bits()));
    assertArrayEquals(new float[] {highest, highest, -1, -1}, recording.channelA());
    assertArrayEquals(new float[] {-1, 0, highest}, Arrays.copyOf(recording.channelB(), 3));
  }

  @Test
  void floats_keep_values_beyond_full_scale() throws IOException {
    try (var writer = WavWriter.create(path(), 44_100, SampleEncoding.FLOAT32)) {
      writer.write(new float[] {1.5f}, new float[] {-300});
      assertEquals(0, writer.saturatedSamples());
    }
    assertArrayEquals(new float[] {1.5f}, readBack().channelA());
    assertArrayEquals(new float[] {-300}, readBack().channelB());
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void a_value_that_is_no_number_is_refused_and_nothing_is_written(float value) throws IOException {
    try (var writer = WavWriter.create(path(), 44_100, SampleEncoding.INT24)) {
      writer.write(new float[] {0.5f}, new float[] {0});
      var inA =
          assertThrows(
              IllegalArgumentException.class,
              () -> writer.write(new float[] {2, value}, new float[2]));
      assertEquals("sample 2 is not finite: A is %s, B is 0.0".formatted(value), inA.getMessage());
      assertThrows(
          IllegalArgumentException.class, () -> writer.write(new float[1], new float[] {value}));
      assertEquals(1, writer.samples());
      assertEquals(0, writer.saturatedSamples());
      writer.write(new float[] {0.25f}, new float[] {0});
    }
    assertArrayEquals(new float[] {0.5f, 0.25f}, readBack().channelA());
  }

  @Test
  void channels_of_different_length_are_refused() throws IOException {
    try (var writer = WavWriter.create(path(), 44_100, SampleEncoding.INT24)) {
      var e =
          assertThrows(
              IllegalArgumentException.class, () -> writer.write(new float[2], new float[3]));
      assertEquals("channels differ in length: A has 2 samples, B has 3", e.getMessage());
    }
  }

  @Test
  void an_existing_file_is_never_overwritten() throws IOException {
    Files.writeString(path(), "precious");
    var e =
        assertThrows(
            IOException.class, () -> WavWriter.create(path(), 44_100, SampleEncoding.INT24));
    assertEquals(path() + ": exists already, delete it or choose another name", e.getMessage());
    assertEquals("precious", Files.readString(path()));
  }

  @Test
  void a_missing_folder_is_told() {
    Path file = folder.resolve("none").resolve("cell.wav");
    var e =
        assertThrows(IOException.class, () -> WavWriter.create(file, 44_100, SampleEncoding.INT24));
    assertEquals(file + ": its folder does not exist", e.getMessage());
  }

  @Test
  void a_write_that_failed_half_way_is_written_over() throws IOException {
    try (var writer = WavWriter.create(path(), 44_100, SampleEncoding.INT16)) {
      writer.write(new float[] {0.5f}, new float[] {-0.5f});
      Files.write(path(), new byte[5], StandardOpenOption.APPEND);
      writer.write(new float[] {0.25f, 0}, new float[] {-0.25f, 0});
    }
    assertArrayEquals(new float[] {0.5f, 0.25f, 0}, readBack().channelA());
    assertArrayEquals(new float[] {-0.5f, -0.25f, 0}, readBack().channelB());
  }

  @Test
  void the_header_is_laid_out_as_documented() {
    String small =
        """
        52494646 64000000 57415645
        4a554e4b 1c000000 0000000000000000 0000000000000000 0000000000000000 00000000
        666d7420 10000000 0300 0200 80bb0000 00dc0500 0800 2000
        66616374 04000000 02000000
        64617461 10000000
        """;
    assertArrayEquals(hex(small), WavHeader.write(SampleEncoding.FLOAT32, 48_000, 2));
    String large =
        """
        52463634 ffffffff 57415645
        64733634 1c000000 5400000006000000 0000000006000000 0000000001000000 00000000
        666d7420 10000000 0100 0200 80bb0000 00650400 0600 1800
        66616374 04000000 ffffffff
        64617461 ffffffff
        """;
    assertArrayEquals(hex(large), WavHeader.write(SampleEncoding.INT24, 48_000, 1L << 32));
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
  }

  @Test
  void a_write_after_closing_is_an_error() throws IOException {
    var writer = WavWriter.create(path(), 44_100, SampleEncoding.INT24);
    writer.close();
    var e = assertThrows(IOException.class, () -> writer.write(new float[1], new float[1]));
    assertEquals(path() + ": is closed", e.getMessage());
  }

  /// Written as a header on a sparse file, which is all that closing does.
  @Test
  void beyond_four_gigabytes_it_is_an_rf64() throws IOException {
    long samples = 0xFFFF_FFFFL / 6;
    for (long count : new long[] {samples - 15, samples + 1}) {
      byte[] header = WavHeader.write(SampleEncoding.INT24, 44_100, count);
      boolean large = count > samples;
      assertEquals(large ? "RF64" : "RIFF", new String(header, 0, 4, StandardCharsets.US_ASCII));
      try (var file = new RandomAccessFile(path().toFile(), "rw")) {
        file.write(header);
        file.setLength(header.length + 6 * count);
      }
      try (var source = FileSource.open(path(), ChannelChoice.STEREO, false)) {
        assertEquals(count, source.totalSamples());
        assertEquals(Optional.empty(), source.damage());
      }
    }
  }
}
