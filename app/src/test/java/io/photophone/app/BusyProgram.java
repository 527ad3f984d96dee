package io.photophone.app;

/// A program to be traced: one thread burns, one sleeps, until standard input ends.
final class BusyProgram {
  private static volatile long result;

  private BusyProgram() {}

  public static void main(String[] arguments) throws Exception {
    daemon(
        "burner",
        () -> {
          while (true) {
            result = burnCycles(1_000_000);
          }
        });
    daemon(
        "sleeper",
        () -> {
          while (true) {
            sleepOften();
          }
        });
    System.out.println("ready");
    while (System.in.read() >= 0) {
      // Until it ends.
    }
  }

  private static long burnCycles(long count) {
    long sum = 0;
    for (long i = 0; i < count; i++) {
      sum = sum * 31 + Long.hashCode(i ^ sum);
    }
    return sum;
  }

  private static void sleepOften() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread.ofPlatform().name(name).daemon().start(work);
  }
}
