package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.photophone.channels.ChannelKind.Line;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Ten thousand virtual threads on a handful of processors, none of which they hold while they
/// wait.
@Tag("C1")
@Tag("C2")
@Tag("C4")
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
final class VirtualThreadsTest {
  private static final int THREADS = 10_000;

  @ParameterizedTest
  @CsvSource({
    "MANY_TO_ONE, PARK",
    "MANY_TO_MANY, PARK",
    "PRIORITY, PARK",
    "PRIORITY_BOUNDED_BY_MESSAGES, PARK",
    "MANY_TO_MANY, YIELD"
  })
  void ten_thousand_senders_and_receivers_lose_nothing_and_pin_nothing(
      ChannelKind kind, WaitStrategy waiting, @TempDir Path folder) throws Exception {
    int receivers = kind.hasManyReceivers() ? THREADS / 2 : 1;
    int senders = THREADS - receivers;
    int messages = 10;
    Line<Integer> line = kind.open(ChannelOptions.of("line", 64).waiting(waiting));
    try (Recording recording = recording()) {
      List<FutureTask<Long>> receiving = new ArrayList<>();
      for (int i = 0; i < receivers; i++) {
        Receiver<Integer> receiver = line.receiver("receiver " + i);
        receiving.add(inVirtualThread(() -> receiveAll(receiver)));
      }
      List<FutureTask<Long>> sending = new ArrayList<>();
      for (int i = 0; i < senders; i++) {
        sending.add(
            inVirtualThread(() -> {
              for (int message = 0; message < messages; message++) {
                assertEquals(Sent.SENT, line.send(message));
              }
              return (long) messages;
            }));
      }
      assertEquals((long) senders * messages, sum(sending));
      line.close();
      assertEquals((long) senders * messages, sum(receiving));
      assertEquals((long) senders * messages, line.assertConserved().received());
      assertNothingPinned(recording, folder);
    }
  }

  /// Five thousand pairs, a channel each.
  @ParameterizedTest
  @CsvSource({"ONE_TO_ONE", "PRIORITY_BOUNDED_BY_TIME"})
  void ten_thousand_in_pairs_lose_nothing_and_pin_nothing(ChannelKind kind, @TempDir Path folder)
      throws Exception {
    int messages = 20;
    List<Line<Integer>> lines = new ArrayList<>();
    try (Recording recording = recording()) {
      List<FutureTask<Long>> receiving = new ArrayList<>();
      List<FutureTask<Long>> sending = new ArrayList<>();
      for (int i = 0; i < THREADS / 2; i++) {
        Line<Integer> line = kind.open(2);
        lines.add(line);
        Receiver<Integer> receiver = line.receiver("receiver");
        receiving.add(inVirtualThread(() -> receiveAll(receiver)));
        sending.add(
            inVirtualThread(() -> {
              for (int message = 0; message < messages; message++) {
                assertEquals(Sent.SENT, line.send(message));
              }
              line.close();
              return (long) messages;
            }));
      }
      assertEquals((long) THREADS / 2 * messages, sum(sending));
      assertEquals((long) THREADS / 2 * messages, sum(receiving));
      lines.forEach(Line::assertConserved);
      assertNothingPinned(recording, folder);
    }
  }

  /// The sender waits until all have seen a message, so that nobody can miss one.
  @ParameterizedTest
  @CsvSource({"PARK", "YIELD"})
  void ten_thousand_receivers_of_a_broadcast_miss_nothing_and_pin_nothing(
      WaitStrategy waiting, @TempDir Path folder) throws Exception {
    int messages = 5;
    BroadcastChannel<Integer> channel =
        new BroadcastChannel<>(ChannelOptions.of("frames", messages).waiting(waiting));
    Semaphore seen = new Semaphore(0);
    try (Recording recording = recording()) {
      List<FutureTask<Long>> receiving = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Receiver<Integer> receiver =
            channel.subscribe("receiver " + i, BroadcastChannel.Resume.OLDEST);
        receiving.add(
            inVirtualThread(() -> {
              long received = 0;
              while (receiver.receive() instanceof Received.Message<Integer>) {
                received++;
                seen.release();
              }
              return received;
            }));
      }
      for (int i = 0; i < messages; i++) {
        channel.send(i);
        seen.acquire(THREADS);
      }
      channel.close();
      assertEquals((long) THREADS * messages, sum(receiving));
      ChannelKind.assertConserved(channel);
      assertNothingPinned(recording, folder);
    }
  }

  private static long receiveAll(Receiver<Integer> receiver) throws InterruptedException {
    long received = 0;
    while (receiver.receive() instanceof Received.Message<Integer>) {
      received++;
    }
    return received;
  }

  private static FutureTask<Long> inVirtualThread(Callable<Long> work) {
    FutureTask<Long> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }

  private static long sum(List<FutureTask<Long>> tasks) throws Exception {
    long sum = 0;
    for (FutureTask<Long> task : tasks) {
      sum += task.get();
    }
    return sum;
  }

  private static Recording recording() {
    Recording recording = new Recording();
    recording.enable("jdk.VirtualThreadPinned").withoutThreshold().withStackTrace();
    recording.start();
    return recording;
  }

  private static void assertNothingPinned(Recording recording, Path folder) throws Exception {
    recording.stop();
    Path file = folder.resolve("pinned.jfr");
    recording.dump(file);
    List<String> pinned =
        RecordingFile.readAllEvents(file).stream()
            .filter(VirtualThreadsTest::isOurs)
            .map(Object::toString)
            .limit(3)
            .toList();
    assertEquals(List.of(), pinned);
  }

  /// Class loading and the like, below other callers, is not what is tested here.
  private static boolean isOurs(RecordedEvent event) {
    return event.getStackTrace() == null
        || event.getStackTrace().getFrames().stream()
            .anyMatch(frame -> frame.getMethod().getType().getName().contains("photophone"));
  }
}
