package io.photophone.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V1")
final class EventTest {
  private static final EventFormat FORMAT =
      EventFormat.builder("tick").order(ByteOrder.LITTLE_ENDIAN).integer("n", 4, true).build();

  private final Event event = new Event(7, FORMAT);
  private final ErrorBatch errors = new ErrorBatch(2);
  private final EventData data = new EventData();
  private final List<String> seen = new ArrayList<>();

  private void happen() {
    MemorySegment bytes = MemorySegment.ofArray(new byte[] {5, 0, 0, 0});
    event.process(data.moveTo(FORMAT, bytes, 0, 4), errors);
  }

  @Test
  void callbacks_run_in_the_order_of_their_registration() {
    event.addCallback(_ -> seen.add("a"));
    event.addCallback(_ -> seen.add("b"));
    event.addCallback(_ -> seen.add("c"));
    happen();
    happen();
    assertEquals(List.of("a", "b", "c", "a", "b", "c"), seen);
  }

  @Test
  void a_callback_that_throws_anything_stops_neither_the_others_nor_the_source() {
    event.addCallback(_ -> {
      throw new Exception("checked");
    });
    event.addCallback(_ -> {
      throw new AssertionError("error");
    });
    event.addCallback(_ -> {
      throw new StackOverflowError();
    });
    event.addCallback(_ -> seen.add("ran"));
    happen();
    assertEquals(List.of("ran"), seen);
    assertEquals(3, errors.total());
    assertEquals("tick", errors.first().getFirst().item());
    assertEquals("checked", errors.first().getFirst().cause().getMessage());
  }

  @Test
  void the_batch_keeps_the_first_causes_and_counts_the_rest() {
    event.addCallback(_ -> {
      throw new IllegalStateException("always");
    });
    for (int i = 0; i < 1000; i++) {
      happen();
    }
    assertEquals(1000, errors.total());
    assertEquals(2, errors.first().size());
    assertEquals(998, errors.others());
  }

  @Test
  void an_interrupt_in_a_callback_is_kept_for_the_source() {
    event.addCallback(_ -> {
      throw new InterruptedException();
    });
    happen();
    assertTrue(Thread.interrupted());
    assertEquals(1, errors.total());
  }

  @Test
  void a_removed_callback_runs_no_more_and_removing_it_twice_removes_no_other() {
    EventCallback same = _ -> seen.add("same");
    Event.Registration first = event.addCallback(same);
    Event.Registration second = event.addCallback(same);
    first.close();
    first.close();
    happen();
    assertEquals(List.of("same"), seen);
    assertTrue(event.hasCallbacks());
    second.close();
    assertFalse(event.hasCallbacks());
    happen();
    assertEquals(List.of("same"), seen);
  }

  @Test
  void a_callback_may_remove_itself_and_add_others_while_it_runs() {
    AtomicReference<Event.Registration> own = new AtomicReference<>();
    own.set(
        event.addCallback(_ -> {
          seen.add("once");
          own.get().close();
          event.addCallback(_ -> seen.add("added"));
        }));
    event.addCallback(_ -> seen.add("always"));
    happen();
    assertEquals(List.of("once", "always"), seen);
    happen();
    assertEquals(List.of("once", "always", "always", "added"), seen);
  }

  @Test
  void a_filter_keeps_events_from_its_callback_alone() {
    event.addCallback(
        (segment, offset, _) -> segment.get(ValueLayout.JAVA_BYTE, offset) > 5,
        _ -> seen.add("more than 5"));
    event.addCallback(
        (segment, offset, _) -> segment.get(ValueLayout.JAVA_BYTE, offset) == 5,
        _ -> seen.add("5"));
    event.addCallback(_ -> seen.add("any"));
    happen();
    assertEquals(List.of("5", "any"), seen);
  }

  @Test
  void a_filter_that_breaks_its_promise_and_throws_counts_as_a_failure() {
    event.addCallback(
        (_, _, _) -> {
          throw new IllegalStateException("filter");
        },
        _ -> seen.add("filtered"));
    event.addCallback(_ -> seen.add("other"));
    happen();
    assertEquals(List.of("other"), seen);
    assertEquals(1, errors.total());
    assertThrows(IllegalArgumentException.class, () -> data.longOf(FORMAT.fieldRef("n")));
  }

  @Test
  void a_read_after_the_callbacks_is_refused() {
    FieldRef n = FORMAT.fieldRef("n");
    event.addCallback(view -> seen.add("" + view.longOf(n)));
    happen();
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> data.longOf(n));
    assertEquals("tick.n was read after the event's callbacks had ended", e.getMessage());
    assertEquals(List.of("5"), seen);
  }
}
