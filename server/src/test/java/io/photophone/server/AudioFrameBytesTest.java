package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("A22")
final class AudioFrameBytesTest {

  /// A frame as version 1 has it; never to be changed.
  private static final String GOLDEN_1 =
      """
      50504146 0100 0200 01000000 80bb0000
      0807060504030201
      1817161514131211
      15cd5b0700009ff7
      03000000 00000000
      0000803f 000000bf 0000c07f
      000080ff 00000080 ffff7f7f
      """;

  /// The same at half the resolution, from the second sample on, as 16-bit numbers.
  private static final String GOLDEN_1_INT16 =
      """
      50504146 0100 0200 02000000 80bb0000
      0807060504030201
      1917161514131211
      761e5c0700009ff7
      03000000 0200 0100
      ff7f 00c0 0000
      0080 0000 ff7f
      """;

  private static final AudioFrame FRAME =
      new AudioFrame(
          new float[] {1, -0.5f, Float.NaN},
          new float[] {Float.NEGATIVE_INFINITY, -0.0f, Float.MAX_VALUE},
          48_000,
          0x0102030405060708L,
          0x1112131415161718L,
          new CaptureTime(0xf79f0000075bcd15L, 0));

  private static void assertBytes(String golden, ByteBuffer bytes) {
    byte[] encoded = new byte[bytes.remaining()];
    bytes.get(encoded);
    assertEquals(golden.replaceAll("\\s", ""), HexFormat.of().formatHex(encoded));
  }

  @Test
  void version_1_stays_as_it_is() {
    assertBytes(GOLDEN_1, AudioFrameBytes.encode(ResolvedFrame.full(FRAME), SampleFormat.FLOAT32));
  }

  @Test
  void int16_at_another_resolution_stays_as_it_is() {
    ResolvedFrame half =
        new ResolvedFrame(
            Resolution.HALF,
            FRAME,
            FRAME.firstSampleIndex() + 1,
            FRAME.channelA(),
            FRAME.channelB());
    assertBytes(GOLDEN_1_INT16, AudioFrameBytes.encode(half, SampleFormat.INT16));
  }

  @Test
  @Tag("A44")
  void int16_holds_every_number_of_a_16_bit_recording() {
    float[] all = new float[1 << Short.SIZE];
    for (int i = 0; i < all.length; i++) {
      all[i] = (short) i * 0x1p-15f;
    }
    ByteBuffer bytes = ByteBuffer.allocate(all.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    assertFalse(SampleFormat.INT16.put(all, bytes));
    bytes.flip();
    for (int i = 0; i < all.length; i++) {
      assertEquals((short) i, bytes.getShort());
    }
  }

  @Test
  @Tag("A44")
  void int16_keeps_what_it_cannot_hold_at_its_ends_and_says_so() {
    float[][] cases = {{1}, {-1.0001f}, {Float.NaN}, {Float.POSITIVE_INFINITY}, {0x1p-17f}, {-1}};
    short[] stored = {32767, -32768, 0, 32767, 0, -32768};
    boolean[] altered = {true, true, true, true, false, false};
    for (int i = 0; i < cases.length; i++) {
      ByteBuffer bytes = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
      assertEquals(altered[i], SampleFormat.INT16.put(cases[i], bytes), "case " + i);
      assertEquals(stored[i], bytes.getShort(0), "case " + i);
    }
  }
}
