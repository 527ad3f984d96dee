package io.photophone.acquisition.source;

import java.io.IOException;
import java.net.SocketException;

/// A sender that sends what the test says.
final class FakeInput implements PcmInput {
  private byte[] bytes = {};
  private int next;
  private boolean asked;
  private boolean ended;
  private boolean closed;

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public boolean connected() {
    return false;
  }

  @Override
  public synchronized int read(byte[] to, int offset, int length) throws IOException {
    asked = next == bytes.length;
    notifyAll();
    while (next == bytes.length && !ended && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    if (closed) {
      throw new SocketException("Socket closed");
    }
    if (next == bytes.length) {
      return -1;
    }
    int count = Math.min(length, bytes.length - next);
    System.arraycopy(bytes, next, to, offset, count);
    next += count;
    return count;
  }

  /// Returns when all of it is received and more is asked for.
  synchronized void send(byte... sent) throws InterruptedException {
    bytes = sent;
    next = 0;
    asked = false;
    notifyAll();
    while (!asked && !closed) {
      wait();
    }
  }

  synchronized void end() {
    ended = true;
    notifyAll();
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
