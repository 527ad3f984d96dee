package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("A23")
final class EventTest {
  private static final Event.View PLAIN = new Event.View(false, Event.Part.ALL);
  private static final Event.View NAMED = new Event.View(true, Event.Part.ALL);

  /// What the content was asked for, in order.
  private final List<String> asked = new ArrayList<>();

  /// Differs by resolution alone.
  private final Event event =
      Event.of(
          1,
          "audio",
          new Event.Content() {
            @Override
            public Event.Part relevant(Event.Part part) {
              return Event.Part.ALL.at(part.resolution());
            }

            @Override
            public byte[] json(Event.Part part) {
              asked.add("json " + part.resolution());
              return "{}".getBytes(UTF_8);
            }

            @Override
            public ByteBuffer bytes(Event.Part part, SampleFormat format) {
              asked.add(format + " " + part.resolution());
              return ByteBuffer.allocate(format.bytes());
            }
          });

  private static String text(Event event, Event.View view) {
    return UTF_8.decode(event.text(view)).toString();
  }

  @Test
  void its_json_is_made_once_however_many_clients_and_streams_get_it() {
    for (int client = 0; client < 3; client++) {
      assertEquals("id: 1\ndata: {}\n\n", text(event, PLAIN));
      assertEquals("event: audio\ndata: {}\n\n", text(event, NAMED));
      event.block(PLAIN);
      event.block(NAMED);
    }
    assertEquals(List.of("json FULL"), asked);
  }

  @Test
  @Tag("A42")
  void it_is_compressed_once_for_all_clients() {
    Event.View zoomed =
        new Event.View(false, new Event.Part(new Event.Band(1, 2), true, Resolution.FULL));
    assertSame(event.block(PLAIN), event.block(zoomed));
  }

  @Test
  @Tag("A43")
  void a_resolution_is_made_once_and_only_if_somebody_has_it() {
    for (int client = 0; client < 3; client++) {
      text(event, PLAIN.at(Resolution.QUARTER));
    }
    assertEquals(List.of("json QUARTER"), asked);
  }

  @Test
  @Tag("A44")
  void its_bytes_are_made_once_for_a_format_whatever_part_of_a_spectrum_a_client_wants() {
    Event.Part zoomed = new Event.Part(new Event.Band(1, 2), true, Resolution.FULL);
    for (Event.Part part : List.of(Event.Part.ALL, zoomed)) {
      assertEquals(4, event.message(part, SampleFormat.FLOAT32).bytes().remaining());
      assertEquals(2, event.message(part, SampleFormat.INT16).bytes().remaining());
    }
    assertEquals(List.of("FLOAT32 FULL", "INT16 FULL"), asked);
  }

  @Test
  @Tag("A44")
  void what_has_no_bytes_is_a_message_of_json_under_its_name() {
    Event.Message message = Event.lagged("audio", 3).message(Event.Part.ALL, SampleFormat.FLOAT32);
    assertEquals(
        "{\"event\":\"lagged\",\"data\":{\"topic\":\"audio\",\"missed\":3}}",
        UTF_8.decode(message.bytes().duplicate()).toString());
  }
}
