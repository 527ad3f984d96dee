package io.photophone.acquisition.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.model.BreakerState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("B25")
final class SourceBreakerTest {
  private final List<String> changes = new ArrayList<>();
  private final SourceBreaker breaker =
      new SourceBreaker(3, (from, to) -> changes.add(from.wireName() + " " + to.wireName()));

  @Test
  void it_opens_at_the_threshold_and_not_before() {
    fail(2);
    assertEquals(BreakerState.CLOSED, breaker.state());
    fail(1);
    assertEquals(BreakerState.OPEN, breaker.state());
    assertEquals(List.of("closed open"), changes);
  }

  @Test
  void a_success_between_failures_begins_the_count_anew() {
    fail(2);
    assertTrue(breaker.admit());
    breaker.succeeded();
    fail(2);
    assertEquals(BreakerState.CLOSED, breaker.state());
    assertEquals(List.of(), changes);
  }

  @Test
  void half_open_it_admits_exactly_one_probe_until_that_is_decided() {
    fail(3);
    assertTrue(breaker.admit());
    assertEquals(BreakerState.HALF_OPEN, breaker.state());
    for (int i = 0; i < 10; i++) {
      assertFalse(breaker.admit());
    }
    breaker.succeeded();
    assertEquals(BreakerState.CLOSED, breaker.state());
    assertTrue(breaker.admit());
    assertEquals(List.of("closed open", "open half_open", "half_open closed"), changes);
  }

  @Test
  void a_failed_probe_opens_it_again() {
    fail(3);
    fail(1);
    assertEquals(BreakerState.OPEN, breaker.state());
    assertEquals(List.of("closed open", "open half_open", "half_open open"), changes);
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      assertTrue(breaker.admit());
      breaker.failed();
    }
  }
}
