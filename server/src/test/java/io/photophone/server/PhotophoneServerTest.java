package io.photophone.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.server.connection.WebConfig;
import io.photophone.server.security.Cheap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A10")
@Timeout(30)
final class PhotophoneServerTest {
  private static final String AUDIO = "/api/audio/stream/audio";
  private static final int READERS = 95;
  private final Set<Thread> before = new HashSet<>();

  @BeforeEach
  void rememberThreads() {
    before.addAll(Thread.getAllStackTraces().keySet());
  }

  @AfterEach
  void no_thread_of_the_server_is_left() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!before.contains(thread) && isOfServer(thread.getName())) {
        thread.join(1000);
        assertTrue(!thread.isAlive(), thread + " is left");
      }
    }
  }

  private static boolean isOfServer(String name) {
    return name.startsWith("web ") || name.startsWith("http") || name.startsWith("Scheduler-");
  }

  private static long serverThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> isOfServer(thread.getName()))
        .count();
  }

  @Test
  void threads_have_names() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      Set<String> names = new HashSet<>();
      Thread.getAllStackTraces().keySet().forEach(thread -> names.add(thread.getName()));
      for (String name :
          List.of(
              "web feed audio of cell-1",
              "web feed readings of cell-1",
              "web feed spectral of cell-1",
              "web heartbeats of cell-1",
              "web stats of cell-1")) {
        assertTrue(names.contains(name), () -> name + " is none of " + names);
      }
      assertEquals(200, live.get("/").statusCode());
    }
  }

  @Test
  void a_port_in_use_is_told_with_what_to_do() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      int port = taken.getLocalPort();
      IOException refused = assertThrows(IOException.class, () -> LiveServer.startOn(port));
      assertEquals(
          "port %d of 127.0.0.1 is in use: choose another with --port, or 0 for any that is free"
              .formatted(port),
          refused.getMessage());
      assertEquals(0, serverThreads());
    }
  }

  @Test
  void a_server_that_never_started_has_no_threads_and_can_be_closed() {
    try (FakeSystem system = new FakeSystem();
        PhotophoneServer _ =
            new PhotophoneServer(
                WebConfig.at("127.0.0.1", 0),
                List.of(),
                List::of,
                Cheap.unguarded(),
                system.live())) {
      assertEquals(0, serverThreads());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void address_is_where_the_page_is(String host) throws Exception {
    try (FakeSystem system = new FakeSystem();
        PhotophoneServer server =
            new PhotophoneServer(
                WebConfig.at(host, 0), List.of(), List::of, Cheap.unguarded(), system.live())) {
      URI address = server.start();
      try (Socket socket = new Socket(InetAddress.ofLiteral(host), address.getPort())) {
        RawResponse page =
            RawResponse.to(
                "GET / HTTP/1.1\r\nHost: "
                    + address.getRawAuthority()
                    + "\r\n"
                    + "Connection: close\r\n\r\n",
                socket);
        assertEquals(200, page.status());
      }
    }
  }

  @Test
  void close_tells_every_client_and_does_not_wait_for_those_that_do_not_read() throws Exception {
    StreamingConfig streaming =
        new StreamingConfig(30, 100, Duration.ofSeconds(5), true, LiveServer.WINDOW);
    LiveServer live = LiveServer.start(streaming);
    List<Events> stalled = new ArrayList<>();
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 5; i++) {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(live.socketAddress());
        socket.setSoTimeout(10_000);
        stalled.add(Events.open(socket, AUDIO));
      }
      List<Future<String>> ends = new ArrayList<>();
      Semaphore received = new Semaphore(0);
      for (int i = 0; i < READERS; i++) {
        Events events = live.events(i % 2 == 0 ? AUDIO : "/api/stream?topics=audio");
        ends.add(readers.submit(() -> end(events, received)));
      }
      for (int number = 0; number < 30; number++) {
        live.publisher.publish(LiveServer.largeFrame(number));
        received.acquire(READERS);
      }
      long begin = System.nanoTime();
      live.close();
      long elapsed = (System.nanoTime() - begin) / 1_000_000;
      assertTrue(elapsed < 3000, elapsed + " ms");
      for (Future<String> end : ends) {
        assertEquals("{\"topic\":null,\"reason\":\"the server stops\"}", end.get());
      }
      for (Events events : stalled) {
        assertThrows(IOException.class, () -> readToEnd(events));
      }
    }
    live.close();
  }

  /// The data of the last event, which is the end.
  ///
  /// @param received gets a permit for each event before
  private static String end(Events events, Semaphore received) throws IOException {
    try (events) {
      Events.Received next = events.next();
      while (!next.type().equals("end")) {
        received.release();
        next = events.next();
      }
      assertNull(events.next());
      return next.data();
    }
  }

  private static void readToEnd(Events events) throws IOException {
    while (events.next() != null) {}
  }

  @Test
  void close_does_not_wait_long_for_connections_that_are_kept() throws Exception {
    LiveServer live = LiveServer.start();
    try (Socket kept = live.connect()) {
      kept.getOutputStream()
          .write("GET /api/instrument HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      assertEquals(200, RawResponse.readHead(kept.getInputStream()).status());
      long begin = System.nanoTime();
      live.close();
      long elapsed = (System.nanoTime() - begin) / 1_000_000;
      assertTrue(elapsed < 2000, elapsed + " ms");
    }
  }

  @Test
  void a_stream_that_opens_while_the_server_closes_is_told_too() throws Exception {
    for (int round = 0; round < 3; round++) {
      LiveServer live = LiveServer.start();
      try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Boolean>> told = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          told.add(clients.submit(() -> openUntilRefused(live)));
        }
        while (live.openStreams() == 0) {
          Thread.onSpinWait();
        }
        live.close();
        for (Future<Boolean> each : told) {
          assertTrue(each.get());
        }
      }
    }
  }

  /// Opens streams until the server doesn't answer.
  ///
  /// @return whether each that opened was told of its end
  private static boolean openUntilRefused(LiveServer live) {
    List<Events> opened = new ArrayList<>();
    try {
      while (opened.size() < 20) {
        Socket socket = live.connect();
        socket.setSoTimeout(2000);
        opened.add(Events.open(socket, AUDIO));
      }
    } catch (IOException e) {
      // The server doesn't listen any more.
    }
    boolean told = true;
    for (Events events : opened) {
      try {
        told &= end(events, new Semaphore(0)).contains("the server stops");
      } catch (IOException e) {
        told = false;
      }
    }
    return told;
  }
}
