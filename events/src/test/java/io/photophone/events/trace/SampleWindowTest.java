package io.photophone.events.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.photophone.events.profile.ThreadState;
import io.photophone.events.trace.KeptSamples.Kept;
import io.photophone.events.trace.KeptSamples.State;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V16")
final class SampleWindowTest {
  private static final int LONGS = 1 << 14;
  private static final int NO_KIND = -1;

  private final KeptSamples kept = new KeptSamples();

  @Test
  void what_came_longer_ago_than_is_kept_is_forgotten() {
    SampleWindow window = new SampleWindow(100, LONGS);
    for (int time = 0; time <= 300; time += 50) {
      window.now(time);
      window.sample(time, 1, 2, 3, 4, 5, new long[] {time}, 1);
    }
    window.replay(kept, 200, NO_KIND);
    assertEquals(List.of(200L, 250L, 300L), kept.samples.stream().map(Kept::timeNanos).toList());
    assertEquals(new Kept(200, 1, 2, 3, 4, 5, List.of(200L)), kept.samples.getFirst());
    assertEquals(0, window.displaced());
  }

  @Test
  void of_durations_that_began_before_the_window_its_part_is_left() {
    SampleWindow window = new SampleWindow(100, LONGS);
    window.now(1000);
    window.sample(700, 1, 2, -1, 6, 290, new long[0], 0);
    window.sample(700, 1, 2, -1, 5, 290, new long[0], 0);
    window.state(1, 2, ThreadState.BLOCKED, -1, 700, 990);
    window.state(-1, 2, ThreadState.RUNNING, 3, 950, 990);
    window.replay(kept, 900, 6);
    assertEquals(
        List.of(
            new Kept(900, 1, 2, -1, 6, 90, List.of()), new Kept(700, 1, 2, -1, 5, 290, List.of())),
        kept.samples);
    assertEquals(
        List.of(
            new State(1, 2, ThreadState.BLOCKED, -1, 900, 990),
            new State(-1, 2, ThreadState.RUNNING, 3, 950, 990)),
        kept.states);
  }

  @Test
  void a_full_ring_keeps_the_newest_and_counts_what_had_to_go() {
    SampleWindow window = new SampleWindow(Long.MAX_VALUE / 2, LONGS);
    SplittableRandom random = new SplittableRandom(11);
    List<Kept> all = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      long[] stack = random.longs(random.nextInt(60)).toArray();
      window.now(i);
      window.sample(i, i, 2 * i, i % 7, i % 3, random.nextLong(1000), stack, stack.length);
      all.add(
          new Kept(i, i, 2 * i, i % 7, i % 3, 0, java.util.Arrays.stream(stack).boxed().toList()));
    }
    window.replay(kept, 0, NO_KIND);
    assertEquals(3000, window.displaced() + kept.samples.size());
    assertEquals(
        all.subList((int) window.displaced(), 3000),
        kept.samples.stream()
            .map(each ->
                new Kept(
                    each.timeNanos(),
                    each.pid(),
                    each.tid(),
                    each.cpu(),
                    each.kind(),
                    0,
                    each.stack()))
            .toList());
  }

  @Test
  void a_stack_that_is_longer_than_the_ring_is_counted() {
    SampleWindow window = new SampleWindow(100, LONGS);
    window.sample(1, 1, 1, 1, 1, 1, new long[LONGS], LONGS);
    window.replay(kept, 0, NO_KIND);
    assertEquals(1, window.displaced());
    assertEquals(List.of(), kept.samples);
  }

  @Test
  void a_size_that_is_no_power_of_two_is_refused() {
    assertEquals(
        "a window of 20000 longs, allowed: powers of 2 from 16384",
        assertThrows(IllegalArgumentException.class, () -> new SampleWindow(1, 20_000))
            .getMessage());
  }
}
