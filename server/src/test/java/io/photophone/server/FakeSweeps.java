package io.photophone.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Sweeps that a test tells what to say.
final class FakeSweeps implements Sweeps {
  final List<Order> begun = new ArrayList<>();
  volatile byte[] latest;
  volatile IOException failure;
  volatile String obstacle;
  volatile Progress progress = new Progress(false, 0, null);

  @Override
  public byte[] latest() throws IOException {
    if (failure != null) {
      throw failure;
    }
    return latest;
  }

  @Override
  public Progress progress() {
    return progress;
  }

  @Override
  public synchronized String begin(Order order) {
    if (order.steps() != null && order.steps() < 7) {
      throw new IllegalArgumentException(
          "steps is %d, allowed: [7, 2000]".formatted(order.steps()));
    }
    if (obstacle == null) {
      begun.add(order);
      progress = new Progress(true, 0.25, null);
    }
    return obstacle;
  }
}
