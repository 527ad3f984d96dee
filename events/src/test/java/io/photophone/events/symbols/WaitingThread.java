package io.photophone.events.symbols;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;

/// A Java thread of this process that waits in the kernel, with its registers as `/proc` tells them
/// and a copy of its stack.
final class WaitingThread implements AutoCloseable {
  private static final int STACK_BYTES = 1 << 16;

  private final Object monitor = new Object();
  private final CountDownLatch started = new CountDownLatch(1);
  private final Thread thread = new Thread(this::waitForEver, "waiting");
  private volatile Path directory = Path.of("/proc/thread-self");
  private volatile boolean closed;
  private final long ip;
  private final long sp;
  private final MemorySegment stack;

  WaitingThread() throws IOException, InterruptedException {
    thread.setDaemon(true);
    thread.start();
    started.await();
    String[] fields = inKernel().split(" ", -1);
    sp = Long.decode(fields[7]);
    ip = Long.decode(fields[8]);
    ByteBuffer bytes = ByteBuffer.allocate(STACK_BYTES);
    try (var memory = FileChannel.open(Path.of("/proc/self/mem"), StandardOpenOption.READ)) {
      memory.read(bytes, sp);
    }
    stack = MemorySegment.ofBuffer(bytes.flip());
  }

  /// What the kernel tells of the system call that the thread is in, once it has settled there.
  private String inKernel() throws IOException {
    Path call = directory.resolve("syscall");
    assumeTrue(Files.isReadable(call), "the kernel doesn't tell of system calls here");
    String before = "";
    String now = Files.readString(call).strip();
    while (thread.getState() != Thread.State.WAITING
        || now.split(" ", -1).length < 9
        || !now.equals(before)) {
      Thread.onSpinWait();
      before = now;
      now = Files.readString(call).strip();
    }
    return now;
  }

  private void waitForEver() {
    try {
      directory = Path.of("/proc").resolve(Files.readSymbolicLink(directory));
      started.countDown();
      synchronized (monitor) {
        while (!closed) {
          monitor.wait();
        }
      }
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  long ip() {
    return ip;
  }

  long sp() {
    return sp;
  }

  MemorySegment stack() {
    return stack;
  }

  @Override
  public void close() {
    closed = true;
    synchronized (monitor) {
      monitor.notifyAll();
    }
  }
}
