package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import java.nio.ByteBuffer;
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

  @Test
  void version_1_stays_as_it_is() {
    AudioFrame frame =
        new AudioFrame(
            new float[] {1, -0.5f, Float.NaN},
            new float[] {Float.NEGATIVE_INFINITY, -0.0f, Float.MAX_VALUE},
            48_000,
            0x0102030405060708L,
            0x1112131415161718L,
            new CaptureTime(0xf79f0000075bcd15L, 0));
    ByteBuffer bytes = AudioFrameBytes.encode(frame);
    byte[] encoded = new byte[bytes.remaining()];
    bytes.get(encoded);
    assertEquals(GOLDEN_1.replaceAll("\\s", ""), HexFormat.of().formatHex(encoded));
  }
}
