package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("V13")
class SampledEventsTest {
  private final SampledEvent one = new SampledEvent(1, Records.setups().get(1));
  private final SampledEvent two = new SampledEvent(2, Records.setups().get(2));

  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void each_of_many_numbers_is_found_again_and_no_other() {
    SampledEvents events = new SampledEvents();
    for (long id = 0; id < 5000; id++) {
      assertNull(events.get(id), "not yet");
      events.put(id, id % 3 == 0 ? one : two);
    }
    for (long id = 0; id < 5000; id++) {
      assertSame(id % 3 == 0 ? one : two, events.get(id));
    }
    assertNull(events.get(5000));
    assertNull(events.get(-1));
  }

  @Test
  void a_number_that_is_given_again_is_the_later_event_s() {
    SampledEvents events = new SampledEvents();
    events.put(0, one);
    events.put(0, two);
    assertSame(two, events.get(0));
  }
}
