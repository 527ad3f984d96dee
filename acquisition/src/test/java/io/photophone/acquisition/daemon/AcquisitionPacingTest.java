package io.photophone.acquisition.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.source.SourceRead;
import io.photophone.acquisition.stream.AudioStreamConsumer;
import io.photophone.acquisition.stream.AudioStreamConsumer.Next;
import io.photophone.acquisition.stream.FakeClock;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.model.AudioFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// When frames are published, how long they are, and what time they bear.
@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
final class AcquisitionPacingTest {
  private static final int RATE_HZ = 48_000;
  private static final double NANOS = 1e9;

  private final FakeClock clock = FakeClock.movedBySleepers();

  /// Reading takes its time, a different one at each frame, and must not add up.
  @Test
  @Tag("A4")
  @Tag("B8")
  void ten_thousand_frames_at_200_fps_end_within_one_period_of_the_ideal_time() throws Exception {
    long seed = 4_200;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int frames = 10_000;
    FakeSource source =
        FakeSource.paced(
            "file",
            44_100,
            (self, read, sampleCount) -> {
              clock.advance(Duration.ofNanos(random.nextInt(4_000_000)));
              return FakeSource.reads(frames).read(self, read, sampleCount);
            });
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() -> source)
            .targetFps(200)
            .bufferFrames(10_000)
            .clock(clock)
            .build();
    run(daemon);
    long ended = daemon.stream().stats().lastUpdate().monotonicNanos();
    long ideal = FakeClock.START_MONOTONIC_NANOS + Duration.ofSeconds(50).toNanos();
    assertEquals(frames, daemon.frameCount());
    Duration late = Duration.ofNanos(ended - ideal);
    assertTrue(!late.isNegative() && late.compareTo(Duration.ofMillis(5)) < 0, "late by " + late);
    assertEquals(0, daemon.state().skippedTicks());
  }

  /// The eleventh frame comes 1.005 s after its turn, the thirteenth behind a hole.
  @Test
  @Tag("V15")
  void each_frame_is_told_as_captured_and_published_and_what_is_late_or_behind_a_gap()
      throws Exception {
    List<String> told = new ArrayList<>();
    FakeSource source =
        FakeSource.paced(
            "file",
            RATE_HZ,
            (self, read, sampleCount) -> {
              if (read == 10) {
                clock.advance(Duration.ofMillis(1005));
              }
              SourceRead next = FakeSource.reads(14).read(self, read, sampleCount);
              return read == 12 && next instanceof SourceRead.Samples samples
                  ? new SourceRead.Samples(
                      samples.channelA(), samples.channelB(), 77, OptionalLong.empty())
                  : next;
            });
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() -> source)
            .targetFps(100)
            .clock(clock)
            .frames((step, frame, amount) ->
                told.add("%s %d %d".formatted(step.wireName(), frame, amount)))
            .build();
    run(daemon);
    assertEquals(14, told.stream().filter(each -> each.startsWith("captured ")).count());
    assertEquals(14, told.stream().filter(each -> each.startsWith("published ")).count());
    assertEquals(List.of("captured 0 480", "published 0 0"), told.subList(0, 2));
    assertEquals(
        List.of("late 10 995000000"),
        told.stream().filter(each -> each.startsWith("late")).toList());
    assertEquals(
        List.of("gap 12 77"), told.stream().filter(each -> each.startsWith("gap")).toList());
  }

  @Test
  @Tag("A4")
  void after_a_stall_missed_ticks_are_skipped_and_counted_and_not_fired_in_a_burst()
      throws Exception {
    List<Duration> published = new ArrayList<>();
    FakeSource source =
        FakeSource.paced(
            "file",
            RATE_HZ,
            (self, read, sampleCount) -> {
              published.add(clock.elapsed());
              if (read == 10) {
                clock.advance(Duration.ofMillis(1005));
              }
              return FakeSource.reads(200).read(self, read, sampleCount);
            });
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder().source(() -> source).targetFps(100).clock(clock).build();
    run(daemon);
    assertEquals(99, daemon.state().skippedTicks());
    assertEquals(200, daemon.frameCount());
    assertEquals(0, daemon.state().lostSamples());
    // The frame before the stall, the late one, and from there one at each tick of the old grid.
    assertEquals(Duration.ofMillis(100), published.get(10));
    assertEquals(Duration.ofMillis(1105), published.get(11));
    for (int frame = 12; frame <= 200; frame++) {
      assertEquals(Duration.ofMillis(10L * (frame + 99)), published.get(frame));
    }
  }

  @ParameterizedTest
  @Tag("A4")
  @CsvSource({"19999999, 0", "20000000, 1", "29999999, 1", "30000000, 2"})
  void a_tick_is_missed_only_once_the_next_one_is_due(long readNanos, int missed) throws Exception {
    FakeSource source =
        FakeSource.paced(
            "file",
            RATE_HZ,
            (self, read, sampleCount) -> {
              if (read == 10) {
                clock.advance(Duration.ofNanos(readNanos));
              }
              return FakeSource.reads(20).read(self, read, sampleCount);
            });
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder().source(() -> source).targetFps(100).clock(clock).build();
    run(daemon);
    assertEquals(missed, daemon.state().skippedTicks());
    assertEquals(Duration.ofMillis(200 + 10L * missed), clock.elapsed());
  }

  @ParameterizedTest
  @Tag("A4")
  @CsvSource({"1, 10000", "2, 5000", "10, 1000", "0.5, 20000", "1000, 10"})
  void a_recording_of_ten_seconds_takes_ten_seconds_over_its_speed(double speed, long millis)
      throws Exception {
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() -> FakeSource.paced("file", RATE_HZ, FakeSource.reads(300)))
            .bufferFrames(1000)
            .speed(speed)
            .clock(clock)
            .build();
    Consumed consumed = run(daemon);
    assertEquals(300, consumed.frames().size());
    assertNear(millis * 1e6, clock.elapsed().toNanos(), 1);
    assertEquals(0, daemon.state().skippedTicks());
  }

  @ParameterizedTest
  @Tag("A4")
  @ValueSource(ints = {1, 2, 3, 4, 100})
  void at_speed_0_the_source_waits_for_its_pacing_consumer_and_for_no_clock(int bufferFrames)
      throws Exception {
    FakeClock held = FakeClock.held();
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() -> FakeSource.paced("file", RATE_HZ, FakeSource.reads(2000)))
            .bufferFrames(bufferFrames)
            .speed(0)
            .clock(held)
            .build();
    try (AudioStreamConsumer pacing = daemon.stream().subscribePacing("analysis")) {
      daemon.start();
      Consumed consumed = Consumed.untilEnd(pacing);
      assertEquals(2000, consumed.frames().size());
      assertEquals(0, consumed.missed());
      assertEquals("end of file", consumed.end());
    }
    assertEquals(List.of(), held.sleeps());
    assertEquals(0, daemon.state().skippedTicks());
    daemon.close();
  }

  /// The end takes a place in the ring as well, and a short run is nearly all end.
  @ParameterizedTest
  @Tag("A4")
  @ValueSource(ints = {1, 2})
  void at_speed_0_the_end_does_not_push_the_last_frames_out_of_a_small_buffer(int bufferFrames)
      throws Exception {
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() -> FakeSource.paced("file", RATE_HZ, FakeSource.reads(2)))
            .bufferFrames(bufferFrames)
            .speed(0)
            .build();
    try (AudioStreamConsumer pacing = daemon.stream().subscribePacing("analysis")) {
      for (int run = 0; run < 300; run++) {
        daemon.start();
        Consumed consumed = Consumed.untilEnd(pacing);
        assertEquals(0, consumed.missed(), "run " + run);
        assertEquals(2, consumed.frames().size(), "run " + run);
      }
    }
    daemon.close();
  }

  @Test
  @Tag("A3")
  @Tag("A4")
  void a_stop_ends_the_wait_for_a_pacing_consumer_that_takes_nothing() throws Exception {
    FakeSource source = FakeSource.paced("file", RATE_HZ, FakeSource.reads(2000));
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder().source(() -> source).bufferFrames(10).speed(0).build();
    try (AudioStreamConsumer pacing = daemon.stream().subscribePacing("analysis")) {
      daemon.start();
      while (daemon.stream().hasRoom()) {
        Thread.onSpinWait();
      }
      daemon.stop();
      assertFalse(source.reader().isAlive());
      Consumed consumed = Consumed.untilEnd(pacing);
      assertEquals(0, consumed.missed());
      assertEquals(daemon.frameCount(), consumed.frames().size());
    }
  }

  @ParameterizedTest
  @Tag("A4")
  @Tag("A11")
  @ValueSource(doubles = {0, 1, 10})
  void a_live_source_is_paced_by_its_device_and_never_by_the_clock(double speed) throws Exception {
    FakeClock held = FakeClock.held();
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() -> FakeSource.live("microphone", RATE_HZ, FakeSource.reads(80)))
            .speed(speed)
            .clock(held)
            .build();
    List<AudioFrame> frames = run(daemon).frames();
    assertEquals(80, frames.size());
    for (AudioFrame frame : frames) {
      assertNear(
          -NANOS / 30, frame.captured().monotonicNanos() - FakeClock.START_MONOTONIC_NANOS, 1);
    }
    assertEquals(List.of(), held.sleeps());
    assertEquals(0, daemon.state().skippedTicks());
  }

  @ParameterizedTest
  @Tag("A4")
  @CsvSource({
    "44100, 30, 1470, 1470",
    "22050, 30, 735, 735",
    "8000, 30, 266, 267",
    "11025, 7.5, 1470, 1470",
    "11025, 30, 367, 368",
    "44100, 200, 220, 221",
    "48000, 29.97, 1601, 1602",
    "100, 1000, 1, 1",
  })
  void frame_lengths_take_turns_and_never_drift(int rateHz, double fps, int shorter, int longer)
      throws Exception {
    int frames = 5000;
    FakeSource source = FakeSource.paced("file", rateHz, FakeSource.reads(frames));
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() -> source)
            .targetFps(fps)
            .bufferFrames(10_000)
            .clock(clock)
            .build();
    run(daemon);
    double perFrame = Math.max(1, rateHz / fps);
    int samples = 0;
    for (int frame = 0; frame < frames; frame++) {
      int length = source.asked().get(frame);
      assertTrue(length == shorter || length == longer, "frame " + frame + ": " + length);
      samples += length;
      assertEquals((frame + 1) * perFrame, samples, 1, "after frame " + frame);
    }
    assertTrue(source.asked().contains(shorter) && source.asked().contains(longer));
  }

  @Test
  @Tag("A4")
  @Tag("A6")
  void a_source_that_reads_short_loses_nothing_and_is_paced_by_its_samples() throws Exception {
    long seed = 77;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    FakeSource source =
        FakeSource.paced(
            "socket",
            RATE_HZ,
            (self, read, sampleCount) ->
                FakeSource.reads(500).read(self, read, 1 + random.nextInt(sampleCount)));
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder().source(() -> source).bufferFrames(1000).clock(clock).build();
    List<AudioFrame> frames = run(daemon).frames();
    long sample = 0;
    for (AudioFrame frame : frames) {
      assertEquals(sample, frame.firstSampleIndex());
      assertEquals(sample, (long) frame.channelA()[0]);
      sample = frame.endSampleIndex();
    }
    assertEquals(500, frames.size());
    assertNear(sample * NANOS / RATE_HZ, clock.elapsed().toNanos(), 1);
    assertEquals(0, daemon.state().lostSamples());
  }

  @ParameterizedTest
  @Tag("A11")
  @CsvSource({"44100, 30", "8000, 30", "11025, 7.5"})
  void a_frame_bears_the_time_of_its_first_sample(int rateHz, double fps) throws Exception {
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() -> FakeSource.paced("file", rateHz, FakeSource.reads(300)))
            .targetFps(fps)
            .bufferFrames(1000)
            .clock(clock)
            .build();
    for (AudioFrame frame : run(daemon).frames()) {
      double sinceStart = frame.firstSampleIndex() * NANOS / rateHz;
      assertNear(
          sinceStart, frame.captured().monotonicNanos() - FakeClock.START_MONOTONIC_NANOS, 1100);
      assertNear(sinceStart, frame.captured().epochNanos() - FakeClock.START_EPOCH_NANOS, 1100);
    }
  }

  @Test
  @Tag("A11")
  void the_capture_time_is_the_sources_own_where_it_can_tell() throws Exception {
    FakeClock held = FakeClock.held();
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() ->
                FakeSource.live(
                    "microphone",
                    RATE_HZ,
                    (self, read, _) -> {
                      held.advance(Duration.ofMillis(10));
                      return read < 3
                          ? self.samples(480, 0, OptionalLong.of(25_000_000))
                          : FakeSource.reads(0).read(self, read, 0);
                    }))
            .clock(held)
            .build();
    List<AudioFrame> frames = run(daemon).frames();
    for (int i = 0; i < 3; i++) {
      assertEquals(
          FakeClock.START_MONOTONIC_NANOS + (10_000_000L * (i + 1)) - 25_000_000,
          frames.get(i).captured().monotonicNanos());
    }
  }

  @Test
  @Tag("A11")
  void a_step_of_the_wall_clock_does_not_reorder_frames() throws Exception {
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() ->
                FakeSource.paced(
                    "file",
                    RATE_HZ,
                    (self, read, sampleCount) -> {
                      if (read == 5) {
                        clock.stepWallClock(Duration.ofHours(-1));
                      }
                      return FakeSource.reads(10).read(self, read, sampleCount);
                    }))
            .clock(clock)
            .build();
    List<AudioFrame> frames = run(daemon).frames();
    for (int i = 1; i < 10; i++) {
      assertNear(
          NANOS / 30,
          frames.get(i).captured().monotonicNanos() - frames.get(i - 1).captured().monotonicNanos(),
          1100);
    }
    assertTrue(frames.get(5).captured().epochNanos() < frames.get(4).captured().epochNanos());
  }

  @ParameterizedTest
  @Tag("A11")
  @ValueSource(doubles = {0, 0.5, 1, 10, 1000})
  void the_capture_time_never_goes_back_whatever_the_speed(double speed) throws Exception {
    AcquisitionDaemon daemon =
        AcquisitionDaemon.builder()
            .source(() -> FakeSource.paced("file", 8000, FakeSource.reads(500)))
            .bufferFrames(1000)
            .speed(speed)
            .clock(clock)
            .build();
    long before = Long.MIN_VALUE;
    for (AudioFrame frame : run(daemon).frames()) {
      long captured = frame.captured().monotonicNanos();
      assertTrue(captured >= before, "frame " + frame.frameNumber());
      assertTrue(captured >= FakeClock.START_MONOTONIC_NANOS - 1000);
      before = captured;
    }
  }

  private static void assertNear(double expected, long actual, double tolerance) {
    assertEquals(expected, (double) actual, tolerance);
  }

  /// Runs the daemon over the whole of its source.
  private static Consumed run(AcquisitionDaemon daemon) throws Exception {
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    Consumed consumed = Consumed.untilEnd(consumer);
    daemon.close();
    assertTrue(consumer.next(Duration.ZERO) instanceof Next.Closed);
    return consumed;
  }
}
