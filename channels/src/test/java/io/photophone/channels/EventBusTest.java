package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("B11")
@Timeout(20)
final class EventBusTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  private final EventBus<String> bus = new EventBus<>("events", 3);

  @Test
  void an_event_before_the_first_listener_is_counted_as_unheard_and_not_kept() throws Exception {
    bus.publish("config", "lost");
    assertEquals(1, bus.unheard());
    try (EventBus<String>.Subscription listener = bus.subscribe("config", "page")) {
      bus.publish("config", "heard");
      assertEquals("heard", next(listener));
    }
    assertEquals(2, bus.published());
    assertEquals(1, bus.unheard());
  }

  @Test
  void topics_are_apart_and_every_listener_of_one_hears_all_of_it() throws Exception {
    try (EventBus<String>.Subscription one = bus.subscribe("config", "one");
        EventBus<String>.Subscription two = bus.subscribe("config", "two");
        EventBus<String>.Subscription other = bus.subscribe("frames", "other")) {
      bus.publish("config", "a");
      bus.publish("frames", "b");
      assertEquals("a", next(one));
      assertEquals("a", next(two));
      assertEquals("b", next(other));
      assertInstanceOf(Received.Empty.class, one.receive(Duration.ZERO));
    }
  }

  @Test
  void a_slow_listener_is_told_how_many_events_it_missed() throws Exception {
    try (EventBus<String>.Subscription listener = bus.subscribe("frames", "slow")) {
      for (int i = 0; i < 10; i++) {
        bus.publish("frames", "frame " + i);
      }
      assertEquals(new Received.Lagged<String>(7), listener.receive(LONG));
      assertEquals("frame 7", next(listener));
      assertEquals(7, bus.stats().getFirst().droppedTotal());
    }
  }

  @Test
  void a_topic_goes_away_with_its_last_listener_and_may_come_back() throws Exception {
    EventBus<String>.Subscription one = bus.subscribe("config", "one");
    EventBus<String>.Subscription two = bus.subscribe("config", "two");
    assertEquals("events/config", bus.stats().getFirst().name());
    one.close();
    assertEquals(1, bus.stats().size());
    two.close();
    two.close();
    assertEquals(List.of(), bus.stats());
    bus.publish("config", "nobody");
    assertEquals(1, bus.unheard());
    try (EventBus<String>.Subscription again = bus.subscribe("config", "again")) {
      bus.publish("config", "heard");
      assertEquals("heard", next(again));
    }
  }

  @Test
  void a_closed_bus_ends_its_listeners_and_takes_no_more() throws Exception {
    EventBus<String>.Subscription listener = bus.subscribe("config", "one");
    bus.publish("config", "last");
    bus.close();
    assertEquals("last", next(listener));
    assertInstanceOf(Received.Closed.class, listener.receive(LONG));
    bus.publish("config", "late");
    assertEquals(1, bus.unheard());
    assertThrows(IllegalStateException.class, () -> bus.subscribe("config", "late"));
  }

  @Test
  void what_many_threads_publish_while_listeners_come_and_go_is_counted_and_leaves_no_topic()
      throws Exception {
    int threads = 4;
    int events = 2000;
    List<Future<?>> work = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads + 1)) {
      for (int i = 0; i < threads; i++) {
        work.add(
            executor.submit(() -> {
              for (int n = 0; n < events; n++) {
                bus.publish("frames", "frame");
              }
            }));
      }
      work.add(
          executor.submit(() -> {
            for (int n = 0; n < 500; n++) {
              try (EventBus<String>.Subscription listener = bus.subscribe("frames", "guest")) {
                listener.receive(Duration.ofNanos(1000));
              }
            }
            return null;
          }));
    }
    for (Future<?> each : work) {
      each.get();
    }
    assertEquals((long) threads * events, bus.published());
    assertEquals(List.of(), bus.stats());
  }

  private static String next(EventBus<String>.Subscription listener) throws InterruptedException {
    if (listener.receive(LONG) instanceof Received.Message<String> message) {
      return message.value();
    }
    throw new AssertionError("no event");
  }
}
