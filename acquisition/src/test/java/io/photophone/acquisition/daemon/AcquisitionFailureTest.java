package io.photophone.acquisition.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.daemon.AcquisitionState.Phase;
import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.source.SourceRead;
import io.photophone.acquisition.stream.AudioStreamConsumer;
import io.photophone.acquisition.stream.FakeClock;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.model.AudioFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a daemon does when its source fails: it says so, waits longer and longer, and goes on with
/// a visible gap.
@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
final class AcquisitionFailureTest {
  private static final int RATE_HZ = 48_000;
  private static final long BASE_MILLIS = 100;
  private static final long CAP_MILLIS = 30_000;
  private static final long OPEN_MILLIS = 5000;

  private final FakeClock clock = FakeClock.movedBySleepers();

  @Test
  @Tag("A6")
  void samples_that_the_source_lost_show_as_a_jump_of_the_sample_index() throws Exception {
    AcquisitionDaemon daemon =
        over(
            FakeSource.live(
                "microphone",
                RATE_HZ,
                (self, read, sampleCount) ->
                    switch (read) {
                      case 0 -> self.samples(100, 7, OptionalLong.empty());
                      case 1 -> self.samples(100);
                      case 2 -> self.samples(100, 1000, OptionalLong.empty());
                      default -> FakeSource.reads(0).read(self, read, sampleCount);
                    }));
    List<AudioFrame> frames = run(daemon).frames();
    assertEquals(
        List.of(7L, 107L, 1207L), frames.stream().map(AudioFrame::firstSampleIndex).toList());
    assertEquals(List.of(0L, 1L, 2L), frames.stream().map(AudioFrame::frameNumber).toList());
    assertEquals(1007, daemon.state().lostSamples());
    assertEquals(0, daemon.state().errors());
  }

  @Test
  @Tag("A6")
  @Tag("A8")
  void what_a_live_source_did_not_deliver_while_it_was_gone_is_a_gap_of_that_length()
      throws Exception {
    AtomicReference<Duration> back = new AtomicReference<>();
    Opening opening =
        new Opening(
            () ->
                FakeSource.live(
                    "microphone",
                    RATE_HZ,
                    (self, read, sampleCount) -> {
                      if (read == 5) {
                        throw new IOException("unplugged");
                      }
                      clock.advance(Duration.ofMillis(10));
                      return self.samples(480);
                    }),
            () -> {
              throw new IOException("still unplugged");
            },
            () -> {
              clock.advance(Duration.ofSeconds(3));
              back.set(clock.elapsed());
              return FakeSource.live(
                  "microphone",
                  RATE_HZ,
                  (self, read, sampleCount) -> {
                    clock.advance(Duration.ofMillis(10));
                    return FakeSource.reads(5).read(self, read, sampleCount);
                  });
            });
    AcquisitionDaemon daemon = daemon(opening).build();
    List<AudioFrame> frames = run(daemon).frames();
    assertEquals(10, frames.size());
    long gap = frames.get(5).firstSampleIndex() - frames.get(4).endSampleIndex();
    long expected = back.get().minusMillis(50).toNanos() * RATE_HZ / 1_000_000_000;
    assertEquals(expected, gap);
    assertTrue(gap > 3L * RATE_HZ);
    assertEquals(gap, daemon.state().lostSamples());
    assertEquals(5, frames.get(5).frameNumber());
    assertEquals(2, daemon.state().errors());
  }

  @Test
  @Tag("A6")
  @Tag("A8")
  void a_source_that_is_gone_for_weeks_does_not_turn_time_back() throws Exception {
    int rateHz = 192_000;
    Opening opening =
        new Opening(
            () -> failingAt(1, new IOException("unplugged"), rateHz),
            () -> {
              clock.advance(Duration.ofDays(30));
              return FakeSource.live("microphone", rateHz, FakeSource.reads(1));
            });
    List<AudioFrame> frames = run(daemon(opening).build()).frames();
    long gap = frames.get(1).firstSampleIndex() - frames.get(0).endSampleIndex();
    long weeks = Duration.ofDays(30).toSeconds() * rateHz;
    assertTrue(gap >= weeks && gap - weeks < rateHz / 5, "gap of " + gap);
  }

  @Test
  @Tag("A6")
  void a_live_source_that_fails_before_its_first_frame_has_lost_only_what_this_run_missed()
      throws Exception {
    Opening opening =
        new Opening(
            () -> FakeSource.live("microphone", RATE_HZ, FakeSource.reads(1)),
            () -> failingAt(0, new IOException("unplugged"), RATE_HZ),
            () -> FakeSource.live("microphone", RATE_HZ, FakeSource.reads(1)));
    AcquisitionDaemon daemon = daemon(opening).build();
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    Consumed.untilEnd(consumer);
    clock.advance(Duration.ofHours(1));
    daemon.start();
    Consumed.untilEnd(consumer);
    daemon.close();
    assertTrue(daemon.state().lostSamples() >= 1);
    assertTrue(daemon.state().lostSamples() <= RATE_HZ, () -> daemon.state().toString());
  }

  @Test
  @Tag("A6")
  void a_gap_too_short_for_a_sample_is_still_visible() throws Exception {
    int rateHz = 5;
    Opening opening =
        new Opening(
            () -> failingAt(1, new IOException("unplugged"), rateHz),
            () -> FakeSource.live("microphone", rateHz, FakeSource.reads(1)));
    List<AudioFrame> frames = run(daemon(opening).build()).frames();
    assertEquals(frames.get(0).endSampleIndex() + 1, frames.get(1).firstSampleIndex());
  }

  @Test
  @Tag("A6")
  void a_file_that_failed_begins_anew_behind_an_end_and_a_visible_gap() throws Exception {
    Opening opening =
        new Opening(
            () ->
                FakeSource.paced(
                    "file",
                    RATE_HZ,
                    (self, read, sampleCount) -> {
                      if (read == 2) {
                        throw new IOException("disk error");
                      }
                      return self.samples(sampleCount);
                    }),
            () -> FakeSource.paced("file", RATE_HZ, FakeSource.reads(2)));
    AcquisitionDaemon daemon = daemon(opening).build();
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    Consumed before = Consumed.untilEnd(consumer);
    assertEquals("file failed and begins anew", before.end());
    assertEquals(2, before.frames().size());
    Consumed after = Consumed.untilEnd(consumer);
    daemon.close();
    assertEquals(2, after.frames().size());
    long gap =
        after.frames().getFirst().firstSampleIndex() - before.frames().getLast().endSampleIndex();
    assertTrue(gap > 0, "gap of " + gap);
    assertEquals(gap, daemon.state().lostSamples());
    // The pause is no stall: the pace begins anew.
    assertEquals(0, daemon.state().skippedTicks());
  }

  /// What can break, and how.
  enum Fault {
    READ_FAILS,
    READ_BREAKS,
    OPEN_FAILS,
    OPEN_BREAKS,
    CLOSE_BREAKS
  }

  @ParameterizedTest
  @Tag("A8")
  @EnumSource(Fault.class)
  void whatever_breaks_the_thread_outlives_it_and_the_source_comes_back(Fault fault)
      throws Exception {
    Exception how =
        switch (fault) {
          case READ_FAILS, OPEN_FAILS, CLOSE_BREAKS -> new IOException("unplugged");
          case READ_BREAKS, OPEN_BREAKS -> new IllegalStateException("unplugged");
        };
    AudioSource.Opener first = () -> failingAt(2, how, RATE_HZ);
    Opening opening =
        switch (fault) {
          case READ_FAILS, READ_BREAKS -> new Opening(first, this::good);
          case OPEN_FAILS, OPEN_BREAKS -> new Opening(first, () -> failingToOpen(how), this::good);
          case CLOSE_BREAKS -> new Opening(() -> breakingAtClose(first.open()), this::good);
        };
    List<IOException> told = new CopyOnWriteArrayList<>();
    AcquisitionDaemon daemon = daemon(opening).errorHandler(told::add).build();
    Consumed consumed = run(daemon);
    assertEquals("end of microphone", consumed.end());
    assertEquals(5, consumed.frames().size());
    int errors = opening.opened() - 1;
    assertEquals(errors, daemon.state().errors());
    assertEquals(errors, told.size());
    assertTrue(told.getFirst().getMessage().contains("unplugged"));
    assertTrue(daemon.state().error().contains("unplugged"), () -> daemon.state().toString());
  }

  @Test
  @Tag("A8")
  void every_source_that_failed_is_closed_before_another_is_opened() throws Exception {
    List<FakeSource> sources = new ArrayList<>();
    List<Boolean> allClosed = new ArrayList<>();
    AcquisitionDaemon daemon =
        daemon(
                () -> {
                  allClosed.add(sources.stream().allMatch(FakeSource::isClosed));
                  FakeSource source =
                      sources.size() < 4
                          ? failingAt(1, new IOException("unplugged"), RATE_HZ)
                          : good();
                  sources.add(source);
                  return source;
                })
            .build();
    run(daemon);
    assertEquals(5, sources.size());
    assertFalse(allClosed.contains(false));
    assertTrue(sources.stream().allMatch(FakeSource::isClosed));
  }

  @Test
  @Tag("A8")
  @Tag("B24")
  void pauses_grow_from_a_tenth_of_a_second_to_thirty_while_the_source_does_not_open()
      throws Exception {
    int failures = 14;
    AtomicInteger opened = new AtomicInteger();
    AcquisitionDaemon daemon =
        daemon(
                () -> {
                  int n = opened.getAndIncrement();
                  if (n == 0) {
                    return failingAt(1, new IOException("unplugged"), RATE_HZ);
                  }
                  if (n < failures) {
                    throw new IOException("still unplugged");
                  }
                  return good();
                })
            .build();
    run(daemon);
    assertGrowing(clock.sleeps(), failures);
    assertEquals(failures, daemon.state().errors());
  }

  /// A device that is there but doesn't work must not be tried ten times a second for ever.
  @Test
  @Tag("A8")
  @Tag("B24")
  void pauses_grow_as_well_while_the_source_opens_and_fails_at_its_first_read() throws Exception {
    int failures = 14;
    AtomicInteger opened = new AtomicInteger();
    AcquisitionDaemon daemon =
        daemon(
                () -> {
                  int n = opened.getAndIncrement();
                  return n < failures
                      ? failingAt(n == 0 ? 1 : 0, new IOException("broken"), RATE_HZ)
                      : good();
                })
            .build();
    run(daemon);
    assertGrowing(clock.sleeps(), failures);
    assertEquals(failures, daemon.state().errors());
  }

  @Test
  @Tag("A8")
  void pauses_are_short_again_once_the_source_has_delivered() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    AcquisitionDaemon daemon =
        daemon(() ->
                switch (opened.getAndIncrement()) {
                  case 0, 3 -> failingAt(1, new IOException("unplugged"), RATE_HZ);
                  case 1, 2 -> failingToOpen(new IOException("unplugged"));
                  default -> good();
                })
            .build();
    run(daemon);
    assertEquals(4, clock.sleeps().size());
    assertPause(400, clock.sleeps().get(2));
    assertPause(100, clock.sleeps().get(3));
  }

  @Test
  @Tag("A8")
  void while_it_retries_the_state_says_so_and_the_daemon_counts_as_running() throws Exception {
    FakeClock held = FakeClock.held();
    Opening opening =
        new Opening(() -> failingAt(1, new IOException("unplugged"), RATE_HZ), this::good);
    AcquisitionDaemon daemon = daemon(opening).clock(held).build();
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    held.awaitSleeper();
    assertEquals(new AcquisitionState(Phase.RETRYING, "unplugged", 1, 0, 0), daemon.state());
    assertEquals("retrying", daemon.state().phase().wireName());
    assertTrue(daemon.isRunning());
    assertEquals(1, daemon.frameCount());
    held.advance(Duration.ofMillis(120));
    assertEquals(4, Consumed.untilEnd(consumer).frames().size());
    daemon.close();
  }

  @Test
  @Tag("A3")
  @Tag("A8")
  void a_stop_while_retrying_ends_the_pause_at_once() throws Exception {
    FakeClock held = FakeClock.held();
    FakeSource source = failingAt(1, new IOException("unplugged"), RATE_HZ);
    Opening opening = new Opening(() -> source);
    AcquisitionDaemon daemon = daemon(opening).clock(held).build();
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    held.awaitSleeper();
    daemon.stop();
    assertEquals(Phase.STOPPED, daemon.state().phase());
    assertFalse(source.reader().isAlive());
    assertEquals(1, opening.opened());
    assertEquals("stopped", Consumed.untilEnd(consumer).end());
  }

  @Test
  @Tag("A3")
  @Tag("A8")
  void a_stop_ends_a_blocked_read_of_the_source_that_came_back() throws Exception {
    FakeSource back = FakeSource.live("microphone", RATE_HZ, (self, _, _) -> self.block());
    Opening opening =
        new Opening(() -> failingAt(1, new IOException("unplugged"), RATE_HZ), () -> back);
    AcquisitionDaemon daemon = daemon(opening).build();
    daemon.start();
    back.awaitBlocked();
    daemon.stop();
    assertTrue(back.isClosed());
    assertFalse(back.reader().isAlive());
    assertEquals(1, daemon.state().errors());
  }

  @Test
  @Tag("A3")
  @Tag("A8")
  void a_source_that_opens_during_the_stop_is_closed_again() throws Exception {
    CountDownLatch opens = new CountDownLatch(1);
    CountDownLatch mayOpen = new CountDownLatch(1);
    FakeSource late = FakeSource.live("late", RATE_HZ, (self, _, _) -> self.block());
    Opening opening =
        new Opening(
            () -> failingAt(1, new IOException("unplugged"), RATE_HZ),
            () -> {
              opens.countDown();
              boolean interrupted = false;
              while (mayOpen.getCount() > 0) {
                try {
                  mayOpen.await();
                } catch (InterruptedException e) {
                  interrupted = true;
                }
              }
              assertTrue(interrupted);
              return late;
            });
    AcquisitionDaemon daemon = daemon(opening).build();
    daemon.start();
    opens.await();
    Thread stopping = Thread.ofPlatform().start(daemon::stop);
    awaitJoining(stopping);
    mayOpen.countDown();
    stopping.join();
    assertTrue(late.isClosed());
    assertEquals(Phase.STOPPED, daemon.state().phase());
  }

  @Test
  @Tag("A8")
  @Tag("B27")
  void a_handler_that_breaks_does_not_end_the_acquisition() throws Exception {
    AtomicInteger called = new AtomicInteger();
    Opening opening =
        new Opening(
            () -> failingAt(1, new IOException("unplugged"), RATE_HZ),
            () -> failingToOpen(new IOException("unplugged")),
            this::good);
    AcquisitionDaemon daemon =
        daemon(opening)
            .errorHandler(_ -> {
              called.incrementAndGet();
              throw new IllegalStateException("broken handler");
            })
            .build();
    assertEquals(4, run(daemon).frames().size());
    assertEquals(2, called.get());
  }

  @ParameterizedTest
  @Tag("A3")
  @Tag("B27")
  @ValueSource(booleans = {false, true})
  void a_handler_may_stop_the_daemon_even_while_another_thread_stops_it(boolean anotherToo)
      throws Exception {
    AtomicReference<AcquisitionDaemon> self = new AtomicReference<>();
    AtomicReference<Thread> other = new AtomicReference<>();
    FakeSource source = failingAt(1, new IOException("unplugged"), RATE_HZ);
    AcquisitionDaemon daemon =
        daemon(() -> source)
            .errorHandler(_ -> {
              if (anotherToo) {
                Thread stopping = Thread.ofPlatform().start(self.get()::stop);
                other.set(stopping);
                awaitJoining(stopping);
              }
              try {
                self.get().start();
              } catch (IOException e) {
                throw new AssertionError("a start while running only warns", e);
              }
              self.get().stop();
            })
            .build();
    self.set(daemon);
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    assertEquals("stopped", Consumed.untilEnd(consumer).end());
    source.reader().join();
    assertEquals(Phase.STOPPED, daemon.state().phase());
    if (anotherToo) {
      other.get().join();
    }
    daemon.close();
  }

  @Test
  @Tag("A8")
  @Tag("B13")
  void an_error_of_the_machine_ends_the_run_visibly_and_lets_it_start_again() throws Exception {
    Opening opening =
        new Opening(
            () ->
                FakeSource.live(
                    "microphone",
                    RATE_HZ,
                    (_, _, _) -> {
                      throw new OutOfMemoryError("for this test");
                    }),
            this::good);
    AcquisitionDaemon daemon = daemon(opening).build();
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    assertTrue(Consumed.untilEnd(consumer).end().contains("for this test"));
    assertTrue(daemon.state().error().contains("for this test"));
    assertFalse(daemon.isRunning());
    assertEquals(Phase.ERROR, daemon.state().phase());
    TransitionException refused = assertThrows(TransitionException.class, daemon::start);
    assertEquals(
        "the acquisition is error and can't become starting, allowed: stopped",
        refused.getMessage());
    daemon.reset();
    daemon.start();
    assertEquals(3, Consumed.untilEnd(consumer).frames().size());
    daemon.close();
  }

  private static void assertGrowing(List<Duration> pauses, int count) {
    assertEquals(count, pauses.size());
    double nominal = BASE_MILLIS;
    int failed = 0;
    for (Duration pause : pauses) {
      if (failed < RecoveryConfig.DEFAULT.attempts() || nominal > OPEN_MILLIS) {
        assertPause(nominal, pause);
      } else {
        assertTrue(pause.toMillis() >= OPEN_MILLIS, pause::toString);
      }
      failed++;
      nominal = Math.min(2 * nominal, CAP_MILLIS);
    }
    assertEquals(CAP_MILLIS, nominal);
  }

  /// Jitter is a fifth.
  private static void assertPause(double nominalMillis, Duration pause) {
    assertEquals(nominalMillis, pause.toNanos() / 1e6, 0.2 * nominalMillis + 1);
  }

  /// Waits until a thread that stops a daemon waits for the daemon's thread.
  private static void awaitJoining(Thread stopping) {
    while (stopping.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  /// Opens something else each time.
  private static final class Opening implements AudioSource.Opener {
    private final List<AudioSource.Opener> script;
    private final AtomicInteger opened = new AtomicInteger();

    Opening(AudioSource.Opener... script) {
      this.script = List.of(script);
    }

    @Override
    public AudioSource open() throws IOException {
      return script.get(opened.getAndIncrement()).open();
    }

    int opened() {
      return opened.get();
    }
  }

  private AcquisitionDaemon over(FakeSource source) {
    return daemon(() -> source).build();
  }

  private AcquisitionDaemon.Builder daemon(AudioSource.Opener opener) {
    return AcquisitionDaemon.builder().source(opener).clock(clock);
  }

  /// Three frames and the end.
  private FakeSource good() {
    return FakeSource.live("microphone", RATE_HZ, FakeSource.reads(3));
  }

  private static FakeSource failingAt(int failing, Exception how, int rateHz) {
    return FakeSource.live(
        "microphone",
        rateHz,
        (self, read, sampleCount) -> read == failing ? failing(how) : self.samples(sampleCount));
  }

  private static FakeSource failingToOpen(Exception how) throws IOException {
    failing(how);
    throw new AssertionError("not reached");
  }

  private static SourceRead failing(Exception how) throws IOException {
    if (how instanceof IOException io) {
      throw io;
    }
    throw new IllegalStateException(how);
  }

  private static AudioSource breakingAtClose(AudioSource source) {
    return new AudioSource() {
      @Override
      public String name() {
        return source.name();
      }

      @Override
      public int sampleRateHz() {
        return source.sampleRateHz();
      }

      @Override
      public boolean live() {
        return source.live();
      }

      @Override
      public boolean simulated() {
        return source.simulated();
      }

      @Override
      public SourceRead read(int sampleCount) throws IOException {
        return source.read(sampleCount);
      }

      @Override
      public void close() {
        throw new IllegalStateException("close is broken");
      }
    };
  }

  /// Runs the daemon until the end of its source.
  private static Consumed run(AcquisitionDaemon daemon) throws Exception {
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    Consumed consumed = Consumed.untilEnd(consumer);
    daemon.close();
    return consumed;
  }
}
