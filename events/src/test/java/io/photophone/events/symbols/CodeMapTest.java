package io.photophone.events.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("V19")
final class CodeMapTest {
  @TempDir private Path directory;

  private final CodeMap map = new CodeMap();

  @Test
  void code_has_its_name_from_its_loading_to_its_unloading() {
    map.load(100, 0x1000, 0x20, "a");
    map.unload(200, 0x1000);
    assertNull(map.nameAt(0x1000, 99));
    assertEquals("a", map.nameAt(0x1000, 100));
    assertEquals("a", map.nameAt(0x101f, 199));
    assertNull(map.nameAt(0x1020, 150));
    assertNull(map.nameAt(0xfff, 150));
    assertNull(map.nameAt(0x1000, 200));
    assertEquals(new CodeMap.Counts(1, 1, 0, 0, 0, 0), map.counts());
  }

  @Test
  void an_address_that_is_used_again_has_each_name_at_its_time() {
    map.load(100, 0x1000, 0x20, "old");
    map.unload(200, 0x1000);
    map.load(300, 0x1010, 0x20, "new");
    assertEquals("old", map.nameAt(0x1018, 150));
    assertNull(map.nameAt(0x1018, 250));
    assertEquals("new", map.nameAt(0x1018, 300));
    assertNull(map.nameAt(0x1008, 300));
  }

  @Test
  void code_loaded_over_other_code_ends_it_though_nobody_said_so() {
    map.load(100, 0x1000, 0x20, "a");
    map.load(100, 0x1020, 0x20, "b");
    map.load(100, 0x1040, 0x20, "c");
    map.load(200, 0x1010, 0x20, "over a and b");
    assertNull(map.nameAt(0x1008, 200));
    assertEquals("a", map.nameAt(0x1008, 199));
    assertEquals("over a and b", map.nameAt(0x102f, 200));
    assertNull(map.nameAt(0x1030, 200));
    assertEquals("c", map.nameAt(0x1040, 200));
    assertEquals(2, map.counts().replaced());
  }

  @Test
  void a_loading_that_comes_late_lasts_until_what_came_after_it() {
    map.load(200, 0x1000, 0x20, "second");
    map.load(100, 0x1000, 0x20, "first");
    assertEquals("first", map.nameAt(0x1000, 199));
    assertEquals("second", map.nameAt(0x1000, 200));
    map.unload(150, 0x1000);
    assertNull(map.nameAt(0x1000, 160));
    assertEquals("second", map.nameAt(0x1000, 200));
  }

  @Test
  void the_end_of_unknown_code_is_counted() {
    map.unload(100, 0x1000);
    map.load(100, 0x1000, 0x20, "a");
    map.unload(200, 0x1001);
    map.unload(99, 0x1000);
    assertEquals(3, map.counts().unknownUnloads());
    assertEquals("a", map.nameAt(0x1000, 300));
  }

  @Test
  void impossible_addresses_are_refused_and_counted() {
    map.load(1, 0x1000, 0, "empty");
    map.load(1, 0x1000, -1, "negative");
    map.load(1, -5, 10, "of the kernel");
    map.load(1, 0x1000, Long.MAX_VALUE, "of all memory");
    map.load(1, Long.MAX_VALUE - 5, 10, "beyond the end");
    assertEquals(5, map.counts().refused());
    assertEquals(0, map.size());
    assertThrows(IllegalArgumentException.class, () -> new CodeMap(0));
  }

  @Test
  void a_full_map_forgets_what_ended_first_and_refuses_when_all_is_live() {
    var small = new CodeMap(8);
    for (int i = 0; i < 8; i++) {
      small.load(i, 0x1000 + i * 0x10, 0x10, "code " + i);
    }
    small.load(9, 0x5000, 0x10, "one too many");
    assertEquals(1, small.counts().refused());
    assertNull(small.nameAt(0x5000, 9));
    small.unload(20, 0x1030);
    small.unload(21, 0x1010);
    small.load(22, 0x5000, 0x10, "fits");
    assertEquals("fits", small.nameAt(0x5000, 22));
    assertNull(small.nameAt(0x1030, 5));
    assertEquals("code 1", small.nameAt(0x1010, 5));
    assertEquals("code 7", small.nameAt(0x1070, 30));
    assertEquals(1, small.counts().forgotten());
    assertEquals(8, small.size());
  }

  @Test
  void a_snapshot_names_what_was_loaded_before_anyone_looked() throws IOException {
    map.load(500, 0x1000, 0x20, "known");
    map.load(100, 0x2000, 0x20, "gone");
    map.unload(300, 0x2000);
    map.load(100, 0x3000, 0x20, "its end was lost");
    map.load(2000, 0x4000, 0x20, "after");
    Path file =
        Files.writeString(
            directory.resolve("perf.map"),
            """
            1000 20 known
            2000 20 unseen
            3000 20 other
            4000 20 before
            5000 20 always
            bad
            """);
    assertEquals(1, map.snapshot(1000, PerfMap.of(file)));
    assertNull(map.nameAt(0x1000, 499));
    assertEquals("known", map.nameAt(0x1000, 500));
    assertEquals("gone", map.nameAt(0x2000, 299));
    assertEquals("unseen", map.nameAt(0x2000, 300));
    assertEquals("its end was lost", map.nameAt(0x3000, 999));
    assertEquals("other", map.nameAt(0x3000, 1000));
    assertEquals("before", map.nameAt(0x4000, 1999));
    assertEquals("after", map.nameAt(0x4000, 2000));
    assertEquals("always", map.nameAt(0x5000, Long.MIN_VALUE));
  }

  @Test
  void every_look_up_agrees_with_a_search_through_all_of_history() {
    long seed = Long.getLong("events.seed", System.nanoTime());
    System.out.println("-Devents.seed=" + seed);
    var random = new Random(seed);
    for (int round = 0; round < 30; round++) {
      var tested = new CodeMap(1 << 12);
      var all = new ArrayList<Piece>();
      for (int time = 0; time < 600; time++) {
        long start = 0x1000L + random.nextInt(200);
        if (random.nextInt(3) > 0) {
          long end = start + 1 + random.nextInt(random.nextInt(10) == 0 ? 150 : 15);
          for (Piece piece : all) {
            if (piece.isLive() && piece.start < end && piece.end > start) {
              piece.to = time;
            }
          }
          all.add(new Piece(start, end, time, "code " + time));
          tested.load(time, start, end - start, "code " + time);
        } else {
          for (Piece piece : all) {
            if (piece.isLive() && piece.start == start) {
              piece.to = time;
            }
          }
          tested.unload(time, start);
        }
      }
      for (int i = 0; i < 5000; i++) {
        long address = 0x0ff0L + random.nextInt(400);
        long time = random.nextInt(610);
        assertEquals(
            search(all, address, time),
            tested.nameAt(address, time),
            () -> "0x%x at %d, seed %d".formatted(address, time, seed));
      }
    }
  }

  @Test
  void a_look_up_does_not_allocate() {
    map.load(100, 0x1000, 0x20, "a");
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    int named = 0;
    for (int round = 0; round < 5; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100_000; i++) {
        named += map.nameAt(0x1000 + (i & 63), i) == null ? 0 : 1;
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(named > 0 && least < 1000, least + " bytes for 100000 look-ups");
  }

  private static @Nullable String search(List<Piece> all, long address, long time) {
    for (Piece piece : all) {
      if (piece.start <= address && address < piece.end && piece.from <= time && time < piece.to) {
        return piece.name;
      }
    }
    return null;
  }

  private static final class Piece {
    private final long start;
    private final long end;
    private final long from;
    private final String name;
    private long to = Long.MAX_VALUE;

    Piece(long start, long end, long from, String name) {
      this.start = start;
      this.end = end;
      this.from = from;
      this.name = name;
    }

    boolean isLive() {
      return to == Long.MAX_VALUE;
    }
  }
}
