package io.photophone.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MessageParserTest {
  private static final int BINARY = 0x82;
  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;

  private final ByteArrayOutputStream response = new ByteArrayOutputStream();

  MessageParserTest() {
    response.writeBytes(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n".getBytes(UTF_8));
  }

  private void message(int kind, byte[] payload) {
    response.write(kind);
    if (payload.length < 126) {
      response.write(payload.length);
    } else if (payload.length < 1 << 16) {
      response.write(126);
      response.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
    } else {
      response.write(127);
      response.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    response.writeBytes(payload);
  }

  private void frame(long number, long capturedMs, int samples) {
    message(
        BINARY,
        ByteBuffer.allocate(48 + 8 * samples)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put("PPAF".getBytes(UTF_8))
            .putShort((short) 1)
            .putShort((short) 2)
            .putInt(1)
            .putInt(48_000)
            .putLong(number)
            .putLong(number * samples)
            .putLong(capturedMs * 1_000_000)
            .putInt(samples)
            .array());
  }

  private Tally parsed(MessageParser parser, int longestRead) throws IOException {
    byte[] bytes = response.toByteArray();
    Tally tally = new Tally();
    Random random = new Random(1);
    int from = 0;
    while (from < bytes.length) {
      int length = Math.min(1 + random.nextInt(longestRead), bytes.length - from);
      parser.accept(ByteBuffer.wrap(bytes, from, length), tally);
      from += length;
    }
    assertEquals(bytes.length, tally.bytes);
    return tally;
  }

  @Test
  void frames_and_notices_are_counted_however_the_bytes_come() throws IOException {
    long now = System.currentTimeMillis();
    frame(7, now - 1000, 1600);
    message(TEXT, "{\"type\":\"lagged\",\"topic\":\"audio\",\"missed\":3}".getBytes(UTF_8));
    message(TEXT, "{\"type\":\"heartbeat\"}".getBytes(UTF_8));
    frame(11, now - 1000, 10_000);
    frame(14, now - 1000, 10);
    for (int longestRead : new int[] {1, 3, 100, 5000, 200_000}) {
      MessageParser parser = new MessageParser(StreamRequest.NOTHING_SEEN, 1);
      Tally tally = parsed(parser, longestRead);
      assertEquals(3, tally.frames);
      assertEquals(5, tally.lost);
      assertEquals(3, tally.told);
      assertEquals(2, tally.unexplained);
      assertEquals(14, parser.seen());
      assertTrue(tally.delayMs(0) >= 780, () -> "delay: " + tally.delayMs(0));
      assertTrue(parser.answered() && parser.open());
    }
  }

  @Test
  void a_stream_that_is_closed_is_no_longer_open() throws IOException {
    message(CLOSE, new byte[] {3, (byte) 0xe9});
    MessageParser parser = new MessageParser(StreamRequest.NOTHING_SEEN, 1);
    assertEquals(1, parsed(parser, 100).ended);
    assertFalse(parser.open());
  }

  @Test
  void a_refusal_is_told() {
    response.reset();
    response.writeBytes("HTTP/1.1 404 Not Found\r\n\r\n".getBytes(UTF_8));
    assertThrows(
        IOException.class, () -> parsed(new MessageParser(StreamRequest.NOTHING_SEEN, 1), 100));
  }
}
