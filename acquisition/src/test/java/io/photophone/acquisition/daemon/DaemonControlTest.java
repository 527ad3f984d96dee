package io.photophone.acquisition.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.daemon.AcquisitionState.Phase;
import io.photophone.acquisition.daemon.DaemonCommand.ChangeTargetFps;
import io.photophone.acquisition.daemon.DaemonCommand.GetStats;
import io.photophone.acquisition.daemon.DaemonCommand.Start;
import io.photophone.acquisition.daemon.DaemonCommand.Stop;
import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.source.SourceRead;
import io.photophone.acquisition.stream.AudioStreamConsumer;
import io.photophone.acquisition.stream.FakeClock;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.DropReason;
import io.photophone.channels.RequestException;
import io.photophone.model.AudioFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("B9")
@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
final class DaemonControlTest {
  private static final int RATE_HZ = 48_000;
  private static final Duration LONG = Duration.ofMinutes(1);

  static final List<Throwable> FAILURES =
      List.of(
          new IOException("no microphone called X"),
          new IllegalStateException("the driver broke"),
          new NoClassDefFoundError("javax/sound/sampled/AudioSystem"));

  /// Every source that was opened.
  private final List<FakeSource> sources = new CopyOnWriteArrayList<>();

  /// What opens the next one.
  private final AtomicReference<AudioSource.Opener> opener =
      new AtomicReference<>(() -> opened(blocking()));

  private final AcquisitionDaemon daemon =
      AcquisitionDaemon.builder()
          .source(() -> opener.get().open())
          .clock(FakeClock.movedBySleepers())
          .build();
  private final DaemonControl control = new DaemonControl("cell/commands", daemon);

  @AfterEach
  void nothing_stays_open() {
    control.close();
    daemon.close();
    assertFalse(daemon.isRunning());
    assertTrue(sources.stream().allMatch(FakeSource::isClosed));
    assertEquals(0, control.channel().stats().pending());
  }

  @Test
  void a_start_publishes_and_is_answered_when_the_source_is_open() throws Exception {
    opener.set(() ->
        opened(
            FakeSource.live(
                "microphone",
                RATE_HZ,
                (source, read, sampleCount) ->
                    read < 3 ? source.samples(sampleCount) : source.block())));
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    DaemonStats started = ask(new Start()).get();
    assertTrue(daemon.isRunning());
    assertEquals(30, started.targetFps());
    for (int number = 0; number < 3; number++) {
      assertEquals(number, Consumed.frame(consumer).frameNumber());
    }
    sources.getFirst().awaitBlocked();
    DaemonStats running = ask(new GetStats()).get();
    assertEquals(Phase.RUNNING, running.state().phase());
    assertEquals(3, running.frameCount());
    assertEquals(3, running.stream().totalFrames());
    assertEquals(RATE_HZ, running.stream().sampleRateHz());
  }

  @Test
  void a_stop_is_answered_when_the_acquisition_has_ended() throws Exception {
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    ask(new Start()).get();
    DaemonStats stopped = ask(new Stop()).get();
    assertEquals(Phase.STOPPED, stopped.state().phase());
    assertEquals(0, stopped.state().errors());
    assertTrue(sources.getFirst().isClosed());
    assertEquals("stopped", Consumed.untilEnd(consumer).end());
  }

  @Test
  void a_second_start_and_a_second_stop_do_nothing() throws Exception {
    ask(new Start()).get();
    ask(new Start()).get();
    assertEquals(1, sources.size());
    ask(new Stop()).get();
    assertEquals(Phase.STOPPED, ask(new Stop()).get().state().phase());
  }

  @ParameterizedTest
  @CsvSource({"10, 4800", "1000, 48", "29.97, 1601", "0.1, 480000"})
  void another_frame_rate_cuts_other_frames_from_the_next_one_on_without_gap_or_overlap(
      double fps, int samples) throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch changed = new CountDownLatch(1);
    opener.set(() ->
        opened(
            FakeSource.live(
                "microphone",
                RATE_HZ,
                (source, read, sampleCount) -> {
                  if (read == 3) {
                    reading.countDown();
                    await(changed);
                  }
                  return read < 8 ? source.samples(sampleCount) : new SourceRead.End();
                })));
    AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
    ask(new Start()).get();
    reading.await();
    assertEquals(fps, ask(new ChangeTargetFps(fps)).get().targetFps());
    changed.countDown();
    List<AudioFrame> frames = Consumed.untilEnd(consumer).frames();
    assertEquals(8, frames.size());
    long next = 0;
    for (int number = 0; number < 8; number++) {
      AudioFrame frame = frames.get(number);
      assertEquals(number, frame.frameNumber());
      assertEquals(next, frame.firstSampleIndex());
      assertEquals(next, (long) frame.channelA()[0], "what the source gave");
      int shortest = number < 4 ? 1600 : samples;
      int longest = number < 4 ? 1600 : (int) Math.ceil(RATE_HZ / fps);
      assertTrue(shortest <= frame.length() && frame.length() <= longest, frame::toString);
      next = frame.endSampleIndex();
    }
    assertEquals(0, daemon.state().lostSamples());
  }

  @Test
  void a_frame_rate_that_is_changed_while_nothing_runs_holds_for_the_next_start() throws Exception {
    assertEquals(
        Phase.STOPPED, ask(new ChangeTargetFps(100)).get().state().phase(), "nothing was started");
    ask(new Start()).get();
    sources.getFirst().awaitBlocked();
    assertEquals(List.of(480), sources.getFirst().asked());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1e-3, 1e-5, 1e-300, Double.MIN_VALUE})
  void a_frame_rate_near_zero_asks_for_frames_of_ten_seconds(double fps) throws Exception {
    ask(new ChangeTargetFps(fps)).get();
    ask(new Start()).get();
    sources.getFirst().awaitBlocked();
    assertEquals(List.of(480_000), sources.getFirst().asked());
  }

  @Test
  void statistics_change_nothing() throws Exception {
    DaemonStats stats = ask(new GetStats()).get();
    assertEquals(
        new DaemonStats(daemon.state(), daemon.stream().stats(), daemon.targetFps(), 0), stats);
    assertEquals(Phase.STOPPED, stats.state().phase());
    assertTrue(sources.isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "NaN, NaN",
    "0, 0",
    "-0.0, 0",
    "-1, -1",
    "1000.0000000000001, 1000.0000000000001",
    "Infinity, Infinity",
    "-Infinity, -Infinity"
  })
  void a_frame_rate_out_of_range_is_refused_with_its_value_and_what_is_allowed(
      double fps, String shown) {
    assertEquals(
        "target_fps is " + shown + ", allowed: (0, 1000]",
        assertThrows(IllegalArgumentException.class, () -> new ChangeTargetFps(fps)).getMessage());
  }

  @ParameterizedTest
  @FieldSource("FAILURES")
  void a_failed_start_is_answered_with_its_failure_and_the_next_command_is_carried_out(
      Throwable failure) throws Exception {
    AudioSource.Opener working = opener.get();
    opener.set(() -> {
      switch (failure) {
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new AssertionError(failure);
      }
    });
    assertSame(
        failure,
        assertInstanceOf(RequestException.Failed.class, failure(ask(new Start()))).getCause());
    assertEquals(Phase.STOPPED, ask(new GetStats()).get().state().phase());
    opener.set(working);
    ask(new Start()).get();
    assertTrue(daemon.isRunning());
  }

  @Test
  void a_command_whose_deadline_passes_before_its_turn_is_not_carried_out() throws Exception {
    Gate gate = new Gate();
    CompletableFuture<DaemonStats> start = ask(new Start());
    gate.awaitEntered();
    CompletableFuture<DaemonStats> late =
        control.ask(new ChangeTargetFps(10), Duration.ofMillis(1));
    assertInstanceOf(RequestException.TimedOut.class, failure(late));
    gate.open();
    start.get();
    assertEquals(30, ask(new GetStats()).get().targetFps());
    assertEquals(1L, control.channel().stats().dropped().get(DropReason.EXPIRED));
  }

  @Test
  void a_command_that_takes_longer_than_its_deadline_is_answered_at_its_deadline()
      throws Exception {
    Gate gate = new Gate();
    CompletableFuture<DaemonStats> start = control.ask(new Start(), Duration.ofMillis(1));
    assertInstanceOf(RequestException.TimedOut.class, failure(start));
    gate.open();
    ask(new GetStats()).get();
  }

  @Test
  void no_more_commands_wait_than_the_capacity_and_later_there_is_room_again() throws Exception {
    Gate gate = new Gate();
    List<CompletableFuture<DaemonStats>> taken = new ArrayList<>();
    taken.add(ask(new Start()));
    gate.awaitEntered();
    for (int i = 1; i < DaemonControl.CAPACITY; i++) {
      taken.add(ask(new GetStats()));
    }
    assertInstanceOf(RequestException.Full.class, failure(ask(new Stop())));
    assertTrue(taken.stream().noneMatch(CompletableFuture::isDone));
    gate.open();
    for (CompletableFuture<DaemonStats> command : taken) {
      command.get();
    }
    assertTrue(daemon.isRunning(), "the refused stop was not carried out");
    ask(new Stop()).get();
    assertFalse(daemon.isRunning());
  }

  @Test
  void a_stop_goes_before_commands_that_wait_and_statistics_come_last() throws Exception {
    Gate gate = new Gate();
    CompletableFuture<DaemonStats> _ = ask(new Start());
    gate.awaitEntered();
    CompletableFuture<DaemonStats> statistics = ask(new GetStats());
    CompletableFuture<DaemonStats> change = ask(new ChangeTargetFps(10));
    CompletableFuture<DaemonStats> start = ask(new Start());
    CompletableFuture<DaemonStats> stop = ask(new Stop());
    gate.open();
    assertEquals(List.of(false, 30.0), runningAtFps(stop), "before the change");
    assertEquals(List.of(false, 10.0), runningAtFps(change), "after the stop, before the start");
    assertEquals(List.of(true, 10.0), runningAtFps(start), "after the change");
    assertEquals(List.of(true, 10.0), runningAtFps(statistics), "after the start");
    assertEquals(2, sources.size(), "the second start opened the source anew");
  }

  private static List<Object> runningAtFps(CompletableFuture<DaemonStats> answer) throws Exception {
    DaemonStats stats = answer.get();
    return List.of(stats.state().phase() != Phase.STOPPED, stats.targetFps());
  }

  @Test
  void close_tells_those_that_wait_and_waits_for_the_command_in_work() throws Exception {
    Gate gate = new Gate();
    CompletableFuture<DaemonStats> inWork = ask(new Start());
    Thread thread = gate.awaitEntered();
    CompletableFuture<DaemonStats> waiting = ask(new ChangeTargetFps(10));
    Thread closing = Thread.ofVirtual().start(control::close);
    assertInstanceOf(RequestException.Closed.class, failure(waiting));
    assertInstanceOf(RequestException.Closed.class, failure(inWork));
    assertInstanceOf(RequestException.Closed.class, failure(ask(new GetStats())));
    assertTrue(thread.isAlive());
    assertTrue(closing.isAlive());
    gate.open();
    closing.join();
    assertFalse(thread.isAlive());
    assertTrue(daemon.isRunning(), "what was in work is done, and the daemon is its owner's");
    assertEquals(30, daemon.targetFps(), "what waited is not");
    control.close();
  }

  @Test
  @Tag("E1")
  void an_interrupted_closer_waits_still_and_stays_interrupted() throws Exception {
    Gate gate = new Gate();
    CompletableFuture<DaemonStats> _ = ask(new Start());
    Thread thread = gate.awaitEntered();
    assertEquals("acquisition commands", thread.getName());
    gate.open();
    Thread.currentThread().interrupt();
    control.close();
    assertTrue(Thread.interrupted());
    assertFalse(thread.isAlive());
  }

  @Test
  void commands_of_many_threads_are_each_answered_once_and_leave_no_source_open() throws Exception {
    int threads = 8;
    int rounds = 25;
    List<DaemonCommand> commands =
        List.of(new Start(), new GetStats(), new Stop(), new ChangeTargetFps(50), new Start());
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Integer>> askers =
          IntStream.range(0, threads)
              .mapToObj(thread ->
                  executor.submit(() -> {
                    int answered = 0;
                    for (int i = 0; i < rounds; i++) {
                      ask(commands.get((thread + i) % commands.size())).get();
                      answered++;
                    }
                    return answered;
                  }))
              .toList();
      for (Future<Integer> asker : askers) {
        assertEquals(rounds, asker.get());
      }
    }
    DaemonStats last = ask(new Stop()).get();
    assertEquals(Phase.STOPPED, last.state().phase());
    assertEquals(0, last.state().errors());
    assertEquals(50, last.targetFps());
    assertTrue(sources.stream().allMatch(FakeSource::isClosed));
    assertEquals(threads * rounds + 1, control.channel().stats().sent());
    assertEquals("cell/commands", control.channel().name());
  }

  private CompletableFuture<DaemonStats> ask(DaemonCommand command) {
    return control.ask(command, LONG);
  }

  private static Throwable failure(CompletableFuture<?> future) {
    return assertThrows(ExecutionException.class, future::get).getCause();
  }

  private FakeSource opened(FakeSource source) {
    sources.add(source);
    return source;
  }

  private static FakeSource blocking() {
    return FakeSource.live("microphone", RATE_HZ, (source, _, _) -> source.block());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Holds a start back while it opens its source.
  private final class Gate {
    private final CompletableFuture<Thread> entered = new CompletableFuture<>();
    private final CountDownLatch opened = new CountDownLatch(1);

    Gate() {
      AudioSource.Opener then = opener.get();
      opener.set(() -> {
        entered.complete(Thread.currentThread());
        await(opened);
        return then.open();
      });
    }

    /// @return the thread that carries out commands
    Thread awaitEntered() throws Exception {
      return entered.get();
    }

    void open() {
      opened.countDown();
    }
  }
}
