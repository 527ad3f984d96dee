package io.photophone.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.photophone.acquisition.daemon.AcquisitionDaemon;
import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.source.SourceRead;
import io.photophone.acquisition.stream.StreamClock;
import io.photophone.model.CaptureTime;
import io.photophone.model.SystemEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("A38")
@Timeout(20)
final class StreamWatchTest {
  private final AtomicLong nanos = new AtomicLong();
  private final StreamClock clock =
      new StreamClock() {
        @Override
        public CaptureTime now() {
          return new CaptureTime(nanos.get(), nanos.get());
        }

        @Override
        public void sleepUntil(long monotonicNanos) {
          throw new AssertionError("a live source is not paced");
        }
      };

  /// Frames that the source may deliver.
  private final Semaphore due = new Semaphore(0);

  private final List<SystemEvent> events = new ArrayList<>();
  private final AcquisitionDaemon daemon =
      AcquisitionDaemon.builder().source(Dripping::new).clock(clock).targetFps(30).build();

  @Test
  void a_rate_below_what_the_source_should_deliver_is_told_once_and_so_is_its_return()
      throws Exception {
    daemon.start();
    StreamWatch watch = new StreamWatch("cell-1", daemon, 1, events::add, clock);
    tenSeconds(watch, 300);
    assertEquals(List.of(), events);
    tenSeconds(watch, 100);
    tenSeconds(watch, 0);
    tenSeconds(watch, 200);
    assertEquals(1, events.size(), events::toString);
    tenSeconds(watch, 299);
    tenSeconds(watch, 300);
    assertEquals(2, events.size(), events::toString);
    SystemEvent.HealthChanged slow = (SystemEvent.HealthChanged) events.getFirst();
    assertEquals("10.0 frames a second, expected: 30.0", slow.detail());
    assertEquals(false, slow.healthy());
    assertEquals(true, ((SystemEvent.HealthChanged) events.getLast()).healthy());
    daemon.close();
  }

  /// Ten frames a second are too few for thirty, and enough for ten.
  @Test
  void the_rate_expected_is_that_of_the_source_and_no_constant() throws Exception {
    daemon.start();
    daemon.changeTargetFps(10);
    StreamWatch watch = new StreamWatch("cell-1", daemon, 1, events::add, clock);
    tenSeconds(watch, 100);
    assertEquals(List.of(), events);
    daemon.close();
  }

  @Test
  void a_source_that_was_stopped_is_not_expected_to_deliver() throws Exception {
    daemon.start();
    StreamWatch watch = new StreamWatch("cell-1", daemon, 1, events::add, clock);
    tenSeconds(watch, 300);
    daemon.stop();
    tenSeconds(watch, 0);
    tenSeconds(watch, 0);
    assertEquals(List.of(), events);
    daemon.close();
  }

  private void tenSeconds(StreamWatch watch, int frames) {
    long until = daemon.frameCount() + frames;
    due.release(frames);
    while (daemon.frameCount() < until) {
      Thread.onSpinWait();
    }
    for (int i = 0; i < 10; i++) {
      nanos.addAndGet(1_000_000_000);
      watch.look();
    }
  }

  /// Delivers when the test lets it.
  private final class Dripping implements AudioSource {
    @Override
    public String name() {
      return "dripping";
    }

    @Override
    public int sampleRateHz() {
      return 48_000;
    }

    @Override
    public boolean live() {
      return true;
    }

    @Override
    public boolean simulated() {
      return false;
    }

    @Override
    public SourceRead read(int sampleCount) throws IOException {
      try {
        due.acquire();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      return new SourceRead.Samples(
          new float[sampleCount], new float[sampleCount], 0, OptionalLong.empty());
    }

    @Override
    public void close() {}
  }
}
