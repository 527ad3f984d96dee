package io.photophone.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("V6")
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class WritableTest {

  static Stream<Writable<List<String>>> both() {
    return Stream.of(Writable.ofOneThread(new ArrayList<>()), Writable.shared(new ArrayList<>()));
  }

  private static <T> T elsewhere(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform().name("elsewhere").start(task);
    return task.get();
  }

  @ParameterizedTest
  @MethodSource("both")
  void what_is_written_is_read(Writable<List<String>> state) {
    ReadOnly<List<String>> readOnly = state.readOnly();
    state.write(list -> list.add("a"));
    state.replace(list -> List.of(list.getFirst(), "b"));
    assertEquals(2, readOnly.<Integer>read(List::size));
    assertEquals("b", state.<String>read(List::getLast));
  }

  @ParameterizedTest
  @MethodSource("both")
  void a_write_within_a_read_is_refused_and_the_state_stays_usable(Writable<List<String>> state) {
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () ->
                state.read(_ -> {
                  state.write(list -> list.add("x"));
                  return 0;
                }));
    assertEquals("the state can't be written within a function that uses it", e.getMessage());
    state.write(list -> list.add("y"));
    assertEquals(List.of("y"), state.<List<String>>read(List::copyOf));
  }

  @ParameterizedTest
  @MethodSource("both")
  void a_read_or_write_within_a_write_is_refused(Writable<List<String>> state) {
    assertThrows(
        IllegalStateException.class, () -> state.write(_ -> state.<Integer>read(List::size)));
    assertThrows(
        IllegalStateException.class, () -> state.write(_ -> state.write(list -> list.add("x"))));
    assertEquals(0, state.<Integer>read(List::size));
  }

  @ParameterizedTest
  @MethodSource("both")
  void a_read_within_a_read_is_allowed(Writable<List<String>> state) {
    assertEquals(0, state.<Integer>read(list -> list.size() + state.<Integer>read(List::size)));
    state.write(list -> list.add("a"));
  }

  @ParameterizedTest
  @MethodSource("both")
  void a_function_that_throws_gives_the_state_back(Writable<List<String>> state) {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            state.write(_ -> {
              throw new IllegalArgumentException();
            }));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            state.read(_ -> {
              throw new IllegalArgumentException();
            }));
    state.write(list -> list.add("a"));
    assertEquals(1, state.<Integer>read(List::size));
  }

  @Test
  void state_of_one_thread_is_refused_to_another_by_name() {
    Writable<List<String>> state = Writable.ofOneThread(new ArrayList<>());
    state.write(list -> list.add("a"));
    ExecutionException e =
        assertThrows(
            ExecutionException.class, () -> elsewhere(() -> state.<Integer>read(List::size)));
    String message = String.valueOf(e.getCause().getMessage());
    assertTrue(message.contains("used by elsewhere"), message);
    assertTrue(message.contains(Thread.currentThread().getName()), message);
  }

  @Test
  void shared_state_is_read_by_two_threads_at_once() throws Exception {
    Writable<List<String>> state = Writable.shared(new ArrayList<>());
    CountDownLatch both = new CountDownLatch(2);
    Callable<Boolean> reading =
        () ->
            state.<Boolean>read(_ -> {
              both.countDown();
              try {
                both.await();
                return true;
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
              }
            });
    FutureTask<Boolean> other = new FutureTask<>(reading);
    Thread.ofPlatform().start(other);
    assertTrue(reading.call());
    assertTrue(other.get());
  }

  @Test
  void writers_of_shared_state_are_alone() throws Exception {
    int[] counted = {0};
    Writable<int[]> state = Writable.shared(counted);
    int each = 100_000;
    FutureTask<Integer> other =
        new FutureTask<>(() -> {
          for (int i = 0; i < each; i++) {
            state.write(array -> array[0]++);
          }
          return 0;
        });
    Thread.ofPlatform().start(other);
    for (int i = 0; i < each; i++) {
      state.write(array -> array[0]++);
    }
    other.get();
    assertEquals(2 * each, state.<Integer>read(array -> array[0]));
  }
}
