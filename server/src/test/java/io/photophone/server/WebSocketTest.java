package io.photophone.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.source.ChannelChoice;
import io.photophone.acquisition.source.FileSource;
import io.photophone.acquisition.source.SourceRead;
import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.model.Streamed;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("A44")
@Timeout(30)
final class WebSocketTest {
  private static final String PATH = "/api/audio/stream/ws";

  private static void assertAudio(long number, ByteBuffer bytes) {
    assertEquals(0x46415050, bytes.getInt(0), "magic");
    assertEquals(number, bytes.getLong(16), "frame number");
  }

  @Test
  void frames_come_as_the_bytes_that_the_latest_frame_has() throws Exception {
    try (LiveServer live = LiveServer.start();
        Messages messages = Messages.open(live, PATH)) {
      for (long number = 0; number < 5; number++) {
        live.publish(number);
        ByteBuffer bytes = messages.bytes();
        assertAudio(number, bytes);
        byte[] latest = live.get("/api/audio/stream/latest?format=float32").body();
        assertEquals(ByteBuffer.wrap(latest), bytes);
      }
    }
  }

  @Test
  void a_16_bit_recording_arrives_bit_for_bit(@TempDir Path folder) throws Exception {
    Random random = new Random(16);
    ByteBuffer samples = ByteBuffer.allocate(4 * 5000).order(ByteOrder.LITTLE_ENDIAN);
    samples.putShort(Short.MIN_VALUE).putShort(Short.MAX_VALUE).putShort((short) -1);
    while (samples.hasRemaining()) {
      samples.putShort((short) random.nextInt());
    }
    Path file = folder.resolve("recording.wav");
    Files.write(file, wav(samples.array()));
    ByteBuffer received = ByteBuffer.allocate(samples.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    try (FileSource source = FileSource.open(file, new ChannelChoice.Stereo(), false);
        LiveServer live = LiveServer.start();
        Messages messages = Messages.open(live, PATH + "?format=int16")) {
      long number = 0;
      while (source.read(700) instanceof SourceRead.Samples read) {
        live.publisher.publish(LiveServer.frame(number, read.channelA(), read.channelB()));
        number++;
        ByteBuffer bytes = messages.bytes();
        assertEquals(2, bytes.getInt(8), "format");
        assertEquals(0, bytes.getShort(46), "flags");
        int length = bytes.getInt(40);
        for (int i = 0; i < length; i++) {
          received.putShort(bytes.getShort(48 + 2 * i));
          received.putShort(bytes.getShort(48 + 2 * (length + i)));
        }
      }
    }
    assertArrayEquals(samples.array(), received.array());
  }

  /// A stereo file of 16-bit samples at 48 kHz.
  private static byte[] wav(byte[] samples) {
    return ByteBuffer.allocate(44 + samples.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("RIFF".getBytes(ISO_8859_1))
        .putInt(36 + samples.length)
        .put("WAVEfmt ".getBytes(ISO_8859_1))
        .putInt(16)
        .putShort((short) 1)
        .putShort((short) 2)
        .putInt(48_000)
        .putInt(4 * 48_000)
        .putShort((short) 4)
        .putShort((short) 16)
        .put("data".getBytes(ISO_8859_1))
        .putInt(samples.length)
        .put(samples)
        .array();
  }

  @Test
  @Tag("A27")
  void spectra_come_as_bytes_zoomed_and_with_phases_when_asked_for() throws Exception {
    try (LiveServer live = LiveServer.start();
        Messages messages =
            Messages.open(live, PATH + "?topics=spectral&from_hz=375&to_hz=563&phases=true")) {
      live.publishSpectrum(7);
      ByteBuffer bytes = messages.bytes();
      assertEquals(0x50535050, bytes.getInt(0), "magic");
      assertEquals(1, bytes.getShort(4), "version");
      assertEquals(2, bytes.getShort(6), "channels");
      assertEquals(1, bytes.getInt(8), "flags");
      assertEquals(LiveServer.RATE_HZ, bytes.getInt(12));
      assertEquals(7, bytes.getLong(16), "frame number");
      assertEquals(1_700_000_000_000_000_000L, bytes.getLong(24), "capture time");
      assertEquals(375, bytes.getDouble(32), "first frequency");
      assertEquals(LiveServer.STEP_HZ, bytes.getDouble(40), "step");
      assertEquals(2, bytes.getInt(48), "bins");
      assertEquals(1, bytes.getInt(52), "decimation");
      float[] expected = {2, 3, 1002, 1003, 0.002f, 0.003f, 1.002f, 1.003f};
      assertEquals(56 + 4 * expected.length, bytes.remaining());
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], bytes.getFloat(56 + 4 * i));
      }
    }
  }

  @Test
  void topics_without_bytes_come_as_json_under_the_names_of_their_events() throws Exception {
    try (LiveServer live = LiveServer.start();
        Messages messages = Messages.open(live, PATH + "?topics=readings,audio")) {
      live.publishReading(0);
      JsonNode reading = messages.json();
      assertEquals("reading", reading.get("event").asString());
      assertEquals(5, reading.get("data").get("amplitude").asDouble());
      live.publish(0);
      assertAudio(0, messages.bytes());
    }
  }

  @Test
  @Tag("A17")
  void a_new_client_begins_with_the_latest_frame() throws Exception {
    try (LiveServer live = LiveServer.start();
        Messages before = Messages.open(live, PATH)) {
      live.publish(0);
      assertAudio(0, before.bytes());
      live.publish(1);
      assertAudio(1, before.bytes());
      try (Messages late = Messages.open(live, PATH)) {
        assertAudio(1, late.bytes());
      }
    }
  }

  @Test
  @Tag("A24")
  void a_heartbeat_is_text_so_that_nobody_takes_it_for_a_frame() throws Exception {
    StreamingConfig beating =
        new StreamingConfig(
            30, LiveServer.BUFFER_FRAMES, Duration.ofSeconds(1), true, LiveServer.WINDOW);
    try (LiveServer live = LiveServer.start(beating);
        Messages messages = Messages.open(live, PATH)) {
      assertEquals(
          JsonMapper.shared()
              .readTree("{\"event\": \"heartbeat\", \"data\": {\"type\": \"heartbeat\"}}"),
          messages.json());
    }
  }

  @Test
  @Tag("A10")
  void the_end_of_the_source_is_told_and_closes_a_stream_of_one_topic() throws Exception {
    try (LiveServer live = LiveServer.start();
        Messages one = Messages.open(live, PATH);
        Messages two = Messages.open(live, PATH + "?topics=audio,spectral")) {
      live.publisher.end("the end of the file");
      live.spectra.send(new Streamed.End<>("the end of the file"));
      assertEquals("the end of the file", one.json().get("data").get("reason").asString());
      assertEquals("1000 source_ended", one.closed());
      two.json();
      two.json();
      live.publish(0);
      assertAudio(0, two.bytes());
    }
  }

  @Test
  void when_the_server_stops_each_client_is_told_why() throws Exception {
    LiveServer live = LiveServer.start();
    try (Messages messages = Messages.open(live, PATH)) {
      live.awaitOpenStreams(1);
      live.close();
      assertEquals("the server stops", messages.json().get("data").get("reason").asString());
      assertEquals("1001 server_stopped", messages.closed());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 1024, 1025, 1_000_000})
  void a_message_of_the_client_closes_the_connection(int length) throws Exception {
    try (LiveServer live = LiveServer.start();
        Messages messages = Messages.open(live, PATH)) {
      var _ = messages.socket.sendBinary(ByteBuffer.allocate(length), true);
      assertEquals("1003 this stream takes no messages", messages.closed());
      live.awaitOpenStreams(0);
    }
  }

  @Test
  void a_message_without_an_end_closes_the_connection() throws Exception {
    try (LiveServer live = LiveServer.start();
        Messages messages = Messages.open(live, PATH)) {
      ByteBuffer piece = ByteBuffer.allocate(1 << 20);
      assertThrows(
          CompletionException.class,
          () -> {
            for (int i = 0; i < 100; i++) {
              messages.socket.sendBinary(piece.duplicate(), false).join();
            }
          });
      live.awaitOpenStreams(0);
    }
  }

  @Test
  void a_ping_is_answered_and_a_client_that_closes_is_gone() throws Exception {
    try (LiveServer live = LiveServer.start();
        Messages messages = Messages.open(live, PATH)) {
      messages.socket.sendPing(ByteBuffer.wrap(new byte[] {1, 2, 3})).join();
      assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), messages.pong());
      live.awaitOpenStreams(1);
      messages.socket.sendClose(WebSocket.NORMAL_CLOSURE, "enough").join();
      live.awaitOpenStreams(0);
      assertTrue(
          new String(live.get("/metrics").body(), ISO_8859_1)
              .contains("reason=\"client_closed\"} 1.0"));
    }
  }

  @Test
  void compression_that_a_client_offers_is_not_taken() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      RawResponse answer =
          handshake(live, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits");
      assertEquals(101, answer.status());
      assertNull(answer.header("sec-websocket-extensions"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://evil.example, 403",
    "null, 403",
    "https://localhost, 403",
    "http://localhost:1, 403",
    "http://localhost, 101"
  })
  void only_a_page_of_this_server_opens_a_web_socket(String origin, int status) throws Exception {
    try (LiveServer live = LiveServer.start()) {
      assertEquals(status, handshake(live, "Origin: " + origin).status());
    }
  }

  private static RawResponse handshake(LiveServer live, String header) throws IOException {
    try (Socket socket = live.connect()) {
      socket
          .getOutputStream()
          .write(
              """
              GET %s HTTP/1.1\r
              Host: localhost\r
              Upgrade: websocket\r
              Connection: Upgrade\r
              Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
              Sec-WebSocket-Version: 13\r
              %s\r
              \r
              """
                  .formatted(PATH, header)
                  .getBytes(ISO_8859_1));
      InputStream in = socket.getInputStream();
      return RawResponse.readHead(in);
    }
  }

  @Test
  void what_is_no_handshake_is_told_what_to_do() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      assertEquals(426, live.get(PATH).statusCode());
      assertEquals("websocket", live.get(PATH).headers().firstValue("Upgrade").orElseThrow());
      assertEquals(0, live.openStreams());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"format=int24", "topics=video", "topics=", "from_hz=NaN", "resolution=third"})
  void a_wrong_parameter_is_refused_before_the_handshake(String query) throws Exception {
    try (LiveServer live = LiveServer.start()) {
      var response = live.get(PATH + "?" + query);
      assertEquals(400, response.statusCode());
      String detail = JsonMapper.shared().readTree(response.body()).get("detail").asString();
      assertTrue(detail.contains("allowed: "), detail);
    }
  }

  @Test
  @Tag("A43")
  void a_client_chooses_its_resolution() throws Exception {
    try (LiveServer live = LiveServer.start();
        Messages messages = Messages.open(live, PATH + "?resolution=quarter&format=int16")) {
      live.publisher.publish(LiveServer.largeFrame(0));
      messages.bytes();
      live.publisher.publish(LiveServer.largeFrame(1));
      ByteBuffer second = messages.bytes();
      assertEquals(4, second.getShort(44), "decimation");
      assertEquals(400, second.getInt(40), "samples");
      assertEquals(LiveServer.RATE_HZ, second.getInt(12), "rate of the source");
    }
  }

  @Test
  @Tag("A23")
  void a_client_that_does_not_read_is_told_exactly_what_it_missed() throws Exception {
    int published = 300;
    try (LiveServer live = LiveServer.start();
        Messages slow = Messages.paused(live, PATH);
        Events reader = live.events("/api/audio/stream/audio")) {
      live.awaitOpenStreams(2);
      for (int number = 0; number < published; number++) {
        live.publisher.publish(LiveServer.largeFrame(number));
        assertEquals(number, reader.next("message").number());
      }
      slow.read();
      long missed = 0;
      long expected = -1;
      while (expected < published) {
        switch (slow.next()) {
          case Messages.Bytes(ByteBuffer bytes) -> {
            // It begins with whichever was the latest when it joined.
            expected = expected < 0 ? bytes.getLong(16) : expected;
            assertAudio(expected, bytes);
            expected++;
          }
          case Messages.Text(String text) -> {
            JsonNode lagged = JsonMapper.shared().readTree(text);
            assertEquals("lagged", lagged.get("event").asString());
            missed += lagged.get("data").get("missed").asLong();
            expected += lagged.get("data").get("missed").asLong();
          }
        }
      }
      assertEquals(published, expected);
      assertTrue(missed > 0, "the client was not slow");
    }
  }
}
