package io.photophone.acquisition.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.stream.AudioStreamConsumer.Next;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.model.AudioFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
final class SharedAudioStreamTest {
  private static final int RATE_HZ = 48_000;

  private final FakeClock clock = FakeClock.movedBySleepers();

  @Test
  @Tag("A1")
  void a_second_producer_is_refused_with_both_names_until_the_first_has_left() {
    SharedAudioStream stream = stream(10);
    SharedAudioStream.Publisher first = stream.attach("cell 1");
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> stream.attach("cell 2"));
    assertTrue(refusal.getMessage().contains("cell 1"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("cell 2"), refusal.getMessage());
    first.close();
    SharedAudioStream.Publisher second = stream.attach("cell 2");
    first.close();
    assertThrows(IllegalStateException.class, () -> stream.attach("cell 3"));
    second.close();
  }

  @Test
  @Tag("A1")
  void a_producer_that_has_left_can_publish_no_more() {
    SharedAudioStream stream = stream(10);
    SharedAudioStream.Publisher left = stream.attach("cell 1");
    left.close();
    assertThrows(IllegalStateException.class, () -> left.publish(frame(0)));
    SharedAudioStream.Publisher _ = stream.attach("cell 2");
    assertThrows(IllegalStateException.class, () -> left.publish(frame(0)));
    assertThrows(IllegalStateException.class, () -> left.end("gone"));
    assertEquals(0, stream.stats().totalFrames());
    assertTrue(stream.latestFrame().isEmpty());
  }

  /// The first producer's thread may take its time to end.
  @Test
  @Tag("A1")
  void a_producer_hands_over_to_another_thread_while_its_own_still_lives() throws Exception {
    SharedAudioStream stream = stream(10);
    AudioStreamConsumer consumer = stream.subscribe("test", Resume.OLDEST);
    CountDownLatch left = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Thread first =
        Thread.ofPlatform()
            .start(() -> {
              try (SharedAudioStream.Publisher publisher = stream.attach("cell 1")) {
                publisher.publish(frame(0));
              }
              left.countDown();
              awaitUninterruptibly(mayEnd);
            });
    left.await();
    try (SharedAudioStream.Publisher publisher = stream.attach("cell 2")) {
      publisher.publish(frame(1));
    }
    assertEquals(0, number(consumer));
    assertEquals(1, number(consumer));
    mayEnd.countDown();
    first.join();
  }

  @Test
  @Tag("A12")
  void every_consumer_gets_the_same_object() throws Exception {
    SharedAudioStream stream = stream(10);
    List<AudioStreamConsumer> consumers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      consumers.add(stream.subscribe("consumer " + i, Resume.OLDEST));
    }
    AudioFrame frame = frame(0);
    stream.attach("cell").publish(frame);
    assertSame(frame, stream.latestFrame().orElseThrow());
    for (AudioStreamConsumer consumer : consumers) {
      AudioFrame received = assertInstanceOf(Next.Frame.class, next(consumer)).frame();
      assertSame(frame, received);
      assertSame(frame.channelA(), received.channelA());
    }
  }

  @Test
  @Tag("A12")
  @Tag("A18")
  void a_consumer_that_takes_nothing_slows_neither_the_producer_nor_the_others() throws Exception {
    SharedAudioStream stream = stream(10);
    AudioStreamConsumer stalled = stream.subscribe("stalled", Resume.OLDEST);
    AudioStreamConsumer prompt = stream.subscribe("prompt", Resume.OLDEST);
    SharedAudioStream.Publisher publisher = stream.attach("cell");
    for (int i = 0; i < 1000; i++) {
      publisher.publish(frame(i));
      assertEquals(i, number(prompt));
    }
    assertEquals(990, assertInstanceOf(Next.Lagged.class, next(stalled)).missed());
    assertEquals(990, number(stalled));
  }

  @Test
  @Tag("A13")
  void to_publish_without_subscribers_is_no_error() {
    SharedAudioStream stream = stream(10);
    AudioFrame frame = frame(0);
    stream.attach("cell").publish(frame);
    assertSame(frame, stream.latestFrame().orElseThrow());
    assertEquals(1, stream.stats().totalFrames());
    assertEquals(0, stream.stats().activeSubscribers());
    assertEquals(0, stream.stats().droppedFrames());
  }

  @Test
  @Tag("A13")
  void no_reader_sees_statistics_older_than_the_frame_it_saw() throws Exception {
    int frames = 50_000;
    SharedAudioStream stream = stream(100);
    try (ExecutorService executor = Executors.newThreadPerTaskExecutor(Thread::new)) {
      AudioStreamConsumer consumer = stream.subscribe("test", Resume.NEWEST);
      Future<?> received =
          executor.submit(() -> {
            while (true) {
              switch (next(consumer)) {
                case Next.Frame(AudioFrame frame) -> {
                  assertTrue(stream.stats().totalFrames() > frame.frameNumber());
                  assertTrue(
                      stream.latestFrame().orElseThrow().frameNumber() >= frame.frameNumber());
                }
                case Next.Closed _ -> {
                  return null;
                }
                case Next.Lagged _, Next.Ended _, Next.TimedOut _ -> {}
              }
            }
          });
      Future<?> looked =
          executor.submit(() -> {
            long seen = -1;
            while (seen < frames - 1) {
              long number = stream.latestFrame().map(AudioFrame::frameNumber).orElse(-1L);
              long total = stream.stats().totalFrames();
              assertTrue(number >= seen);
              assertTrue(total > number, number + " was not counted in " + total);
              seen = number;
            }
            return null;
          });
      SharedAudioStream.Publisher publisher = stream.attach("cell");
      for (int i = 0; i < frames; i++) {
        publisher.publish(frame(i));
      }
      stream.close();
      received.get();
      looked.get();
    }
  }

  @Test
  @Tag("A14")
  void the_statistics_of_a_new_stream_are_zero_and_without_a_time() {
    assertEquals(new StreamStats(0, 0, 0, null, 0, 0, false, 0), stream(10).stats());
  }

  @Test
  @Tag("B28")
  void the_statistics_tell_whether_both_microphones_are_silent() {
    SharedAudioStream stream = stream(10);
    SharedAudioStream.Publisher publisher = stream.attach("cell");
    float faint = 1 / 32_768f;
    for (float sample : new float[] {0, faint, Float.NaN}) {
      publisher.publish(
          new AudioFrame(new float[] {0}, new float[] {sample}, RATE_HZ, 0, 0, clock.now()));
      assertEquals(sample == 0, stream.stats().silent(), "silence with a sample of " + sample);
    }
  }

  @Test
  @Tag("A14")
  void the_statistics_tell_frames_subscribers_rate_time_and_losses() throws Exception {
    SharedAudioStream stream = stream(10);
    AudioStreamConsumer slow = stream.subscribe("slow", Resume.OLDEST);
    stream.subscribe("hanging", Resume.OLDEST);
    SharedAudioStream.Publisher publisher = stream.attach("cell");
    for (int i = 0; i < 13; i++) {
      clock.advance(Duration.ofMillis(10));
      publisher.publish(frame(i));
    }
    next(slow);
    StreamStats stats = stream.stats();
    assertEquals(13, stats.totalFrames());
    assertEquals(2, stats.activeSubscribers());
    assertEquals(clock.now(), stats.lastUpdate());
    assertEquals(RATE_HZ, stats.sampleRateHz());
    assertEquals(6, stats.droppedFrames());
    assertEquals(2, stats.laggedConsumers());
    assertEquals(
        List.of("slow", "hanging"), stream.consumerStats().stream().map(s -> s.name()).toList());
  }

  /// The measured figures: after a minute, and after an hour.
  @ParameterizedTest
  @Tag("A14")
  @ValueSource(ints = {60, 3600})
  void a_stream_of_30_fps_shows_30_within_1_however_old_it_is(int seconds) {
    SharedAudioStream stream = stream(100);
    SharedAudioStream.Publisher publisher = stream.attach("cell");
    publishFor(publisher, seconds, 30);
    assertEquals(30, stream.stats().framesPerSecond(), 1);
  }

  @Test
  @Tag("A14")
  void the_rate_is_right_at_every_moment_and_never_grows() {
    SharedAudioStream stream = stream(100);
    SharedAudioStream.Publisher publisher = stream.attach("cell");
    for (int i = 0; i < 30 * 120; i++) {
      clock.advance(Duration.ofNanos(33_333_333));
      publisher.publish(frame(i));
      if (i > 30) {
        assertEquals(30, stream.stats().framesPerSecond(), 1, "after frame " + i);
      }
    }
  }

  @Test
  @Tag("A14")
  void the_rate_falls_to_0_when_the_stream_stalls_and_recovers() {
    SharedAudioStream stream = stream(100);
    SharedAudioStream.Publisher publisher = stream.attach("cell");
    publishFor(publisher, 60, 30);
    clock.advance(Duration.ofMillis(2500));
    assertEquals(15, stream.stats().framesPerSecond(), 1);
    clock.advance(Duration.ofMillis(2700));
    assertEquals(0, stream.stats().framesPerSecond());
    clock.advance(Duration.ofMillis(1300));
    assertEquals(0, stream.stats().framesPerSecond());
    clock.advance(Duration.ofHours(1));
    assertEquals(0, stream.stats().framesPerSecond());
    publishFor(publisher, 6, 30);
    assertEquals(30, stream.stats().framesPerSecond(), 1);
  }

  @Test
  @Tag("A14")
  void a_rate_that_changes_shows_within_the_window() {
    SharedAudioStream stream = stream(100);
    SharedAudioStream.Publisher publisher = stream.attach("cell");
    publishFor(publisher, 20, 30);
    publishFor(publisher, 6, 200);
    assertEquals(200, stream.stats().framesPerSecond(), 3);
    publishFor(publisher, 6, 1);
    assertEquals(1, stream.stats().framesPerSecond(), 0.3);
  }

  @Test
  @Tag("A14")
  void a_consumer_that_leaves_takes_its_count_of_missed_frames_into_the_totals() throws Exception {
    SharedAudioStream stream = stream(10);
    AudioStreamConsumer consumer = stream.subscribe("slow", Resume.OLDEST);
    SharedAudioStream.Publisher publisher = stream.attach("cell");
    for (int i = 0; i < 25; i++) {
      publisher.publish(frame(i));
    }
    assertEquals(15, assertInstanceOf(Next.Lagged.class, next(consumer)).missed());
    consumer.close();
    consumer.close();
    assertEquals(15, stream.stats().droppedFrames());
    assertEquals(0, stream.stats().laggedConsumers());
    assertEquals(0, stream.stats().activeSubscribers());
  }

  /// One that hangs and never receives again is the one that the statistics must show.
  @Test
  @Tag("A14")
  void frames_lost_to_a_consumer_that_hangs_are_counted_before_it_finds_out() {
    SharedAudioStream stream = stream(10);
    AudioStreamConsumer hanging = stream.subscribe("hanging", Resume.OLDEST);
    SharedAudioStream.Publisher publisher = stream.attach("cell");
    for (int i = 0; i < 25; i++) {
      publisher.publish(frame(i));
      assertEquals(Math.max(0, i + 1 - 10), stream.stats().droppedFrames());
      assertEquals(i + 1 > 10 ? 1 : 0, stream.stats().laggedConsumers());
    }
    hanging.close();
    assertEquals(15, stream.stats().droppedFrames());
    publisher.publish(frame(25));
    assertEquals(15, stream.stats().droppedFrames());
  }

  @ParameterizedTest
  @Tag("A16")
  @ValueSource(ints = {1, 3, 10, 100, 1000})
  void a_consumer_may_be_behind_by_the_buffer_as_configured_and_by_no_frame_more(int buffer)
      throws Exception {
    SharedAudioStream stream = stream(buffer);
    assertEquals(buffer, stream.bufferFrames());
    AudioStreamConsumer consumer = stream.subscribe("test", Resume.OLDEST);
    SharedAudioStream.Publisher publisher = stream.attach("cell");
    for (int i = 0; i < buffer; i++) {
      publisher.publish(frame(i));
    }
    assertEquals(buffer, consumer.pending());
    assertEquals(0, number(consumer));
    publisher.publish(frame(buffer));
    assertEquals(1, number(consumer));
    publisher.publish(frame(buffer + 1));
    publisher.publish(frame(buffer + 2));
    assertEquals(1, assertInstanceOf(Next.Lagged.class, next(consumer)).missed());
    assertEquals(3, number(consumer));
    assertEquals(buffer - 1, consumer.pending());
  }

  @Test
  @Tag("A17")
  void a_new_subscriber_may_ask_for_the_latest_frame_first() throws Exception {
    SharedAudioStream stream = stream(10);
    AudioStreamConsumer early = stream.subscribeFromLatest("early", Resume.OLDEST);
    assertInstanceOf(Next.TimedOut.class, poll(early));
    SharedAudioStream.Publisher publisher = stream.attach("cell");
    publisher.publish(frame(0));
    publisher.publish(frame(1));
    AudioStreamConsumer late = stream.subscribeFromLatest("late", Resume.OLDEST);
    AudioStreamConsumer present = stream.subscribe("present", Resume.OLDEST);
    publisher.publish(frame(2));
    assertEquals(0, number(early));
    assertEquals(1, number(late));
    assertEquals(2, number(late));
    assertEquals(2, number(present));
  }

  @Test
  @Tag("A17")
  void the_latest_frame_comes_first_after_the_end_of_its_source_as_well() throws Exception {
    SharedAudioStream stream = stream(10);
    SharedAudioStream.Publisher publisher = stream.attach("cell");
    publisher.publish(frame(0));
    publisher.publish(frame(1));
    publisher.end("end of file");
    AudioStreamConsumer late = stream.subscribeFromLatest("late", Resume.OLDEST);
    assertEquals(1, number(late));
    assertEquals(new Next.Ended("end of file"), next(late));
    assertInstanceOf(Next.TimedOut.class, poll(late));
  }

  @Test
  @Tag("A18")
  void a_consumer_gets_frames_then_the_end_then_frames_again_then_closed() throws Exception {
    SharedAudioStream stream = stream(10);
    AudioStreamConsumer consumer = stream.subscribe("test", Resume.OLDEST);
    assertInstanceOf(Next.TimedOut.class, poll(consumer));
    SharedAudioStream.Publisher publisher = stream.attach("cell");
    publisher.publish(frame(0));
    publisher.end("end of file");
    publisher.publish(frame(1));
    assertEquals(3, consumer.pending());
    assertEquals(0, number(consumer));
    assertEquals(new Next.Ended("end of file"), next(consumer));
    stream.close();
    stream.close();
    assertEquals(1, number(consumer));
    assertNull(assertInstanceOf(Next.Closed.class, next(consumer)).cause());
    assertInstanceOf(Next.Closed.class, next(consumer));
  }

  @ParameterizedTest
  @Tag("A18")
  @EnumSource(Resume.class)
  void lag_twice_in_a_row_is_not_the_end(Resume resume) throws Exception {
    SharedAudioStream stream = stream(4);
    AudioStreamConsumer consumer = stream.subscribe("test", resume);
    SharedAudioStream.Publisher publisher = stream.attach("cell");
    int published = 0;
    long accounted = 0;
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 10; i++) {
        publisher.publish(frame(published++));
      }
      accounted += assertInstanceOf(Next.Lagged.class, next(consumer)).missed();
    }
    assertEquals(accounted, number(consumer));
    assertEquals(
        switch (resume) {
          case OLDEST -> 16;
          case NEWEST -> 19;
        },
        accounted);
    assertEquals(accounted, stream.stats().droppedFrames());
  }

  @Test
  @Tag("A18")
  void a_consumer_that_has_left_sees_the_end_even_while_it_waits() throws Exception {
    SharedAudioStream stream = stream(4);
    AudioStreamConsumer consumer = stream.subscribe("test", Resume.OLDEST);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Next> waiting = executor.submit(() -> next(consumer));
      consumer.close();
      assertInstanceOf(Next.Closed.class, waiting.get());
    }
  }

  @Test
  @Tag("A1")
  void a_closed_stream_takes_no_producer_and_counts_no_frame() {
    SharedAudioStream stream = stream(4);
    SharedAudioStream.Publisher publisher = stream.attach("cell 1");
    publisher.publish(frame(0));
    stream.close();
    publisher.publish(frame(1));
    assertEquals(1, stream.stats().totalFrames());
    assertEquals(0, stream.latestFrame().orElseThrow().frameNumber());
    publisher.close();
    assertThrows(IllegalStateException.class, () -> stream.attach("cell 2"));
  }

  @Test
  @Tag("A4")
  void a_stream_has_room_while_its_pacing_consumers_are_at_most_half_the_buffer_behind()
      throws Exception {
    SharedAudioStream stream = stream(10);
    AudioStreamConsumer pacing = stream.subscribePacing("recorder");
    stream.subscribe("page", Resume.NEWEST);
    SharedAudioStream.Publisher publisher = stream.attach("cell");
    for (int i = 0; i < 5; i++) {
      publisher.publish(frame(i));
      assertTrue(stream.hasRoom());
    }
    publisher.publish(frame(5));
    assertFalse(stream.hasRoom());
    next(pacing);
    assertTrue(stream.hasRoom());
    publisher.publish(frame(6));
    assertFalse(stream.hasRoom());
    pacing.close();
    assertTrue(stream.hasRoom());
  }

  private SharedAudioStream stream(int bufferFrames) {
    return new SharedAudioStream(bufferFrames, clock);
  }

  private void publishFor(SharedAudioStream.Publisher publisher, int seconds, int fps) {
    for (int i = 0; i < seconds * fps; i++) {
      clock.advance(Duration.ofNanos(1_000_000_000 / fps));
      publisher.publish(frame(i));
    }
  }

  private AudioFrame frame(long number) {
    return new AudioFrame(new float[1], new float[1], RATE_HZ, number, number, clock.now());
  }

  private static Next next(AudioStreamConsumer consumer) throws InterruptedException {
    return consumer.next(Duration.ofSeconds(30));
  }

  private static Next poll(AudioStreamConsumer consumer) throws InterruptedException {
    return consumer.next(Duration.ZERO);
  }

  private static long number(AudioStreamConsumer consumer) throws InterruptedException {
    return assertInstanceOf(Next.Frame.class, next(consumer)).frame().frameNumber();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
