package io.photophone.events.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.FieldRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The flight recorder of this very JVM.
@Tag("V14")
class JfrSessionIT {
  private static final long MILLI = 1_000_000;

  /// What the class promises of its times.
  private static final long BOUND_NANOS = 100_000;

  @Name("test.Probe")
  static final class Probe extends jdk.jfr.Event {
    @Label("nanoTime")
    long nanoTime;

    @Label("text")
    String text = "";

    @Label("class")
    Class<?> type = Probe.class;

    @Label("ratio")
    double ratio;

    @Label("yes")
    boolean yes;

    @Label("thread")
    Thread other = Thread.currentThread();
  }

  private record Seen(long timeNanos, int pid, int tid, long durationNanos, String text) {}

  private static void probe(int i) {
    Probe probe = new Probe();
    probe.begin();
    probe.nanoTime = System.nanoTime();
    probe.text = "number " + i;
    probe.ratio = i / 2.0;
    probe.yes = i % 2 == 1;
    probe.commit();
  }

  // @start region="session"
  private static List<String> pausesOf(Runnable work) throws IOException {
    List<String> pauses = new CopyOnWriteArrayList<>();
    try (JfrSession session =
        JfrSession.ofThisProcess().enable(JfrEvents.GARBAGE_COLLECTION).build()) {
      Event collection = session.event("jdk.GarbageCollection");
      FieldRef cause = collection.format().fieldRef("cause");
      FieldRef longest = collection.format().fieldRef("longestPause");
      collection.addCallback(
          data -> pauses.add(data.textOf(cause) + " " + data.longOf(longest) + " ns"));
      session.start();
      work.run();
      session.stop();
    }
    return pauses;
  }

  // @end

  @Test
  void a_forced_collection_is_told_with_its_cause() throws IOException {
    assertTrue(
        pausesOf(System::gc).stream().anyMatch(pause -> pause.matches("System.gc\\(\\) \\d+ ns")));
  }

  @Test
  void a_collection_lies_between_the_times_before_and_after_it() throws IOException {
    List<long[]> spans = new CopyOnWriteArrayList<>();
    try (JfrSession session =
        JfrSession.ofThisProcess().enable(JfrEvents.GARBAGE_COLLECTION).build()) {
      Event pause = session.event("jdk.GCPhasePause");
      FieldRef duration = pause.format().fieldRef("duration");
      pause.addCallback(data -> spans.add(new long[] {data.timeNanos(), data.longOf(duration)}));
      session.start();
      long before = System.nanoTime();
      System.gc();
      long after = System.nanoTime();
      session.stop();
      assertTrue(
          spans.stream()
              .anyMatch(span ->
                  span[0] >= before - MILLI && span[1] > 0 && span[0] + span[1] <= after + MILLI),
          () -> before + " to " + after);
    }
  }

  @Test
  void times_are_right_within_the_bound_over_several_seconds() throws Exception {
    ConcurrentLinkedQueue<Long> apart = new ConcurrentLinkedQueue<>();
    JfrStats stats;
    int count = 400;
    jdk.jfr.FlightRecorder.register(Probe.class);
    try (JfrSession session = JfrSession.ofThisProcess().enable("test.Probe").build()) {
      Event event = session.event("test.Probe");
      FieldRef nanoTime = event.format().fieldRef("nanoTime");
      event.addCallback(data -> apart.add(data.timeNanos() - data.longOf(nanoTime)));
      session.start();
      for (int i = 0; i < count; i++) {
        probe(i);
        LockSupport.parkNanos(10 * MILLI);
      }
      session.stop();
      stats = session.stats();
    }
    assertEquals(count, apart.size());
    assertEquals(count, stats.events());
    assertEquals(0, stats.errors());
    long[] sorted = apart.stream().mapToLong(Math::abs).sorted().toArray();
    System.out.printf(
        "JFR's time against nanoTime: median %d ns, 99 %% %d ns, most %d ns, %d by wall clock%n",
        sorted[count / 2], sorted[count * 99 / 100], sorted[count - 1], stats.byWallClock());
    // A probe that is interrupted between its two readings is wide by itself.
    assertTrue(sorted[count * 9 / 10] < BOUND_NANOS, () -> "90 %: " + sorted[count * 9 / 10]);
  }

  @Test
  void each_type_of_field_keeps_its_value() throws Exception {
    ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Seen> envelopes = new ConcurrentLinkedQueue<>();
    jdk.jfr.FlightRecorder.register(Probe.class);
    try (JfrSession session =
        JfrSession.ofThisProcess().enable("test.Probe").withStackTraces().build()) {
      Event event = session.event("test.Probe");
      FieldRef text = event.format().fieldRef("text");
      FieldRef type = event.format().fieldRef("type");
      FieldRef ratio = event.format().fieldRef("ratio");
      FieldRef yes = event.format().fieldRef("yes");
      FieldRef id = event.format().fieldRef("otherId");
      FieldRef osId = event.format().fieldRef("otherOsId");
      FieldRef name = event.format().fieldRef("otherName");
      FieldRef duration = event.format().fieldRef("duration");
      FieldRef stack = event.format().fieldRef("stackTrace");
      event.addCallback(data -> {
        seen.add(
            "%s %s %s %d %b %s"
                .formatted(
                    data.textOf(text),
                    data.textOf(type),
                    data.doubleOf(ratio),
                    data.longOf(yes),
                    data.longOf(id) == Thread.currentThread().threadId(),
                    data.textOf(name)));
        assertTrue(data.textOf(stack).contains("JfrSessionIT.probe:"), data.textOf(stack));
        assertEquals(data.tid(), data.longOf(osId));
        envelopes.add(
            new Seen(data.timeNanos(), data.pid(), data.tid(), data.longOf(duration), "envelope"));
      });
      session.start();
      probe(3);
      session.stop();
      assertEquals(0, session.stats().errors());
    }
    assertEquals(
        List.of(
            "number 3 %s 1.5 1 false %s"
                .formatted(Probe.class.getName(), Thread.currentThread().getName())),
        List.copyOf(seen));
    Seen envelope = envelopes.element();
    assertEquals(ProcessHandle.current().pid(), envelope.pid());
    assertTrue(envelope.tid() > 0);
    assertTrue(envelope.durationNanos() > 0);
  }

  @Test
  void a_failing_callback_is_reported_and_ends_nothing() throws Exception {
    ConcurrentLinkedQueue<String> causes = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<String> others = new ConcurrentLinkedQueue<>();
    CountDownLatch reported = new CountDownLatch(1);
    jdk.jfr.FlightRecorder.register(Probe.class);
    try (JfrSession session =
        JfrSession.ofThisProcess()
            .enable("test.Probe")
            .onErrors(batch -> {
              batch.first().forEach(each -> causes.add(each.cause().getMessage()));
              reported.countDown();
            })
            .build()) {
      Event event = session.event("test.Probe");
      event.addCallback(_ -> {
        throw new IOException("on purpose");
      });
      event.addCallback(data -> others.add(data.format().name()));
      session.start();
      probe(1);
      assertTrue(reported.await(20, TimeUnit.SECONDS));
      probe(2);
      session.stop();
      assertEquals(2, session.stats().errors());
      assertEquals(2, session.stats().events());
    }
    assertEquals(2, others.size());
    assertEquals("on purpose", causes.peek());
  }

  @Test
  void waits_have_the_threshold_of_their_set() throws Exception {
    ConcurrentLinkedQueue<Long> durations = new ConcurrentLinkedQueue<>();
    try (JfrSession session = JfrSession.ofThisProcess().enable(JfrEvents.WAITS).build()) {
      Event park = session.event("jdk.ThreadPark");
      FieldRef duration = park.format().fieldRef("duration");
      long self = Thread.currentThread().threadId();
      FieldRef thread = park.format().fieldRef("eventThreadId");
      park.addCallback(data -> {
        if (data.longOf(thread) == self) {
          durations.add(data.longOf(duration));
        }
      });
      session.start();
      long before = System.nanoTime();
      do {
        LockSupport.parkNanos(20 * MILLI);
      } while (System.nanoTime() - before < 20 * MILLI);
      for (int i = 0; i < 100; i++) {
        LockSupport.parkNanos(1_000);
      }
      session.stop();
    }
    assertTrue(durations.stream().anyMatch(each -> each >= 19 * MILLI), durations::toString);
    assertTrue(durations.stream().allMatch(each -> each >= MILLI), durations::toString);
  }

  @Test
  void all_ready_sets_are_known_to_this_machine() throws IOException {
    JfrSessionBuilder builder = JfrSession.ofThisProcess();
    for (JfrEvents set : JfrEvents.values()) {
      builder.enable(set);
    }
    try (JfrSession session = builder.build()) {
      for (JfrEvents set : JfrEvents.values()) {
        set.names().forEach(name -> assertEquals(name, session.event(name).name()));
      }
    }
  }

  @Test
  void an_unknown_event_is_refused_with_those_of_a_name_like_it() {
    JfrSessionBuilder builder = JfrSession.ofThisProcess().enable("jdk.GarbageCollector");
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, builder::build);
    assertTrue(refused.getMessage().contains("jdk.GarbageCollection"), refused.getMessage());
  }

  @Test
  void an_event_that_is_not_enabled_is_refused() throws IOException {
    try (JfrSession session = JfrSession.ofThisProcess().enable("jdk.CPULoad").build()) {
      assertThrows(IllegalArgumentException.class, () -> session.event("jdk.ThreadPark"));
    }
  }

  @Test
  void a_recorded_file_is_read_on_the_clock_of_its_markers(@TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("recorded.jfr");
    jdk.jfr.FlightRecorder.register(Probe.class);
    try (JfrSession live = JfrSession.ofThisProcess().enable("test.Probe").build();
        Recording recording = new Recording()) {
      recording.enable("test.Probe");
      recording.enable("io.photophone.ClockMarker");
      recording.enable("jdk.JVMInformation");
      live.start();
      recording.start();
      probe(1);
      ClockMarker.mark();
      probe(2);
      LockSupport.parkNanos(600 * MILLI);
      ClockMarker.mark();
      recording.stop();
      recording.dump(file);
    }
    ConcurrentLinkedQueue<Long> apart = new ConcurrentLinkedQueue<>();
    try (JfrSession read = JfrSession.ofFile(file).build()) {
      Event event = read.event("test.Probe");
      FieldRef nanoTime = event.format().fieldRef("nanoTime");
      event.addCallback(data -> {
        assertEquals(ProcessHandle.current().pid(), data.pid());
        apart.add(Math.abs(data.timeNanos() - data.longOf(nanoTime)));
      });
      read.start();
      read.awaitEnd(Duration.ofSeconds(20));
      assertEquals(0, read.stats().byWallClock());
      assertEquals(0, read.stats().errors());
    }
    assertEquals(2, apart.size());
    assertTrue(apart.stream().allMatch(each -> each < MILLI), apart::toString);
  }

  @Test
  void a_file_that_is_none_is_refused(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("none.jfr"), "no recording");
    assertThrows(IOException.class, () -> JfrSession.ofFile(file).build());
    assertThrows(IOException.class, () -> JfrSession.ofFile(directory.resolve("no.jfr")).build());
  }

  @Test
  void another_jvm_is_read_from_its_repository(@TempDir Path directory) throws Exception {
    Path source = directory.resolve("Collects.java");
    Files.writeString(
        source,
        """
        class Collects {
          public static void main(String[] args) throws Exception {
            System.out.println("started");
            while (System.in.available() == 0) {
              System.gc();
              Thread.sleep(50);
            }
          }
        }
        """);
    Path repository = Files.createDirectory(directory.resolve("repository"));
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:StartFlightRecording",
                "-XX:FlightRecorderOptions:repository=" + repository,
                source.toString())
            .redirectErrorStream(true)
            .start();
    try {
      assertTrue(other.inputReader().lines().anyMatch("started"::equals));
      Path chunks;
      try (var paths = Files.list(repository)) {
        chunks = paths.filter(Files::isDirectory).findFirst().orElseThrow();
      }
      CountDownLatch collections = new CountDownLatch(3);
      ConcurrentLinkedQueue<Integer> pids = new ConcurrentLinkedQueue<>();
      ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
      long before = System.nanoTime();
      try (JfrSession session =
          JfrSession.ofRepository(chunks)
              .enable("jdk.GarbageCollection")
              .onNewEvent(event ->
                  event.addCallback(data -> {
                    pids.add(data.pid());
                    times.add(data.timeNanos());
                    collections.countDown();
                  }))
              .build()) {
        session.start();
        assertTrue(collections.await(60, TimeUnit.SECONDS));
      }
      long after = System.nanoTime();
      assertTrue(
          times.stream().allMatch(time -> time > before - 20_000 * MILLI && time < after + MILLI));
      assertTrue(
          pids.stream().allMatch(pid -> pid == other.pid() || pid == EventData.UNKNOWN),
          pids::toString);
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertFalse(other.isAlive());
  }
}
