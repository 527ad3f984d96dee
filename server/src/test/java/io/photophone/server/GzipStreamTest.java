package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A42")
final class GzipStreamTest {
  /// Texts of all kinds of lengths, those of digits among them.
  private static List<String> texts() {
    Random random = new Random(42);
    List<String> texts = new ArrayList<>(List.of("", "a"));
    for (int length : new int[] {199, 200, 201, 16_384, 40_000, 300_000}) {
      StringBuilder text = new StringBuilder();
      while (text.length() < length) {
        text.append(random.nextFloat()).append(',');
      }
      texts.add(text.substring(0, length));
    }
    return texts;
  }

  private static GzipStream.Block block(String text) {
    return GzipStream.Block.of(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  private static void write(ByteArrayOutputStream out, ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    out.writeBytes(copy);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 8})
  void a_client_that_joins_at_any_block_gets_a_whole_gzip_file(int first) throws IOException {
    List<String> texts = texts();
    List<GzipStream.Block> shared = texts.stream().map(GzipStreamTest::block).toList();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    GzipStream stream = new GzipStream();
    write(file, GzipStream.header());
    for (GzipStream.Block block : shared.subList(first, shared.size())) {
      write(file, block.bytes());
      stream.add(block);
    }
    write(file, stream.trailer());
    // Checks the sum and the length, and fails if they are wrong.
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file.toByteArray()))) {
      String expected = String.join("", texts.subList(first, texts.size()));
      assertEquals(expected, new String(in.readAllBytes(), UTF_8));
    }
  }

  @Test
  void a_block_is_readable_before_the_next_one_comes() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    write(file, GzipStream.header());
    String text = texts().getLast();
    write(file, block(text).bytes());
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file.toByteArray()))) {
      assertEquals(text, new String(in.readNBytes(text.length()), UTF_8));
    }
  }

  @Test
  void digits_shrink_to_less_than_six_tenths() {
    String text = texts().getLast();
    int packed = block(text).bytes().remaining();
    assertTrue(packed < 0.6 * text.length(), packed + " of " + text.length());
  }
}
