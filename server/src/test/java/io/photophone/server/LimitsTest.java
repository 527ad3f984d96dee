package io.photophone.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.server.connection.AddressRange;
import io.photophone.server.connection.Tls;
import io.photophone.server.connection.WebConfig;
import io.photophone.server.connection.WebLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class LimitsTest {
  private static final String HEAD = "GET /api/instrument HTTP/1.1\r\nHost: localhost\r\n";
  private static final String CLOSING = HEAD + "Connection: close\r\n\r\n";

  /// Sends something again and again, more slowly than any idle time-out, until it is cut off.
  private static final class Trickle implements AutoCloseable {
    private final Thread thread;
    private final CountDownLatch over = new CountDownLatch(1);

    Trickle(Socket socket, String text) {
      thread = Thread.ofVirtual().start(() -> send(socket, text.getBytes(US_ASCII)));
    }

    private void send(Socket socket, byte[] text) {
      try {
        OutputStream out = socket.getOutputStream();
        while (!Thread.interrupted()) {
          out.write(text);
          out.flush();
          if (over.await(50, TimeUnit.MILLISECONDS)) {
            return;
          }
        }
      } catch (IOException | InterruptedException e) {
        // The server has had enough of it.
      }
    }

    @Override
    public void close() {
      over.countDown();
      thread.interrupt();
    }
  }

  private static WebConfig config(WebLimits limits) {
    return WebConfig.at("127.0.0.1", 0).withLimits(limits);
  }

  private static WebLimits requestWithin(Duration limit) {
    return new WebLimits(
        16_384, 100, 100, 1000, 1000, Duration.ofSeconds(20), limit, Duration.ofSeconds(20));
  }

  private static WebLimits connections(int all, int perAddress) {
    Duration long_ = Duration.ofSeconds(20);
    return new WebLimits(16_384, all, perAddress, 1000, 1000, long_, long_, long_);
  }

  private static double metric(LiveServer live, String line) throws IOException {
    String text =
        live.raw("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").body();
    return text.lines()
        .filter(each -> each.startsWith(line + " "))
        .mapToDouble(each -> Double.parseDouble(each.substring(line.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(line + " is not in " + text));
  }

  private static String refused(String reason) {
    return "photophone_web_refused_total{reason=\"%s\"}".formatted(reason);
  }

  @Test
  void a_header_of_ten_megabytes_is_refused_and_nobody_else_notices() throws Exception {
    try (LiveServer live = LiveServer.start();
        Events other = live.events("/api/audio/stream/audio");
        Socket attacker = live.connect()) {
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  OutputStream out = attacker.getOutputStream();
                  out.write((HEAD + "X: ").getBytes(US_ASCII));
                  byte[] part = "x".repeat(1 << 16).getBytes(US_ASCII);
                  for (int sent = 0; sent < 10 << 20; sent += part.length) {
                    out.write(part);
                  }
                } catch (IOException e) {
                  // The server closes the connection before it has read it all.
                }
              });
      live.publish(0);
      assertEquals(0, other.next().number());
      sender.join();
      assertCut(attacker);
      live.publish(1);
      assertEquals(1, other.next().number());
      assertEquals(200, live.raw(CLOSING).status());
    }
  }

  /// Reads to the end, which is a refusal or, where that got lost behind unread bytes, a reset.
  private static void assertCut(Socket socket) throws IOException {
    try {
      String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
      assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 431 "), answer);
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the connection is still open", e);
    } catch (IOException e) {
      assertTrue(e.getMessage().contains("reset"), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET /api/instrument HTTP/1.1\r\nHost: localhost\r\nX: ", "GET /", "", "\r\n"})
  void a_head_that_trickles_is_cut_off(String begin) throws Exception {
    try (LiveServer live = LiveServer.start(config(requestWithin(Duration.ofSeconds(1))));
        Socket slow = live.connect()) {
      slow.getOutputStream().write(begin.getBytes(US_ASCII));
      try (Trickle _ = new Trickle(slow, begin.isEmpty() || begin.equals("\r\n") ? "\r\n" : "x")) {
        assertCut(slow);
      }
      assertEquals(200, live.raw(CLOSING).status());
      assertEquals(1, metric(live, refused("slow_request")));
    }
  }

  @Test
  void a_second_request_that_trickles_is_cut_off_too() throws Exception {
    try (LiveServer live = LiveServer.start(config(requestWithin(Duration.ofSeconds(1))));
        Socket slow = live.connect()) {
      slow.getOutputStream().write((HEAD + "\r\n").getBytes(US_ASCII));
      RawResponse first = RawResponse.readHead(slow.getInputStream());
      assertEquals(200, first.status());
      slow.getInputStream().readNBytes(Integer.parseInt(first.header("content-length")));
      slow.getOutputStream().write((HEAD + "X: ").getBytes(US_ASCII));
      try (Trickle _ = new Trickle(slow, "x")) {
        assertCut(slow);
      }
      assertEquals(1, metric(live, refused("slow_request")));
    }
  }

  @Test
  void a_body_that_trickles_is_refused_after_the_limit() throws Exception {
    try (LiveServer live = LiveServer.start(config(requestWithin(Duration.ofSeconds(1))));
        Socket slow = live.connect()) {
      slow.getOutputStream()
          .write(
              """
              POST /api/acquisition HTTP/1.1\r
              Host: localhost\r
              Content-Type: application/json\r
              Content-Length: 1000\r
              \r
              """
                  .getBytes(US_ASCII));
      try (Trickle _ = new Trickle(slow, " ")) {
        assertEquals(408, RawResponse.readHead(slow.getInputStream()).status());
      }
    }
  }

  @Test
  void an_event_stream_is_no_slow_request() throws Exception {
    try (LiveServer live = LiveServer.start(config(requestWithin(Duration.ofMillis(200))));
        Events events = live.events("/api/audio/stream/audio")) {
      long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
      int number = 0;
      while (System.nanoTime() < end) {
        live.publish(number);
        assertEquals(number, events.next().number());
        number++;
      }
      assertEquals(0, metric(live, refused("slow_request")));
    }
  }

  @Test
  void a_connection_too_many_from_one_address_is_closed_and_counted() throws Exception {
    try (LiveServer live = LiveServer.start(config(connections(100, 3)))) {
      List<Events> held = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        held.add(live.events("/api/audio/stream/audio"));
      }
      assertThrows(IOException.class, () -> live.events("/api/audio/stream/audio"));
      live.publish(0);
      for (Events each : held) {
        assertEquals(0, each.next().number());
      }
      for (Events each : held) {
        each.close();
      }
      assertTrue(refusalsAtLast(live) >= 1);
    }
  }

  /// Asks until a connection is free again, which the server sees as it writes to one that was
  /// closed.
  private static double refusalsAtLast(LiveServer live) throws InterruptedException {
    int number = 1;
    while (!Thread.interrupted()) {
      live.publish(number++);
      try {
        return metric(live, refused("too_many_connections"));
      } catch (IOException e) {
        // One too many still.
      }
    }
    throw new InterruptedException("no connection became free");
  }

  @Test
  void a_connection_too_many_in_all_is_closed_even_from_a_proxy() throws Exception {
    WebLimits limits = connections(3, 2);
    WebConfig config =
        new WebConfig(
            "127.0.0.1",
            0,
            new Tls.None(),
            false,
            List.of(),
            List.of(),
            List.of(AddressRange.parse("127.0.0.1")),
            limits);
    try (LiveServer live = LiveServer.start(config)) {
      List<Events> held = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        held.add(live.events("/api/audio/stream/audio"));
      }
      assertThrows(IOException.class, () -> live.events("/api/audio/stream/audio"));
      for (Events each : held) {
        each.close();
      }
    }
  }

  @Test
  void requests_too_many_from_one_address_are_told_when_to_come_again() throws Exception {
    WebLimits limits = WebLimits.DEFAULT.withRequests(1, 5);
    try (LiveServer live = LiveServer.start(config(limits))) {
      int refused = 0;
      for (int i = 0; i < 20; i++) {
        RawResponse answer = live.raw(CLOSING);
        if (answer.status() == 429) {
          refused++;
          assertEquals("1", answer.header("retry-after"));
          assertEquals("application/problem+json", answer.header("content-type"));
          assertEquals("nosniff", answer.header("x-content-type-options"));
        } else {
          assertEquals(200, answer.status());
        }
      }
      assertTrue(refused >= 10, refused + " of 20");
      int attempts = 0;
      while (live.raw(CLOSING).status() != 200) {
        attempts++;
        assertTrue(attempts < 1_000_000);
      }
    }
  }

  @Test
  void requests_that_are_sent_together_are_answered_in_their_order() throws Exception {
    try (LiveServer live = LiveServer.start();
        Socket socket = live.connect()) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        requests.append("GET /api/nowhere/%d HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(i));
      }
      socket.getOutputStream().write(requests.toString().getBytes(US_ASCII));
      for (int i = 0; i < 50; i++) {
        RawResponse head = RawResponse.readHead(socket.getInputStream());
        assertEquals(404, head.status());
        String body =
            new String(
                socket.getInputStream().readNBytes(Integer.parseInt(head.header("content-length"))),
                US_ASCII);
        assertTrue(body.contains("/api/nowhere/%d\"".formatted(i)), body);
      }
    }
  }
}
