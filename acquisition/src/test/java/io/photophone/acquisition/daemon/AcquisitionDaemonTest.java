package io.photophone.acquisition.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.daemon.AcquisitionState.Phase;
import io.photophone.acquisition.stream.AudioStreamConsumer;
import io.photophone.acquisition.stream.AudioStreamConsumer.Next;
import io.photophone.acquisition.stream.FakeClock;
import io.photophone.acquisition.stream.SharedAudioStream;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.model.AudioFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Life and death of a daemon: start, stop, end, and what the builder refuses.
@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
final class AcquisitionDaemonTest {
  private static final int RATE_HZ = 48_000;

  private final FakeClock clock = FakeClock.movedBySleepers();

  @Test
  @Tag("A1")
  void a_second_daemon_on_one_stream_is_refused_with_both_names() throws Exception {
    SharedAudioStream stream = new SharedAudioStream(100, clock);
    FakeSource first = blocking("cell 1");
    FakeSource second = FakeSource.live("cell 2", RATE_HZ, FakeSource.reads(1));
    try (AcquisitionDaemon running = onStream(stream, first)) {
      running.start();
      AcquisitionDaemon refused = onStream(stream, second);
      IllegalStateException refusal = assertThrows(IllegalStateException.class, refused::start);
      assertTrue(refusal.getMessage().contains("cell 1"), refusal.getMessage());
      assertTrue(refusal.getMessage().contains("cell 2"), refusal.getMessage());
      assertTrue(second.isClosed());
      assertFalse(first.isClosed());
      assertFalse(refused.isRunning());
      assertTrue(running.isRunning());

      running.stop();
      AudioStreamConsumer consumer = stream.subscribe("test", Resume.OLDEST);
      refused.start();
      assertEquals(1, Consumed.untilEnd(consumer).frames().size());
      refused.stop();
    }
  }

  @Test
  @Tag("A1")
  void frames_go_from_the_source_to_every_consumer_uncopied() throws Exception {
    AcquisitionDaemon daemon = over(FakeSource.paced("file", RATE_HZ, FakeSource.reads(20)));
    AudioStreamConsumer one = daemon.stream().subscribe("one", Resume.OLDEST);
    AudioStreamConsumer two = daemon.stream().subscribe("two", Resume.NEWEST);
    daemon.start();
    List<AudioFrame> frames = Consumed.untilEnd(one).frames();
    List<AudioFrame> same = Consumed.untilEnd(two).frames();
    assertEquals(20, frames.size());
    for (int i = 0; i < 20; i++) {
      AudioFrame frame = frames.get(i);
      assertSame(frame, same.get(i));
      assertEquals(RATE_HZ, frame.sampleRateHz());
      assertEquals(frame.firstSampleIndex(), (long) frame.channelA()[0]);
      assertEquals(-frame.firstSampleIndex(), (long) frame.channelB()[0]);
    }
    daemon.close();
  }

  @Test
  @Tag("A3")
  @Tag("E1")
  void a_daemon_runs_between_start_and_stop_on_a_named_thread() throws Exception {
    FakeSource source = blocking("microphone");
    AcquisitionDaemon daemon = over(source);
    assertEquals(Phase.STOPPED, daemon.state().phase());
    assertFalse(daemon.isRunning());
    daemon.start();
    source.awaitBlocked();
    assertEquals(Phase.RUNNING, daemon.state().phase());
    assertTrue(daemon.isRunning());
    assertEquals("acquisition", source.reader().getName());
    daemon.stop();
    assertEquals(Phase.STOPPED, daemon.state().phase());
    assertFalse(daemon.isRunning());
    assertNull(daemon.state().error());
    assertEquals(0, daemon.state().errors());
  }

  @Test
  @Tag("A3")
  @Tag("B2")
  void stop_ends_a_blocked_read_joins_the_thread_and_closes_the_source() throws Exception {
    FakeSource source = blocking("microphone");
    AcquisitionDaemon daemon = over(source);
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    source.awaitBlocked();
    daemon.stop();
    assertFalse(source.reader().isAlive());
    assertTrue(source.isClosed());
    assertEquals("stopped", Consumed.untilEnd(consumer).end());
    assertEquals(0, daemon.state().errors());
  }

  @Test
  @Tag("A3")
  @Tag("B2")
  void stop_wakes_a_daemon_that_waits_for_its_next_frame() throws Exception {
    FakeClock held = FakeClock.held();
    FakeSource source = FakeSource.paced("file", RATE_HZ, FakeSource.reads(1000));
    AcquisitionDaemon daemon = AcquisitionDaemon.builder().source(() -> source).clock(held).build();
    daemon.start();
    held.awaitSleeper();
    daemon.stop();
    assertFalse(source.reader().isAlive());
    assertTrue(source.isClosed());
    assertEquals(0, daemon.frameCount());
  }

  @Test
  @Tag("A3")
  @Tag("B2")
  void stop_and_close_may_come_at_any_time_and_more_than_once() throws Exception {
    FakeSource source = blocking("microphone");
    AcquisitionDaemon daemon = over(source);
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.stop();
    daemon.start();
    source.awaitBlocked();
    daemon.stop();
    daemon.stop();
    daemon.close();
    daemon.close();
    assertEquals(Phase.STOPPED, daemon.state().phase());
    Consumed.untilEnd(consumer);
    assertInstanceOf(Next.Closed.class, consumer.next(Duration.ZERO));
  }

  @Test
  @Tag("A3")
  void of_many_concurrent_starts_exactly_one_opens_the_source() throws Exception {
    int threads = 16;
    for (int round = 0; round < 20; round++) {
      AtomicInteger opened = new AtomicInteger();
      CountDownLatch together = new CountDownLatch(threads);
      AcquisitionDaemon daemon =
          AcquisitionDaemon.builder()
              .source(() -> {
                opened.incrementAndGet();
                return blocking("microphone");
              })
              .clock(clock)
              .build();
      List<Future<?>> starts = new ArrayList<>();
      try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
        for (int i = 0; i < threads; i++) {
          starts.add(
              executor.submit(() -> {
                together.countDown();
                together.await();
                daemon.start();
                return null;
              }));
        }
      }
      for (Future<?> start : starts) {
        start.get();
      }
      assertEquals(1, opened.get());
      assertTrue(daemon.isRunning());
      daemon.close();
    }
  }

  @Test
  @Tag("A5")
  void a_start_while_running_warns_and_changes_nothing() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    FakeSource source = blocking("microphone");
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() -> {
              opened.incrementAndGet();
              return source;
            })
            .clock(clock)
            .build();
    daemon.start();
    source.awaitBlocked();
    RecordedLogs.clear();
    daemon.start();
    assertEquals(1, RecordedLogs.of(AcquisitionDaemon.class, System.Logger.Level.WARNING).size());
    assertEquals(1, opened.get());
    assertEquals(Phase.RUNNING, daemon.state().phase());
    daemon.close();
  }

  @Test
  @Tag("A3")
  @Tag("A10")
  void at_the_end_of_its_source_the_daemon_stops_and_says_so() throws Exception {
    FakeSource source = FakeSource.paced("steps.wav", RATE_HZ, FakeSource.reads(3));
    AcquisitionDaemon daemon = over(source);
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    Consumed consumed = Consumed.untilEnd(consumer);
    assertEquals(3, consumed.frames().size());
    assertEquals("end of steps.wav", consumed.end());
    assertEquals(Phase.ENDED, daemon.state().phase());
    assertFalse(daemon.isRunning());
    assertTrue(source.isClosed());
    assertInstanceOf(Next.TimedOut.class, consumer.next(Duration.ZERO));
    daemon.stop();
    assertEquals(Phase.STOPPED, daemon.state().phase());
  }

  @Test
  @Tag("A3")
  @Tag("A6")
  void after_the_end_it_can_be_started_again_and_goes_on_counting() throws Exception {
    List<FakeSource> sources = new ArrayList<>();
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() -> {
              FakeSource source = FakeSource.paced("file", RATE_HZ, FakeSource.reads(5));
              sources.add(source);
              return source;
            })
            .clock(clock)
            .build();
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    List<AudioFrame> frames = new ArrayList<>();
    for (int run = 0; run < 3; run++) {
      daemon.start();
      frames.addAll(Consumed.untilEnd(consumer).frames());
    }
    daemon.stop();
    assertEquals(3, sources.size());
    assertTrue(sources.stream().allMatch(FakeSource::isClosed));
    assertEquals(15, frames.size());
    assertEquals(15, daemon.frameCount());
    assertUnbroken(frames);
    assertEquals(0, daemon.state().lostSamples());
    assertEquals(0, daemon.state().skippedTicks());
  }

  @Test
  @Tag("A8")
  @Tag("B2")
  void a_start_that_fails_leaves_a_stopped_daemon_that_shows_why() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    FakeSource source = blocking("microphone");
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() -> {
              if (opened.getAndIncrement() == 0) {
                throw new IOException("no microphone called X");
              }
              return source;
            })
            .clock(clock)
            .build();
    assertEquals(
        "no microphone called X", assertThrows(IOException.class, daemon::start).getMessage());
    assertEquals(Phase.STOPPED, daemon.state().phase());
    assertEquals("no microphone called X", daemon.state().error());
    assertEquals(1, daemon.state().errors());
    daemon.start();
    source.awaitBlocked();
    assertTrue(daemon.isRunning());
    daemon.close();
  }

  @Test
  @Tag("A3")
  void the_stream_that_is_closed_ends_its_daemon() throws Exception {
    CountDownLatch streamClosed = new CountDownLatch(1);
    FakeSource endless =
        FakeSource.live(
            "microphone",
            RATE_HZ,
            (source, read, sampleCount) -> {
              if (read > 0) {
                awaitUninterruptibly(streamClosed);
              }
              return source.samples(sampleCount);
            });
    AcquisitionDaemon daemon = over(endless);
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    Consumed.frame(consumer);
    daemon.stream().close();
    streamClosed.countDown();
    endless.reader().join();
    assertFalse(daemon.isRunning());
    assertTrue(endless.isClosed());
    assertEquals(1, daemon.frameCount());
    assertEquals(daemon.frameCount(), daemon.stream().stats().totalFrames());
    assertThrows(IllegalStateException.class, daemon::start);
    assertFalse(daemon.isRunning());
  }

  @Test
  @Tag("A6")
  void frames_are_numbered_by_one_and_their_samples_follow_each_other() throws Exception {
    AcquisitionDaemon daemon = over(FakeSource.paced("file", RATE_HZ, FakeSource.reads(50)));
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    List<AudioFrame> frames = Consumed.untilEnd(consumer).frames();
    assertEquals(50, frames.size());
    assertEquals(50, daemon.frameCount());
    assertUnbroken(frames);
    daemon.close();
  }

  @Test
  @Tag("A7")
  void statistics_are_logged_every_hundred_frames_and_not_at_the_first() throws Exception {
    RecordedLogs.clear();
    AcquisitionDaemon daemon = over(FakeSource.paced("file", RATE_HZ, FakeSource.reads(301)));
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    Consumed.untilEnd(consumer);
    daemon.close();
    List<String> logged = RecordedLogs.of(AcquisitionDaemon.class, System.Logger.Level.DEBUG);
    assertEquals(3, logged.size(), logged::toString);
    assertTrue(logged.getFirst().startsWith("100 frames"), logged::toString);
    assertTrue(logged.getLast().startsWith("300 frames"), logged::toString);
  }

  @Test
  @Tag("B27")
  void a_daemon_without_a_source_is_refused() {
    assertEquals(
        "Audio source is required",
        assertThrows(IllegalArgumentException.class, () -> AcquisitionDaemon.builder().build())
            .getMessage());
  }

  @Test
  @Tag("B27")
  void the_defaults_are_thirty_frames_a_second_and_a_hundred_retained() {
    AcquisitionDaemon daemon = over(blocking("microphone"));
    assertEquals(30, daemon.targetFps());
    assertEquals(100, daemon.stream().bufferFrames());
  }

  @ParameterizedTest
  @Tag("B27")
  @ValueSource(doubles = {0, -1, 1000.001, Double.NaN, Double.POSITIVE_INFINITY})
  void a_frame_rate_out_of_range_is_refused_with_its_value(double fps) {
    assertRefused("target_fps", fps, AcquisitionDaemon.builder().targetFps(fps));
  }

  @ParameterizedTest
  @Tag("B27")
  @ValueSource(ints = {0, -1, 10_001})
  void a_buffer_out_of_range_is_refused_with_its_value(int frames) {
    assertRefused("buffer_frames", frames, AcquisitionDaemon.builder().bufferFrames(frames));
  }

  @ParameterizedTest
  @Tag("B27")
  @ValueSource(doubles = {-0.001, 1000.001, Double.NaN, Double.POSITIVE_INFINITY})
  void a_speed_out_of_range_is_refused_with_its_value(double speed) {
    assertRefused("speed", speed, AcquisitionDaemon.builder().speed(speed));
  }

  @ParameterizedTest
  @Tag("B27")
  @CsvSource({"1000, 1, 1000", "0.001, 10000, 0"})
  void the_ends_of_the_ranges_are_allowed(double fps, int frames, double speed) {
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() -> blocking("microphone"))
            .targetFps(fps)
            .bufferFrames(frames)
            .speed(speed)
            .build();
    assertEquals(fps, daemon.targetFps());
    assertEquals(frames, daemon.stream().bufferFrames());
  }

  private static void assertRefused(
      String setting, Number value, AcquisitionDaemon.Builder builder) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> builder.source(() -> blocking("microphone")).build());
    String shown = value.toString().replaceFirst("\\.0$", "");
    assertTrue(
        refusal.getMessage().startsWith(setting + " is " + shown + ", allowed: "),
        refusal.getMessage());
  }

  private static void assertUnbroken(List<AudioFrame> frames) {
    long number = 0;
    long sample = 0;
    for (AudioFrame frame : frames) {
      assertEquals(number, frame.frameNumber());
      assertEquals(sample, frame.firstSampleIndex());
      number++;
      sample = frame.endSampleIndex();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private AcquisitionDaemon over(FakeSource source) {
    return AcquisitionDaemon.builder().source(() -> source).clock(clock).build();
  }

  private AcquisitionDaemon onStream(SharedAudioStream stream, FakeSource source) {
    return AcquisitionDaemon.builder().source(() -> source).stream(stream).clock(clock).build();
  }

  private static FakeSource blocking(String name) {
    return FakeSource.live(name, RATE_HZ, (source, _, _) -> source.block());
  }
}
