package io.photophone.events.linux;

import java.io.IOException;
import java.time.Duration;

/// A program for tests that is run by a user without privileges: says what it may record.
final class Unprivileged {
  private Unprivileged() {}

  public static void main(String[] arguments) {
    Privileges.probe().missing().forEach(each -> System.out.println("missing " + each));
    try (PerfSession all =
        PerfSession.builder().wholeMachine().cpuSamples(100, StackCapture.NONE).build()) {
      System.out.println("machine " + all.remarks());
    } catch (IOException e) {
      System.out.println("machine refused " + e.getMessage());
    }
    try (PerfSession tracepoint =
        PerfSession.builder().tracepoint("sched:sched_waking", StackCapture.NONE).build()) {
      System.out.println("tracepoint " + tracepoint.remarks());
    } catch (IOException e) {
      System.out.println("tracepoint refused " + e.getMessage());
    }
    try (PerfSession large = PerfSession.builder().pageCount(65_536).build()) {
      System.out.println("large " + large.remarks());
    } catch (IOException e) {
      System.out.println("large refused " + e.getMessage());
    }
    try (PerfSession own =
        PerfSession.builder()
            .cpuSamples(500, StackCapture.CALL_CHAIN)
            .contextSwitches(StackCapture.CALL_CHAIN)
            .withoutWhatIsRefused()
            .switchRecords()
            .build()) {
      own.remarks().forEach(each -> System.out.println("remark " + each));
      own.enable();
      long end = System.nanoTime() + 400_000_000;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      own.read(Duration.ofMillis(20));
      own.disable();
      own.drain();
      System.out.println("own samples " + own.statistics().samples(PerfEvents.CPU_SAMPLE));
      System.out.println("own switches " + own.statistics().records().getOrDefault("switch", 0L));
    } catch (IOException e) {
      System.out.println("own refused " + e.getMessage());
    }
  }
}
