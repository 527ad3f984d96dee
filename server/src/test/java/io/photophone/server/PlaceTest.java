package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.photophone.model.FrameLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a client gets is written as in `0 1 -2 4`: ids, and with a minus how many it is told it
/// missed.
@Tag("A18")
@Tag("A23")
final class PlaceTest {
  private static final int RETAINED = 8;
  private static final int LATE = 3;

  private final Topic frames = Topic.ofFrames("cell-1", "audio", RETAINED, LATE, FrameLog.NONE);
  private final Topic readings = Topic.ofAll("cell-1", "readings", RETAINED);
  private final List<Place> places = new ArrayList<>();

  @AfterEach
  void who_left_is_no_subscriber() {
    places.forEach(Place::leave);
    for (Topic topic : List.of(frames, readings)) {
      assertEquals(0, topic.subscriberCount());
    }
  }

  private Place join(Topic topic, long lastId) {
    Place place =
        topic.join(
            new EventStream(
                null, Subscription.to(topic), null, new Pump(1), FrameLog.NONE, (_, _) -> {}),
            lastId);
    places.add(place);
    return place;
  }

  private Place join(Topic topic) {
    return join(topic, Event.NO_ID);
  }

  private static void publish(Topic topic, long from, long to) {
    for (long id = from; id < to; id++) {
      topic.publish(Event.of(id, topic.name(), _ -> new byte[0]));
    }
  }

  private static String received(Place place) {
    List<String> received = new ArrayList<>();
    for (Event event = place.next(); event != null; event = place.next()) {
      String json = new String(event.json(Event.Part.ALL), UTF_8);
      if (json.contains("\"missed\":")) {
        received.add("-" + json.replaceAll("\\D", ""));
      } else {
        received.add(event.isLast() ? "end" : Long.toString(event.id()));
      }
    }
    return String.join(" ", received);
  }

  @Test
  void a_client_that_is_not_late_gets_everything() {
    Place place = join(frames);
    publish(frames, 0, LATE);
    assertEquals("0 1 2", received(place));
    publish(frames, LATE, 2 * LATE);
    assertEquals("3 4 5", received(place));
    assertEquals(0, place.missed());
    assertEquals(0, frames.laggedSubscribers());
  }

  @ParameterizedTest
  @CsvSource({"4, -3 3", "5, -4 4", "8, -7 7", "9, -8 8", "30, -29 29"})
  void a_client_that_is_late_goes_on_at_the_newest(long published, String received) {
    Place late = join(frames);
    Place other = join(frames);
    for (long id = 0; id < published; id++) {
      publish(frames, id, id + 1);
      assertEquals(Long.toString(id), received(other));
    }
    assertEquals(received, received(late));
    assertEquals(published - 1, late.missed());
    assertEquals(published - 1, frames.missed());
    assertEquals(1, frames.laggedSubscribers());
    publish(frames, published, published + 1);
    assertEquals(Long.toString(published), received(late));
  }

  @Test
  void a_client_that_became_late_with_a_notice_held_misses_what_lies_behind_it() {
    Place place = join(frames);
    publish(frames, 0, 5);
    assertEquals("lagged", name(place.next()));
    publish(frames, 5, 10);
    assertEquals("4 -4 9", received(place));
  }

  private static String name(Event event) {
    return event.toString().replaceAll("Event\\[(\\w+), .*", "$1");
  }

  @Test
  void an_end_is_told_even_to_a_late_client() {
    Place place = join(frames);
    publish(frames, 0, 2);
    frames.publish(Event.end("audio", "the end of the file"));
    publish(frames, 2, 6);
    assertEquals("-2 end -3 5", received(place));
  }

  @Test
  void an_end_that_is_next_for_a_late_client_comes_without_a_loss() {
    Place place = join(frames);
    frames.publish(Event.end("audio", "the end of the file"));
    publish(frames, 0, 5);
    assertEquals("end -4 4", received(place));
  }

  @Test
  void a_slow_client_of_readings_misses_only_what_is_no_longer_retained() {
    Place place = join(readings);
    publish(readings, 0, RETAINED);
    assertEquals("0 1 2 3 4 5 6 7", received(place));
    publish(readings, 8, 8 + RETAINED + 2);
    assertEquals("-2 10 11 12 13 14 15 16 17", received(place));
  }

  @Test
  void a_client_that_comes_back_gets_all_that_is_retained_however_late() {
    publish(frames, 0, 20);
    assertEquals("13 14 15 16 17 18 19", received(join(frames, 12)));
    assertEquals("12 13 14 15 16 17 18 19", received(join(frames, 11)));
    assertEquals("-1 12 13 14 15 16 17 18 19", received(join(frames, 10)));
    assertEquals("-11 12 13 14 15 16 17 18 19", received(join(frames, 0)));
    assertEquals("", received(join(frames, 19)));
    assertEquals("19", received(join(frames, 20)));
  }

  @Test
  void a_client_that_came_back_and_caught_up_is_then_as_late_as_any() {
    publish(frames, 0, 8);
    Place place = join(frames, 2);
    assertEquals("3 4 5 6 7", received(place));
    publish(frames, 8, 12);
    assertEquals("-3 11", received(place));
  }

  @Test
  void a_client_that_is_overtaken_while_it_catches_up_is_told_the_exact_number() {
    publish(frames, 0, 8);
    Place place = join(frames, 4);
    publish(frames, 8, 16);
    assertEquals("-3 8 9 10 11 12 13 14 15", received(place));
    Place reading = join(readings, Event.NO_ID);
    publish(readings, 0, 8);
    Place back = join(readings, 4);
    publish(readings, 8, 16);
    assertEquals("-3 8 9 10 11 12 13 14 15", received(back));
    assertEquals("-8 8 9 10 11 12 13 14 15", received(reading));
  }

  @Test
  void what_the_server_missed_is_told_once_to_who_comes_back() {
    publish(frames, 0, 1);
    frames.publishLag(3);
    publish(frames, 4, 6);
    assertEquals("-3 4 5", received(join(frames, 0)));
    assertEquals("5", received(join(frames, 4)));
    assertEquals(0, frames.missed());
  }

  @Test
  void a_client_that_misses_the_notice_of_the_servers_loss_is_told_that_loss_too() {
    Place slow = join(frames);
    publish(frames, 0, 1);
    assertEquals("0", received(slow));
    frames.publishLag(20);
    publish(frames, 21, 21 + 3 * RETAINED);
    int last = 20 + 3 * RETAINED;
    assertEquals("-" + (last - 1) + " " + last, received(slow));
    assertEquals(3 * RETAINED - 1, slow.missed(), "its own share");
    publish(frames, last + 1, last + 3);
    assertEquals((last + 1) + " " + (last + 2), received(slow));
  }

  @Test
  void a_loss_told_in_front_of_an_end_is_not_told_again() {
    Place place = join(frames);
    publish(frames, 0, 1);
    assertEquals("0", received(place));
    publish(frames, 1, 3);
    frames.publish(Event.end("audio", "the end of the file"));
    publish(frames, 10, 14);
    assertEquals("-2 end -10 13", received(place));
  }

  @Test
  void frames_counted_anew_are_no_loss() {
    publish(frames, 0, 6);
    Place place = join(frames);
    assertEquals("5", received(place));
    publish(frames, 0, 2);
    assertEquals("0 1", received(place));
  }

  @Test
  void who_joins_at_an_end_misses_nothing() {
    publish(frames, 0, 3);
    frames.publish(Event.end("audio", "the end of the file"));
    Place place = join(frames);
    publish(frames, 3, 5);
    assertEquals("end 3 4", received(place));
  }

  @Test
  void an_end_from_before_is_not_told_to_who_comes_back() {
    publish(frames, 0, 3);
    frames.publish(Event.end("audio", "the end of the file"));
    publish(frames, 3, 6);
    assertEquals("end 3 4 5", received(join(frames, 2)));
    assertEquals("4 5", received(join(frames, 3)));
  }
}
