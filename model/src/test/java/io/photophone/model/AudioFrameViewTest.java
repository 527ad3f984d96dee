package io.photophone.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("B31")
final class AudioFrameViewTest {
  /// The bytes of a frame of three samples, written without the code under test.
  private static ByteBuffer frame(ByteBuffer bytes) {
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("PPAF".getBytes(StandardCharsets.US_ASCII)).putShort((short) 1).putShort((short) 2);
    bytes.putInt(1).putInt(48_000).putLong(7).putLong(11_200).putLong(1_750_000_000_000_000_000L);
    bytes.putInt(3).putInt(0);
    for (float sample : new float[] {0.5f, -1, Float.NaN, 1.5f, 0, -0.25f}) {
      bytes.putFloat(sample);
    }
    return bytes.flip();
  }

  private static ByteBuffer frame() {
    return frame(ByteBuffer.allocate(72));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void it_tells_what_the_bytes_hold(boolean direct) {
    ByteBuffer bytes = frame(direct ? ByteBuffer.allocateDirect(72) : ByteBuffer.allocate(72));
    AudioFrameView view = AudioFrameView.of(bytes);
    assertEquals(48_000, view.sampleRateHz());
    assertEquals(7, view.frameNumber());
    assertEquals(11_200, view.firstSampleIndex());
    assertEquals(1_750_000_000_000_000_000L, view.captureEpochNanos());
    assertEquals(3, view.length());
    assertEquals(0.5f, view.channelA().get(0));
    assertTrue(Float.isNaN(view.channelA().get(2)));
    assertEquals(1.5f, view.channelB().get(0));
    assertEquals(-0.25f, view.channelB().get(2));
    assertEquals(0, bytes.position());
    assertEquals(72, bytes.limit());
  }

  @Test
  void it_copies_nothing() {
    ByteBuffer bytes = frame();
    AudioFrameView view = AudioFrameView.of(bytes);
    bytes.putFloat(48, 0.125f);
    assertEquals(0.125f, view.channelA().get(0));
  }

  @Test
  void nobody_writes_through_it() {
    AudioFrameView view = AudioFrameView.of(frame());
    assertThrows(ReadOnlyBufferException.class, () -> view.channelA().put(0, 1));
  }

  @Test
  void the_byte_order_of_the_buffer_does_not_matter() {
    AudioFrameView view = AudioFrameView.of(frame().order(ByteOrder.BIG_ENDIAN));
    assertEquals(-1, view.channelA().get(1));
  }

  @ParameterizedTest
  @CsvSource({
    "4, 2, 'version is 2, allowed: 1 (byte 4)'",
    "6, 1, 'number of channels is 1, allowed: 2 (byte 6)'",
    "8, 2, 'sample format is 2, allowed: 1 (byte 8)'",
    "40, 4, 'a frame of 4 samples in 72 bytes, allowed: 1 or more in 80 (byte 40)'",
    "40, 0, 'a frame of 0 samples in 72 bytes, allowed: 1 or more in 48 (byte 40)'",
    "43, 255, 'a frame of 4278190083 samples in 72 bytes, allowed: 1 or more in 34225520712 (byte"
        + " 40)'",
    "31, 128, 'sample rate 48000, frame 7, sample -9223372036854764608, allowed: a positive rate"
        + " and no negative position'",
    "0, 113, 'begins with \"qPAF\", allowed: PPAF (byte 0)'",
  })
  void bytes_that_are_no_such_frame_are_refused(int at, int value, String refusal) {
    ByteBuffer bytes = frame().put(at, (byte) value);
    var e = assertThrows(IllegalArgumentException.class, () -> AudioFrameView.of(bytes));
    assertEquals(refusal, e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void samples_off_the_multiples_of_their_size_are_refused(boolean direct) {
    ByteBuffer wide =
        (direct ? ByteBuffer.allocateDirect(73) : ByteBuffer.allocate(73)).position(1);
    ByteBuffer shifted = frame(wide.slice());
    var e = assertThrows(IllegalArgumentException.class, () -> AudioFrameView.of(shifted));
    assertTrue(
        String.valueOf(e.getMessage()).startsWith("the samples begin 1 bytes behind"), e::toString);
  }

  @Test
  void cut_or_damaged_bytes_are_refused_or_read_but_never_break_seed_20260103() {
    Random random = new Random(20_260_103);
    for (int round = 0; round < 20_000; round++) {
      ByteBuffer bytes = frame();
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        int at = random.nextInt(bytes.limit());
        bytes.put(at, (byte) (bytes.get(at) ^ (1 << random.nextInt(8))));
      }
      bytes.limit(random.nextInt(3) == 0 ? random.nextInt(73) : 72);
      try {
        AudioFrameView view = AudioFrameView.of(bytes);
        assertEquals((bytes.remaining() - 48) / 8, view.length());
      } catch (IllegalArgumentException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("allowed: "), e::toString);
      }
    }
  }
}
