package io.photophone.events.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.SynchronousQueue;

/// A program for tests: `spin N` keeps N threads busy, `born N` starts one more for each line that
/// it reads, `switch N` hands N things from thread to thread and ends. Says `ready`, and ends with
/// its input.
final class Busy {
  private Busy() {}

  /// A JVM that runs this program.
  static Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            Busy.class.getName()));
    command.addAll(Arrays.asList(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String line = process.inputReader().readLine();
    if (!"ready".equals(line)) {
      process.destroyForcibly();
      throw new IOException("said " + line);
    }
    return process;
  }

  /// Tells it to go on, or to start a thread.
  static void tell(Process process) throws IOException {
    process.outputWriter().write("\n");
    process.outputWriter().flush();
  }

  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[1]);
    switch (arguments[0]) {
      case "spin", "born" -> {
        for (int i = 0; i < count; i++) {
          spin(i);
        }
        ready();
        int next = count;
        while (System.in.read() >= 0) {
          spin(next++);
        }
      }
      case "switch" -> {
        ready();
        if (System.in.read() >= 0) {
          switchThreads(count);
        }
        System.out.println("done");
        while (System.in.read() >= 0) {
          Thread.onSpinWait();
        }
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void ready() {
    System.out.println("ready");
  }

  private static void spin(int number) {
    Thread thread =
        new Thread(
            () -> {
              long x = 1;
              while (x != 0) {
                x = x * 6364136223846793005L + 1 | 1;
              }
            },
            "spin-" + number);
    thread.setDaemon(true);
    thread.start();
  }

  private static void switchThreads(int count) throws InterruptedException {
    SynchronousQueue<Integer> queue = new SynchronousQueue<>();
    Thread taker =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < count; i++) {
                  queue.take();
                }
              } catch (InterruptedException e) {
                throw new UncheckedIOException(new IOException(e));
              }
            },
            "taker");
    taker.start();
    for (int i = 0; i < count; i++) {
      queue.put(i);
    }
    taker.join();
  }
}
