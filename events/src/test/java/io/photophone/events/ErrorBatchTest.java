package io.photophone.events;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V10")
final class ErrorBatchTest {

  @Test
  void the_first_causes_are_kept_and_the_others_counted() {
    ErrorBatch batch = new ErrorBatch(3);
    for (int i = 0; i < 10; i++) {
      batch.add("item " + i, new IllegalStateException("cause " + i));
    }
    assertEquals(10, batch.total());
    assertEquals(7, batch.others());
    assertEquals(3, batch.first().size());
    assertEquals("item 0", batch.first().get(0).item());
    assertEquals("cause 2", batch.first().get(2).cause().getMessage());
  }

  @Test
  void an_exception_of_a_batch_tells_how_many_and_bears_the_causes() {
    ErrorBatch batch = new ErrorBatch(2);
    IllegalStateException first = new IllegalStateException("boom");
    batch.add("a", first);
    batch.add("b", new IllegalStateException("later"));
    batch.add("c", new IllegalStateException("not kept"));
    BatchException e = assertThrows(BatchException.class, () -> batch.throwIfAny("symbols"));
    assertEquals(3, e.total());
    assertEquals(2, e.getSuppressed().length);
    assertSame(first, e.getSuppressed()[0]);
    assertTrue(e.getMessage().startsWith("symbols: 3 failed, first a: "), e.getMessage());
    assertTrue(e.getMessage().contains("boom"), e.getMessage());
  }

  @Test
  void the_same_cause_twice_is_no_problem() {
    ErrorBatch batch = new ErrorBatch();
    IllegalStateException cause = new IllegalStateException("same");
    batch.add("a", cause);
    batch.add("b", cause);
    BatchException e = assertThrows(BatchException.class, () -> batch.throwIfAny("x"));
    assertEquals(2, e.getSuppressed().length);
  }

  @Test
  void an_empty_or_cleared_batch_throws_nothing() {
    ErrorBatch batch = new ErrorBatch();
    assertTrue(batch.isEmpty());
    batch.add("a", new IllegalStateException());
    batch.clear();
    assertTrue(batch.isEmpty());
    assertEquals(0, batch.total());
    assertEquals(0, batch.others());
    assertDoesNotThrow(() -> batch.throwIfAny("x"));
  }

  @Test
  void a_batch_that_keeps_nothing_is_refused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new ErrorBatch(0));
    assertEquals("kept is 0, allowed: 1 or more", e.getMessage());
  }
}
