package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import io.photophone.channels.ChannelKind.Line;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/// What channels cost while nothing happens, in processor time of a process that does nothing else.
///
/// The kernel tells processor time in steps of up to 10 ms, and the JVM's own threads compile and
/// collect when they like. Both only add, so the quietest of some measurements is the one that
/// counts.
@Tag("C1")
@Tag("C2")
@Tag("C4")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class IdleTest {
  private static final long MEASURED_NANOS = 3_000_000_000L;
  private static final long ALLOWED_NANOS = MEASURED_NANOS / 100;
  private static final int MOST_MEASUREMENTS = 8;

  @Test
  void a_hundred_channels_with_parked_receivers_use_less_than_a_hundredth_of_a_core()
      throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(),
                Idle.class.getName())
            .redirectErrorStream(true)
            .start();
    try {
      String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), told);
      long usedNanos = Long.parseLong(told.strip());
      assertTrue(
          usedNanos < ALLOWED_NANOS, usedNanos + " ns of processor time, in " + MEASURED_NANOS);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String classPath() throws Exception {
    List<String> places = new ArrayList<>();
    for (Class<?> each :
        List.of(
            Idle.class,
            Channel.class,
            org.HdrHistogram.Histogram.class,
            org.junit.jupiter.api.Assertions.class,
            org.opentest4j.AssertionFailedError.class,
            org.junit.platform.commons.util.StringUtils.class)) {
      places.add(
          Path.of(each.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return String.join(File.pathSeparator, places);
  }

  /// The process that is measured: prints how much processor time it takes while its channels wait.
  static final class Idle {
    private Idle() {}

    public static void main(String... arguments) throws Exception {
      int channels = 100;
      CountDownLatch ready = new CountDownLatch(channels);
      List<Line<Integer>> lines = new ArrayList<>();
      List<ChannelKind> kinds = List.of(ChannelKind.values());
      for (int i = 0; i < channels; i++) {
        Line<Integer> line = kinds.get(i % kinds.size()).open(8);
        Receiver<Integer> receiver = line.receiver("receiver");
        lines.add(line);
        Runnable waiting =
            () -> {
              ready.countDown();
              try {
                receiver.receive();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            };
        Thread thread =
            i % 2 == 0
                ? Thread.ofVirtual().start(waiting)
                : Thread.ofPlatform().daemon().start(waiting);
        assertTrue(thread.isAlive());
      }
      ready.await();
      long quietestNanos = usedAtRest();
      for (int i = 1; i < MOST_MEASUREMENTS && quietestNanos >= ALLOWED_NANOS; i++) {
        quietestNanos = Math.min(quietestNanos, usedAtRest());
      }
      System.out.println(quietestNanos);
      lines.forEach(Line::assertConserved);
      lines.forEach(Line::close);
    }

    private static long usedAtRest() throws InterruptedException {
      OperatingSystemMXBean system =
          (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      rest(1_000_000_000L);
      long before = system.getProcessCpuTime();
      rest(MEASURED_NANOS);
      return system.getProcessCpuTime() - before;
    }

    private static void rest(long nanos) throws InterruptedException {
      assertFalse(new CountDownLatch(1).await(nanos, TimeUnit.NANOSECONDS));
    }
  }
}
