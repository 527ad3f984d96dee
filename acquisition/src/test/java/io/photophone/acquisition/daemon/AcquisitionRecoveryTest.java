package io.photophone.acquisition.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.daemon.AcquisitionState.Phase;
import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.stream.AudioStreamConsumer;
import io.photophone.acquisition.stream.FakeClock;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.model.AudioFrame;
import io.photophone.model.BreakerState;
import io.photophone.model.StreamingException;
import io.photophone.model.SystemEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The breaker, the watchdog, and what is told of both.
@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
final class AcquisitionRecoveryTest {
  private static final int RATE_HZ = 48_000;

  private final List<SystemEvent> events = new CopyOnWriteArrayList<>();

  @Test
  @Tag("B25")
  @Tag("B11")
  void every_change_of_the_breaker_is_an_event() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    AcquisitionDaemon daemon =
        daemon(
                FakeClock.movedBySleepers(),
                () ->
                    switch (opened.getAndIncrement()) {
                      case 0 -> failing();
                      case 1, 2, 3, 4 -> throw new IOException("still unplugged");
                      default -> good();
                    })
            .build();
    run(daemon);
    assertEquals(
        List.of(
            "closed open",
            "open half_open",
            "half_open open",
            "open half_open",
            "half_open closed"),
        breakerChanges());
    assertEquals(BreakerState.CLOSED, daemon.state().breaker());
  }

  @Test
  @Tag("B25")
  void a_probe_that_a_stop_cancels_counts_as_failed() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    FakeSource probe = FakeSource.live("probe", RATE_HZ, (self, _, _) -> self.block());
    AcquisitionDaemon daemon =
        daemon(
                FakeClock.movedBySleepers(),
                () ->
                    switch (opened.getAndIncrement()) {
                      case 0 -> failing();
                      case 1, 2, 3 -> throw new IOException("still unplugged");
                      default -> probe;
                    })
            .build();
    daemon.start();
    probe.awaitBlocked();
    assertEquals(BreakerState.HALF_OPEN, daemon.state().breaker());
    daemon.stop();
    assertEquals(BreakerState.OPEN, daemon.state().breaker());
    assertEquals("half_open open", breakerChanges().getLast());
    assertEquals(Phase.STOPPED, daemon.state().phase());
  }

  @Test
  @Tag("B24")
  void attempts_that_take_longer_than_the_deadline_open_the_breaker() throws Exception {
    FakeClock clock = FakeClock.movedBySleepers();
    AtomicInteger opened = new AtomicInteger();
    AcquisitionDaemon daemon =
        daemon(
                clock,
                () ->
                    switch (opened.getAndIncrement()) {
                      case 0 -> failing();
                      case 1 -> {
                        clock.advance(Duration.ofSeconds(31));
                        throw new IOException("still unplugged");
                      }
                      default -> good();
                    })
            .build();
    run(daemon);
    assertEquals(List.of("closed open", "open half_open", "half_open closed"), breakerChanges());
    assertTrue(clock.sleeps().getLast().toMillis() >= 5000, () -> clock.sleeps().toString());
  }

  @Test
  @Tag("B13")
  @Tag("B23")
  void a_failure_that_trying_again_cannot_mend_ends_in_error_and_a_reset_leads_out()
      throws Exception {
    AtomicInteger opened = new AtomicInteger();
    AcquisitionDaemon daemon =
        daemon(
                FakeClock.movedBySleepers(),
                () ->
                    switch (opened.getAndIncrement()) {
                      case 0 -> failing();
                      case 1 -> throw new StreamingException.Configuration("no channel 3", null);
                      default -> good();
                    })
            .build();
    assertEquals("acquisition failed: no channel 3", run(daemon, 1).getLast().end());
    AcquisitionState state = daemon.state();
    assertEquals(Phase.ERROR, state.phase());
    assertEquals("acquisition failed: no channel 3", state.error());
    daemon.stop();
    assertEquals(Phase.ERROR, daemon.state().phase());
    assertThrows(TransitionException.class, daemon::start);
    daemon.reset();
    assertEquals(Phase.STOPPED, daemon.state().phase());
    assertThrows(TransitionException.class, daemon::reset);
    run(daemon);
  }

  @Test
  @Tag("A8")
  @Tag("B11")
  void a_source_that_hangs_is_told_closed_and_opened_anew() throws Exception {
    FakeClock clock = FakeClock.movedBySleepers();
    FakeSource hanging = FakeSource.live("microphone", RATE_HZ, (self, _, _) -> self.block());
    AtomicInteger opened = new AtomicInteger();
    AcquisitionDaemon daemon =
        daemon(clock, () -> opened.getAndIncrement() == 0 ? hanging : good()).build();
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    hanging.awaitBlocked();
    clock.advance(Duration.ofSeconds(10));
    daemon.checkSource();
    assertEquals(0, daemon.state().stalls());
    clock.advance(Duration.ofMillis(1));
    daemon.checkSource();
    assertEquals(1, daemon.state().stalls());
    assertEquals(3, Consumed.untilEnd(consumer).frames().size());
    daemon.checkSource();
    assertEquals(1, daemon.state().stalls());
    List<StreamingException> told = errors();
    assertInstanceOf(StreamingException.TimedOut.class, told.getFirst());
    assertEquals("microphone has not answered for more than 10.0 s", told.getFirst().getMessage());
    daemon.close();
  }

  @Test
  @Tag("A8")
  void a_source_that_even_a_close_does_not_wake_stays_stalled_visibly() throws Exception {
    FakeClock clock = FakeClock.movedBySleepers();
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch lets = new CountDownLatch(1);
    FakeSource deaf =
        FakeSource.live(
            "microphone",
            RATE_HZ,
            (self, read, sampleCount) -> {
              reading.countDown();
              await(lets);
              return FakeSource.reads(2).read(self, read, sampleCount);
            });
    AcquisitionDaemon daemon = daemon(clock, () -> deaf).build();
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    reading.await();
    clock.advance(Duration.ofSeconds(11));
    daemon.checkSource();
    daemon.checkSource();
    assertEquals(Phase.STALLED, daemon.state().phase());
    assertEquals("stalled", daemon.state().phase().wireName());
    assertEquals(1, daemon.state().stalls());
    assertTrue(daemon.isRunning());
    lets.countDown();
    assertEquals(2, Consumed.untilEnd(consumer).frames().size());
    daemon.close();
  }

  @ParameterizedTest
  @Tag("A11")
  @CsvSource({"3600, 1, 3600.0", "-3600, 1, -3600.0", "0.1, 0, 0"})
  void a_step_of_the_wall_clock_is_noted_and_the_frames_keep_their_order(
      double stepSeconds, int noted, double told) throws Exception {
    FakeClock clock = FakeClock.movedBySleepers();
    FakeSource source =
        FakeSource.paced(
            "file",
            RATE_HZ,
            (self, read, sampleCount) -> {
              if (read == 3) {
                clock.stepWallClock(Duration.ofMillis((long) (stepSeconds * 1000)));
              }
              return FakeSource.reads(6).read(self, read, sampleCount);
            });
    AcquisitionDaemon daemon = daemon(clock, () -> source).build();
    List<AudioFrame> frames = run(daemon, 1).getFirst().frames();
    assertEquals(6, frames.size());
    for (int i = 1; i < frames.size(); i++) {
      assertTrue(
          frames.get(i).captured().monotonicNanos()
              > frames.get(i - 1).captured().monotonicNanos());
    }
    assertEquals(noted, daemon.state().clockSteps());
    List<SystemEvent.ClockStepped> steps =
        events.stream()
            .filter(SystemEvent.ClockStepped.class::isInstance)
            .map(SystemEvent.ClockStepped.class::cast)
            .toList();
    assertEquals(noted, steps.size());
    if (noted > 0) {
      assertEquals(told, steps.getFirst().seconds(), 1e-6);
    }
  }

  @Test
  @Tag("A10")
  @Tag("B11")
  void a_run_is_told_from_its_start_to_its_end() throws Exception {
    AcquisitionDaemon daemon = daemon(FakeClock.movedBySleepers(), this::good).build();
    run(daemon);
    assertEquals(2, events.size(), events::toString);
    SystemEvent.AudioStreamStarted started =
        assertInstanceOf(SystemEvent.AudioStreamStarted.class, events.getFirst());
    assertEquals("cell-1", started.instrument());
    assertEquals("microphone", started.source());
    assertEquals(RATE_HZ, started.sampleRateHz());
    SystemEvent.AudioStreamStopped stopped =
        assertInstanceOf(SystemEvent.AudioStreamStopped.class, events.getLast());
    assertEquals("end of microphone", stopped.reason());
    assertEquals("audio_stream_stopped", stopped.wireName());
  }

  @Test
  @Tag("B13")
  void a_stop_gives_up_a_start_that_hangs_while_it_opens_the_source() throws Exception {
    CompletableFuture<Thread> opening = new CompletableFuture<>();
    FakeSource late = FakeSource.live("late", RATE_HZ, (self, _, _) -> self.block());
    AcquisitionDaemon daemon =
        daemon(
                FakeClock.movedBySleepers(),
                () -> {
                  opening.complete(Thread.currentThread());
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  return late;
                })
            .build();
    try (DaemonControl control = new DaemonControl("cell/commands", daemon)) {
      CompletableFuture<DaemonStats> start =
          control.ask(new DaemonCommand.Start(), Duration.ofMinutes(1));
      opening.get();
      assertEquals(Phase.STARTING, daemon.state().phase());
      DaemonStats stopped = control.ask(new DaemonCommand.Stop(), Duration.ofMinutes(1)).get();
      assertEquals(Phase.STOPPED, stopped.state().phase());
      assertEquals(Phase.STOPPED, start.get().state().phase());
      assertTrue(late.isClosed());
      assertFalse(opening.get().isInterrupted());
      assertNull(daemon.state().error());
      assertEquals(
          Phase.STOPPED,
          control.ask(new DaemonCommand.GetStats(), Duration.ofMinutes(1)).get().state().phase(),
          "the thread of the commands lives on");
    }
  }

  private List<String> breakerChanges() {
    return events.stream()
        .filter(SystemEvent.BreakerChanged.class::isInstance)
        .map(SystemEvent.BreakerChanged.class::cast)
        .map(change -> change.from().wireName() + " " + change.to().wireName())
        .toList();
  }

  private List<StreamingException> errors() {
    return events.stream()
        .filter(SystemEvent.ErrorOccurred.class::isInstance)
        .map(event -> ((SystemEvent.ErrorOccurred) event).error())
        .toList();
  }

  private AcquisitionDaemon.Builder daemon(FakeClock clock, AudioSource.Opener opener) {
    return AcquisitionDaemon.builder().source(opener).clock(clock).events("cell-1", events::add);
  }

  private FakeSource good() {
    return FakeSource.live("microphone", RATE_HZ, FakeSource.reads(3));
  }

  /// Delivers once and fails.
  private static FakeSource failing() {
    return FakeSource.live(
        "microphone",
        RATE_HZ,
        (self, read, sampleCount) -> {
          if (read == 1) {
            throw new IOException("unplugged");
          }
          return self.samples(sampleCount);
        });
  }

  private static void await(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void run(AcquisitionDaemon daemon) throws Exception {
    run(daemon, 1);
    daemon.close();
  }

  /// Runs the daemon until so many ends of its source.
  private static List<Consumed> run(AcquisitionDaemon daemon, int ends) throws Exception {
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    daemon.start();
    List<Consumed> consumed = new ArrayList<>();
    for (int i = 0; i < ends; i++) {
      consumed.add(Consumed.untilEnd(consumer));
    }
    return consumed;
  }
}
