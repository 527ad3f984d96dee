package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.photophone.acquisition.stream.StreamingConfig;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A42")
@Timeout(30)
final class CompressedStreamTest {
  private static final String AUDIO = "/api/audio/stream/audio";
  private static final String GZIP = "Accept-Encoding: gzip";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          gzip                       | gzip
          gzip, deflate, br, zstd    | gzip
          deflate, gzip;q=0.5        | gzip
          gzip;q=0                   | -
          gzip;q=0, *                | -
          identity, gzip;q=0.5       | -
          identity;q=0.5, gzip       | gzip
          br                         | -
          """)
  void a_client_gets_gzip_if_it_accepts_it(String accepts, String encoding) throws Exception {
    try (LiveServer live = LiveServer.start();
        Events events = live.events(AUDIO, "Accept-Encoding: " + accepts)) {
      assertEquals(encoding, events.head.header("content-encoding"));
      assertEquals("Accept-Encoding", events.head.header("vary"));
      live.publish(0);
      assertEquals(0, events.next("message").number());
    }
  }

  @Test
  void a_client_that_asks_for_nothing_gets_plain_text() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events events = live.events(AUDIO)) {
      assertNull(events.head.header("content-encoding"));
    }
  }

  @Test
  void nobody_gets_gzip_where_it_is_off() throws Exception {
    StreamLimits off = new StreamLimits(10, 10, false);
    try (LiveServer live = LiveServer.start(off);
        Events events = live.events(AUDIO, GZIP)) {
      assertNull(events.head.header("content-encoding"));
    }
  }

  @Test
  void compressed_events_are_those_that_others_get_plain() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events plain = live.events(AUDIO);
        Events packed = live.events(AUDIO, GZIP)) {
      for (int number = 0; number < 50; number++) {
        live.publisher.publish(LiveServer.largeFrame(number));
        assertEquals(plain.next("message"), packed.next("message"));
      }
    }
  }

  @Test
  void a_client_that_joins_later_reads_on_from_there() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events first = live.events(AUDIO, GZIP)) {
      live.publish(0);
      first.next("message");
      live.publish(1);
      first.next("message");
      try (Events late = live.events(AUDIO, GZIP)) {
        live.publish(2);
        assertEquals(1, late.next("message").number());
        assertEquals(2, late.next("message").number());
      }
    }
  }

  @Test
  void a_client_that_comes_back_goes_on_behind_its_last_event() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events witness = live.events(AUDIO)) {
      for (long number = 0; number < 24; number++) {
        live.publish(number);
        witness.next("message");
      }
      try (Events back = live.events(AUDIO, GZIP, "Last-Event-ID: 5")) {
        long missed = back.next("lagged").missed();
        assertEquals(24 - LiveServer.BUFFER_FRAMES - 6, missed);
        assertEquals(6 + missed, back.next("message").number());
      }
    }
  }

  @Test
  @Tag("A24")
  void heartbeats_are_compressed_too() throws Exception {
    StreamingConfig beating =
        new StreamingConfig(
            30, LiveServer.BUFFER_FRAMES, Duration.ofSeconds(1), true, LiveServer.WINDOW);
    try (LiveServer live = LiveServer.start(beating);
        Events events = live.events(AUDIO, GZIP)) {
      assertEquals("{\"type\":\"heartbeat\"}", events.next("heartbeat").data());
    }
  }

  /// Reading to the end checks the sum and the length that stand there.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 30})
  void a_stream_that_ends_is_a_whole_gzip_file(int frames) throws Exception {
    try (LiveServer live = LiveServer.start();
        Events events = live.events(AUDIO, GZIP)) {
      for (int number = 0; number < frames; number++) {
        live.publisher.publish(LiveServer.largeFrame(number));
        assertEquals(number, events.next("message").number());
      }
      live.publisher.end("the end of the file");
      events.next("end");
      assertNull(events.next());
    }
  }

  @Test
  void a_stream_that_the_server_ends_is_a_whole_gzip_file() throws Exception {
    LiveServer live = LiveServer.start();
    try (Events events = live.events(AUDIO, GZIP)) {
      live.publish(0);
      events.next("message");
      live.close();
      assertEquals("the server stops", events.next("end").json().get("reason").asString());
      assertNull(events.next());
    }
  }

  @Test
  void a_stream_of_many_topics_is_compressed_too() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events events = live.events("/api/stream?topics=spectral,audio", GZIP)) {
      events.next("axis");
      live.publish(0);
      assertEquals(0, events.next("audio").number());
      live.publishSpectrum(1);
      assertEquals(1, events.next("spectral").number());
    }
  }

  @Test
  void head_tells_the_encoding_and_opens_no_stream() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      RawResponse head =
          live.raw(
              "HEAD %s HTTP/1.1\r\nHost: localhost\r\n%s\r\nConnection: close\r\n\r\n"
                  .formatted(AUDIO, GZIP));
      assertEquals("gzip", head.header("content-encoding"));
      assertEquals(0, live.openStreams());
    }
  }
}
