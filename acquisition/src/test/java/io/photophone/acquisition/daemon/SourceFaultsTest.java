package io.photophone.acquisition.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/// Sources that do what none should, behind the real daemon.
@Tag("A2")
@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
final class SourceFaultsTest {
  private static final int RATE_HZ = 48_000;

  private final FakeClock clock = FakeClock.movedBySleepers();

  private static FakeSource source(FakeSource.Script script) {
    return FakeSource.live("microphone", RATE_HZ, script);
  }

  /// Opens one after the other.
  private AcquisitionDaemon daemon(AudioSource... sources) {
    ArrayDeque<AudioSource> left = new ArrayDeque<>(List.of(sources));
    return AcquisitionDaemon.builder().source(left::remove).clock(clock).build();
  }

  private static List<AudioFrame> run(AcquisitionDaemon daemon) throws Exception {
    try (daemon) {
      AudioStreamConsumer consumer = daemon.stream().subscribe("test", Resume.OLDEST);
      daemon.start();
      return Consumed.untilEnd(consumer).frames();
    }
  }

  @Test
  void a_short_read_is_a_short_frame_without_a_gap() throws Exception {
    AcquisitionDaemon daemon =
        daemon(
            source((self, read, count) ->
                read < 3 ? self.samples(read == 1 ? 7 : count) : new SourceRead.End()));
    List<AudioFrame> frames = run(daemon);
    assertEquals(List.of(1600, 7, 1600), frames.stream().map(AudioFrame::length).toList());
    assertEquals(
        List.of(0L, 1600L, 1607L), frames.stream().map(AudioFrame::firstSampleIndex).toList());
    assertEquals(0, daemon.state().lostSamples());
    assertEquals(0, daemon.state().errors());
  }

  @Test
  void channels_of_unequal_length_are_a_failure_that_says_so() throws Exception {
    assertRecovers(
        source((_, _, count) ->
            new SourceRead.Samples(
                new float[count], new float[count - 1], 0, OptionalLong.empty())),
        "channels differ in length: A has 1600 samples, B has 1599");
  }

  @Test
  void a_read_without_samples_is_a_failure_and_not_the_end() throws Exception {
    assertRecovers(
        source((_, _, _) ->
            new SourceRead.Samples(new float[0], new float[0], 0, OptionalLong.empty())),
        "no samples: the end is told by End");
  }

  @Test
  void a_negative_loss_does_not_turn_the_index_back() throws Exception {
    assertRecovers(
        source((self, _, count) -> self.samples(count, -5, OptionalLong.empty())),
        "negative loss: -5");
  }

  /// The failure is told and counted, and the next source goes on behind a gap.
  private void assertRecovers(FakeSource faulty, String failure) throws Exception {
    AcquisitionDaemon daemon = daemon(faulty, source(FakeSource.reads(2)));
    List<AudioFrame> frames = run(daemon);
    assertEquals(2, frames.size());
    assertTrue(frames.getFirst().firstSampleIndex() > 0, "the loss shows");
    assertEquals(1, daemon.state().errors());
    String told = String.valueOf(daemon.state().error());
    assertTrue(told.contains(failure), told);
    assertTrue(faulty.isClosed(), "the source that failed is closed");
  }

  @Test
  void samples_that_are_no_numbers_reach_the_consumers_as_they_are() throws Exception {
    AcquisitionDaemon daemon =
        daemon(
            source((self, read, count) -> {
              if (read == 2) {
                return new SourceRead.End();
              }
              SourceRead.Samples samples = self.samples(count);
              samples.channelA()[3] = Float.NaN;
              return samples;
            }));
    List<AudioFrame> frames = run(daemon);
    assertEquals(2, frames.size());
    assertTrue(Float.isNaN(frames.getFirst().channelA()[3]), "NaN is passed on");
    assertFalse(Float.isFinite(frames.getFirst().peakAmplitude()), "and seen");
    assertEquals(0, daemon.state().errors());
  }

  @Test
  void a_source_that_comes_back_at_another_rate_gives_frames_of_that_rate() throws Exception {
    AcquisitionDaemon daemon =
        daemon(
            source((self, read, count) -> {
              if (read == 1) {
                throw new IOException("unplugged");
              }
              return self.samples(count);
            }),
            FakeSource.live("microphone", 44_100, FakeSource.reads(1)));
    List<AudioFrame> frames = run(daemon);
    assertEquals(List.of(48_000, 44_100), frames.stream().map(AudioFrame::sampleRateHz).toList());
    assertEquals(1470, frames.getLast().length());
    assertTrue(
        frames.getLast().firstSampleIndex() > frames.getFirst().endSampleIndex(),
        "the failure shows as a gap");
  }

  @Test
  void a_source_that_hangs_is_ended_by_a_stop() throws Exception {
    FakeSource hanging = source((self, _, _) -> self.block());
    AcquisitionDaemon daemon = daemon(hanging);
    daemon.start();
    hanging.awaitBlocked();
    daemon.stop();
    assertEquals(Phase.STOPPED, daemon.state().phase());
    assertTrue(hanging.isClosed(), "the source is closed");
    daemon.close();
  }

  @Test
  void what_was_missed_while_a_sender_was_awaited_counts_until_its_first_sample() throws Exception {
    long frame = 1600;
    AcquisitionDaemon daemon =
        daemon(
            source((self, read, count) -> {
              if (read == 1) {
                throw new IOException("the sender closed the connection");
              }
              return self.samples(count);
            }),
            source((self, read, count) -> {
              if (read == 1) {
                return new SourceRead.End();
              }
              clock.advance(Duration.ofSeconds(10));
              long lagNanos = Duration.ofSeconds(1).toNanos() / 30;
              return self.samples(count, 0, OptionalLong.of(lagNanos));
            }));
    List<AudioFrame> frames = run(daemon);
    long gap = frames.get(1).firstSampleIndex() - frame;
    assertTrue(gap >= 9 * RATE_HZ && gap < 11 * RATE_HZ, "gap of " + gap);
    assertEquals(gap, daemon.state().lostSamples());
  }
}
