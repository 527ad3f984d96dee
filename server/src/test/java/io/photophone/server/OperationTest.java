package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.daemon.AcquisitionState;
import io.photophone.acquisition.daemon.AcquisitionState.Phase;
import io.photophone.acquisition.supervision.Task;
import io.photophone.model.BreakerState;
import io.photophone.model.StreamingException;
import io.photophone.model.SystemEvent;
import io.photophone.server.connection.ServerCertificate;
import io.photophone.server.connection.Tls;
import io.photophone.server.connection.WebConfig;
import io.photophone.server.connection.WebLimits;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a server tells of itself: health, events, load, configuration.
@Timeout(30)
final class OperationTest {
  private static final Instant TIME = Instant.parse("2030-01-31T12:00:00Z");

  @Test
  @Tag("B6")
  void a_server_whose_source_delivers_is_ready_and_tells_its_tasks() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.publish(0);
      JsonNode ready = ready(live, 200);
      assertEquals("pass", ready.get("status").asString(), ready::toString);
      assertEquals("running", ready.at("/instruments/0/source").asString());
      assertTrue(ready.at("/instruments/0/frame_age_s").asDouble() < 10);
      assertTrue(ready.at("/disk/free_bytes").asLong() > 0);
      JsonNode task = ready.at("/tasks/0");
      assertEquals("web writer 1", task.get("name").asString());
      assertEquals("restartable", task.get("kind").asString());
      assertEquals("running", task.get("state").asString());
      assertEquals("{\"status\":\"pass\",\"reason\":null}", text(live, "/health/live", 200));
    }
  }

  @ParameterizedTest
  @Tag("B6")
  @CsvSource({
    "RETRYING, 503, fail",
    "STALLED, 503, fail",
    "ERROR, 503, fail",
    "STARTING, 503, fail",
    "STOPPED, 200, warn",
    "ENDED, 200, warn"
  })
  void readiness_follows_the_source(Phase phase, int status, String told) throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.acquisition.set(
          new AcquisitionState(phase, "unplugged", 1, 0, 0, BreakerState.OPEN, 0, 0));
      JsonNode ready = ready(live, status);
      assertEquals(told, ready.get("status").asString());
      assertTrue(
          ready.at("/reasons/0").asString().startsWith("cell-1: the source is "), ready::toString);
      assertEquals("open", ready.at("/instruments/0/breaker").asString());
      text(live, "/health/live", 200);
    }
  }

  @Test
  @Tag("B6")
  void a_critical_task_that_failed_ends_life_and_readiness() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.publish(0);
      live.system.tasks.start(
          new Task(
              "frames of cell-1",
              Task.Kind.CRITICAL,
              true,
              () -> {
                throw new StackOverflowError("deep");
              },
              () -> {}));
      live.system.tasks.failure().get();
      JsonNode dead = JsonMapper.shared().readTree(text(live, "/health/live", 503));
      assertEquals(
          "frames of cell-1 failed: java.lang.StackOverflowError: deep",
          dead.get("reason").asString());
      assertEquals("fail", ready(live, 503).get("status").asString());
    }
  }

  @Test
  void a_data_directory_that_is_gone_is_told() throws Exception {
    try (FakeSystem system = new FakeSystem()) {
      system.data = Path.of("no such folder");
      HealthResource.Ready ready =
          new HealthResource(List.of(), system.live(), null, InstantSource.system()).now();
      assertEquals(HealthResource.Status.FAIL, ready.status());
      assertTrue(ready.reasons().getLast().startsWith("the data directory can't"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PT360H, WARN, PASS, ",
    "PT240H, WARN, WARN, ends at",
    "PT0S, WARN, WARN, ends at",
    "PT-1S, FAIL, FAIL, expired at",
    "PT20000H, FAIL, FAIL, is valid from"
  })
  @Tag("B6")
  void a_certificate_that_ends_is_told_and_one_out_of_force_is_not_ready(
      Duration left,
      HealthResource.Status whole,
      HealthResource.Status part,
      String told,
      @TempDir Path folder)
      throws Exception {
    ServerCertificate certificate =
        ServerCertificate.open(
            new WebConfig(
                "127.0.0.1",
                0,
                new Tls.SelfSigned(),
                false,
                List.of(),
                List.of(),
                List.of(),
                WebLimits.DEFAULT),
            folder);
    Instant now = certificate.validUntil().minus(left);
    try (FakeSystem system = new FakeSystem()) {
      HealthResource.Ready ready =
          new HealthResource(List.of(), system.live(), certificate, () -> now).now();
      assertEquals(whole, ready.status());
      assertEquals(
          new HealthResource.Certificate(part, certificate.validUntil()), ready.certificate());
      String last = ready.reasons().getLast();
      assertEquals(told != null, last.startsWith("the certificate in "), last);
      assertTrue(told == null || last.contains(told), last);
    }
  }

  @Test
  @Tag("B11")
  void events_come_under_their_own_names_and_the_latest_is_there_for_who_comes_late()
      throws Exception {
    try (LiveServer live = LiveServer.start()) {
      publish(
          live,
          new SystemEvent.BreakerChanged(
              TIME, "cell-1", BreakerState.OPEN, BreakerState.HALF_OPEN));
      awaitSent(live, "events/web/acquisition", 1);
      try (Events events = live.events("/api/events?topics=acquisition,config")) {
        assertEquals(
            "{\"time\":\"2030-01-31T12:00:00Z\",\"instrument\":\"cell-1\",\"from\":\"open\","
                + "\"to\":\"half_open\"}",
            next(events, "breaker_changed"));
        publish(
            live,
            new SystemEvent.ErrorOccurred(
                TIME, "cell-1", new StreamingException.TimedOut("it hangs", null)));
        assertEquals(
            "{\"time\":\"2030-01-31T12:00:00Z\",\"instrument\":\"cell-1\",\"kind\":\"timeout\","
                + "\"message\":\"it hangs\",\"retryable\":true}",
            next(events, "error_occurred"));
        publish(live, new SystemEvent.ConfigChanged(TIME, List.of("logging.level")));
        assertEquals(
            "{\"time\":\"2030-01-31T12:00:00Z\",\"paths\":[\"logging.level\"]}",
            next(events, "config_changed"));
      }
    }
  }

  @Test
  @Tag("B11")
  void frames_are_listened_to_while_a_client_wants_them() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      publish(live, new SystemEvent.FrameProcessed(TIME, "cell-1", 1));
      assertEquals(1, live.system.events.unheard());
      try (Events events = live.events("/api/events?topics=frames")) {
        publish(live, new SystemEvent.FrameProcessed(TIME, "cell-1", 2));
        assertTrue(next(events, "frame_processed").endsWith("\"frame_number\":2}"));
        assertEquals(3, live.system.events.stats().size());
      }
      while (live.system.events.stats().size() > 2) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  @Tag("A39")
  void what_the_server_writes_is_measured() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      double before = sentBytes(live);
      int length = live.get("/openapi.json").body().length + live.get("/metrics").body().length;
      assertTrue(sentBytes(live) - before >= length);
      JsonNode system = JsonMapper.shared().readTree(text(live, "/api/system", 200));
      assertTrue(system.get("memory_mb").asDouble() > 1, system::toString);
    }
  }

  @Test
  @Tag("A39")
  void load_is_that_of_the_time_between_two_samples() {
    AtomicLong cpu = new AtomicLong();
    AtomicLong sent = new AtomicLong();
    AtomicLong clock = new AtomicLong();
    SystemResource load = new SystemResource(() -> 30, () -> 4, sent::get, cpu::get, clock::get);
    clock.set(2_000_000_000L);
    cpu.set(1_000_000_000L);
    sent.set(500_000);
    load.sample();
    assertEquals(50, load.latest().cpuPercent(), 1e-9);
    assertEquals(2, load.latest().networkMbitPerS(), 1e-9);
    assertEquals(30, load.latest().framesPerSecond());
    assertEquals(4, load.latest().activeConsumers());
    clock.set(3_000_000_000L);
    load.sample();
    assertEquals(0, load.latest().cpuPercent());
    assertEquals(0, load.latest().networkMbitPerS());
  }

  @Test
  void a_reload_tells_what_changed_or_why_nothing_did() throws Exception {
    try (LiveServer live = LiveServer.start()) {
      live.system.reload = () -> List.of("logging.level", "streaming.target_fps");
      HttpResponse<byte[]> done = live.post("/api/config/reload", "");
      assertEquals(200, done.statusCode());
      assertEquals(
          "{\"changed\":[\"logging.level\",\"streaming.target_fps\"]}",
          new String(done.body(), UTF_8));
      live.system.reload =
          () -> {
            throw new LiveSystem.Refused(List.of("server.port needs a restart"));
          };
      HttpResponse<byte[]> refused = live.post("/api/config/reload", "");
      assertEquals(409, refused.statusCode());
      assertEquals(
          "the configuration is not put in force: server.port needs a restart",
          JsonMapper.shared().readTree(refused.body()).get("detail").asString());
      assertEquals("{\"data\":\"./data\"}", text(live, "/api/config", 200));
    }
  }

  private static void publish(LiveServer live, SystemEvent event) {
    live.system.events.publish(event.topic(), event);
  }

  private static void awaitSent(LiveServer live, String channel, int count) throws Exception {
    while (true) {
      for (JsonNode each : live.json("/api/channels").get("channels")) {
        if (each.get("name").asString().equals(channel) && each.get("sent").asInt() >= count) {
          return;
        }
      }
    }
  }

  private static String next(Events events, String name) throws Exception {
    Events.Received next = events.next();
    while (!next.type().equals(name)) {
      next = events.next();
    }
    return next.data();
  }

  private static double sentBytes(LiveServer live) throws Exception {
    return Exposition.parse(new String(live.get("/metrics").body(), UTF_8))
        .value("photophone_web_sent_bytes_total");
  }

  private static JsonNode ready(LiveServer live, int status) throws Exception {
    return JsonMapper.shared().readTree(text(live, "/health/ready", status));
  }

  private static String text(LiveServer live, String path, int status) throws Exception {
    HttpResponse<byte[]> response = live.get(path);
    assertEquals(status, response.statusCode());
    return new String(response.body(), UTF_8);
  }
}
