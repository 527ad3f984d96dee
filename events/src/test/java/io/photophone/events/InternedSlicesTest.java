package io.photophone.events;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("V8")
final class InternedSlicesTest {
  private static final long MEBIBYTE = 1 << 20;

  private final InternedSlices slices = new InternedSlices(16 * MEBIBYTE);

  @Test
  void the_same_content_gives_the_same_id_wherever_it_stands() {
    int id = slices.intern(new long[] {1, 2, 3}, 0, 3);
    assertEquals(id, slices.intern(new long[] {9, 1, 2, 3, 9}, 1, 3));
    assertNotEquals(id, slices.intern(new long[] {1, 2, 3}, 0, 2));
    assertNotEquals(id, slices.intern(new long[] {1, 2, 4}, 0, 3));
    assertEquals(3, slices.size());
  }

  @Test
  void ids_are_dense_from_one_and_read_back() {
    assertEquals(1, slices.intern(new long[] {7}, 0, 1));
    assertEquals(2, slices.intern(new long[] {-1, Long.MIN_VALUE}, 0, 2));
    assertArrayEquals(new long[] {7}, slices.toArray(1));
    assertArrayEquals(new long[] {-1, Long.MIN_VALUE}, slices.toArray(2));
    assertEquals(Long.MIN_VALUE, slices.get(2, 1));
    assertEquals(2, slices.length(2));
  }

  @Test
  void an_empty_slice_has_an_id_of_its_own() {
    int id = slices.intern(new long[0], 0, 0);
    assertNotEquals(InternedSlices.REFUSED, id);
    assertEquals(id, slices.intern(new long[] {5}, 1, 0));
    assertArrayEquals(new long[0], slices.toArray(id));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 8})
  void a_segment_gives_the_id_of_the_array_even_if_it_is_not_aligned(int offset) {
    long[] stack = {0x7fff_0000_1234L, -8, 3};
    int id = slices.intern(stack, 0, 3);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(64);
      MemorySegment.copy(stack, 0, segment, ValueLayout.JAVA_LONG_UNALIGNED, offset, 3);
      assertEquals(id, slices.intern(segment, offset, 3));
      segment.fill((byte) 0);
      assertEquals(3, slices.copyTo(id, segment, offset));
      assertEquals(-8, segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + 8));
    }
  }

  @Test
  void a_slice_is_copied_between_what_the_caller_has_there() {
    int id = slices.intern(new long[] {4, 5}, 0, 2);
    long[] target = {1, 1, 1, 1};
    assertEquals(2, slices.copyTo(id, target, 1));
    assertArrayEquals(new long[] {1, 4, 5, 1}, target);
  }

  @Test
  void ranges_outside_the_source_or_target_and_foreign_ids_are_refused() {
    long[] three = new long[3];
    MemorySegment segment = MemorySegment.ofArray(three);
    assertThrows(IndexOutOfBoundsException.class, () -> slices.intern(three, 1, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> slices.intern(segment, 1, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> slices.intern(segment, 0, -1));
    int id = slices.intern(three, 0, 3);
    assertThrows(IndexOutOfBoundsException.class, () -> slices.copyTo(id, three, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> slices.copyTo(id, segment, 8));
    assertThrows(IndexOutOfBoundsException.class, () -> slices.get(id, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> slices.length(2));
    assertThrows(IndexOutOfBoundsException.class, () -> slices.toArray(-1));
    assertThrows(IllegalArgumentException.class, () -> new InternedSlices(8191));
  }

  @Test
  void what_no_longer_fits_is_counted_and_what_was_kept_is_still_found() {
    InternedSlices small = new InternedSlices(64 * 1024);
    long[] stack = new long[20];
    int kept = 0;
    for (int i = 1; i <= 10_000; i++) {
      stack[0] = i;
      int id = small.intern(stack, 0, stack.length);
      assertTrue(small.bytes() <= 64 * 1024, "bytes: " + small.bytes());
      if (id != InternedSlices.REFUSED) {
        kept++;
      }
    }
    assertEquals(kept, small.size());
    assertEquals(10_000 - kept, small.refused());
    assertTrue(kept > 200, "kept: " + kept);
    stack[0] = 1;
    assertEquals(1, small.intern(stack, 0, stack.length));
    assertEquals(0, small.length(InternedSlices.REFUSED));
    assertEquals(0, small.toArray(InternedSlices.REFUSED).length);
  }

  @Test
  void a_slice_longer_than_a_part_of_the_memory_is_counted_not_kept() {
    InternedSlices small = new InternedSlices(8192);
    long[] large = new long[2000];
    assertEquals(InternedSlices.REFUSED, small.intern(large, 0, 2000));
    assertEquals(InternedSlices.REFUSED, small.intern(MemorySegment.ofArray(large), 0, 2000));
    assertEquals(2, small.refused());
    assertEquals(1, small.intern(large, 0, 100));
  }

  @Test
  void random_slices_agree_with_a_map() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Integer> expected = new HashMap<>();
    InternedSlices any = new InternedSlices(256 * MEBIBYTE);
    for (int i = 0; i < 300_000; i++) {
      long[] slice = new long[random.nextInt(6)];
      Arrays.setAll(slice, n -> random.nextInt(12) - 6L);
      if (random.nextInt(4) == 0) {
        slice = Arrays.copyOf(slice, random.nextInt(2, 400));
        slice[1] = random.nextInt(20_000);
      }
      int id =
          random.nextBoolean()
              ? any.intern(slice, 0, slice.length)
              : any.intern(MemorySegment.ofArray(slice), 0, slice.length);
      Integer known = expected.putIfAbsent(Arrays.toString(slice), id);
      assertEquals(known == null ? any.size() : known, id, "seed " + seed);
      assertArrayEquals(slice, any.toArray(id), "seed " + seed);
    }
    assertEquals(expected.size(), any.size(), "seed " + seed);
    assertEquals(0, any.refused());
  }

  @Test
  void finding_a_slice_again_allocates_nothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] stack = new long[40];
    MemorySegment segment = MemorySegment.ofArray(stack.clone());
    slices.intern(stack, 0, 40);
    long sum = 0;
    long before = 0;
    for (int i = 0; i < 400_000; i++) {
      if (i == 200_000) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      sum += slices.intern(stack, 0, 40) + slices.intern(segment, 0, 40);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(800_000, sum);
    assertTrue(allocated < 64 * 1024, "allocated bytes: " + allocated);
  }
}
