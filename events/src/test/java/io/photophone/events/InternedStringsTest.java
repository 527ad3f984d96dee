package io.photophone.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("V8")
final class InternedStringsTest {
  private final InternedStrings strings = new InternedStrings(16 << 20);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "java",
        "a name longer than any block of the hash, by far: kworker/0:1",
        "Grüße",
        "写真",
        "\uD83D\uDD0A"
      })
  void the_same_content_gives_the_same_id_and_instance(String string) {
    int id = strings.intern(string);
    assertNotEquals(InternedStrings.REFUSED, id);
    assertEquals(id, strings.intern(new String(string.toCharArray())));
    byte[] bytes = ("x" + string + "x").getBytes(StandardCharsets.UTF_8);
    assertEquals(id, strings.intern(MemorySegment.ofArray(bytes), 1, bytes.length - 2));
    assertSame(string, strings.get(id));
    assertEquals(1, strings.size());
  }

  @Test
  void bytes_come_first_and_the_string_finds_them() {
    byte[] bytes = "acquisition".getBytes(StandardCharsets.UTF_8);
    int id = strings.intern(MemorySegment.ofArray(bytes), 0, bytes.length);
    assertEquals(id, strings.intern("acquisition"));
    assertNotEquals(id, strings.intern("acquisitioN"));
    assertEquals("acquisition", strings.get(id));
  }

  @Test
  void bytes_that_are_no_text_are_marked() {
    int id = strings.intern(MemorySegment.ofArray(new byte[] {'a', (byte) 0xFF}), 0, 2);
    assertEquals("a\uFFFD", strings.get(id));
  }

  @Test
  void ranges_outside_the_source_and_foreign_ids_are_refused() {
    MemorySegment three = MemorySegment.ofArray(new byte[3]);
    assertThrows(IndexOutOfBoundsException.class, () -> strings.intern(three, 1, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> strings.intern(three, 0, -1));
    assertThrows(IndexOutOfBoundsException.class, () -> strings.get(1));
    assertThrows(IndexOutOfBoundsException.class, () -> strings.get(-1));
    assertThrows(IllegalArgumentException.class, () -> new InternedStrings(8191));
  }

  @Test
  void what_no_longer_fits_is_counted_and_what_was_kept_is_still_found() {
    InternedStrings small = new InternedStrings(64 * 1024);
    int kept = 0;
    for (int i = 1; i <= 5000; i++) {
      if (small.intern("name " + i) != InternedStrings.REFUSED) {
        kept++;
      }
      assertTrue(small.bytes() <= 64 * 1024, "bytes: " + small.bytes());
    }
    assertEquals(kept, small.size());
    assertEquals(5000 - kept, small.refused());
    assertTrue(kept > 300, "kept: " + kept);
    assertEquals(1, small.intern("name 1"));
    assertEquals("", small.get(InternedStrings.REFUSED));
  }

  @Test
  void characters_beyond_latin_1_count_as_two_bytes() {
    long empty = strings.bytes();
    strings.intern("a".repeat(1000));
    long latin = strings.bytes() - empty;
    strings.intern("写".repeat(1000));
    assertEquals(latin + 1000, strings.bytes() - empty - latin);
  }

  @Test
  void random_strings_agree_with_a_map() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Integer> expected = new HashMap<>();
    for (int i = 0; i < 200_000; i++) {
      String string =
          "n".repeat(random.nextInt(40)) + (char) random.nextInt(32, 600) + random.nextInt(50);
      byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
      int id =
          random.nextBoolean()
              ? strings.intern(string)
              : strings.intern(MemorySegment.ofArray(bytes), 0, bytes.length);
      if (id == InternedStrings.REFUSED) {
        continue;
      }
      Integer known = expected.putIfAbsent(string, id);
      assertEquals(known == null ? strings.size() : known, id, "seed " + seed);
      assertEquals(string, strings.get(id), "seed " + seed);
    }
    assertEquals(expected.size(), strings.size(), "seed " + seed);
  }

  @Test
  void finding_a_string_again_allocates_nothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    String name = "acquisition-1";
    MemorySegment segment = MemorySegment.ofArray(name.getBytes(StandardCharsets.UTF_8));
    strings.intern(name);
    long sum = 0;
    long before = 0;
    for (int i = 0; i < 400_000; i++) {
      if (i == 200_000) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      sum += strings.intern(name) + strings.intern(segment, 0, 13);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(800_000, sum);
    assertTrue(allocated < 64 * 1024, "allocated bytes: " + allocated);
  }
}
