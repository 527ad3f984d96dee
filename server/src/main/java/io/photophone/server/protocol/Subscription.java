package io.photophone.server.protocol;

import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import io.photophone.model.Streamed;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// A thread that hands on what a live channel retains and carries: an instrument measures before
/// anybody listens. A failure is logged and costs the item.
final class Subscription<T> implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Subscription.class.getName());

  private final Receiver<Streamed<T>> receiver;
  private final Consumer<T> items;
  private final LongConsumer missed;
  private final Thread thread;

  /// @param name of the thread, and of the channel's receiver
  /// @param missed told how many items were lost because the thread was late
  Subscription(
      String name, BroadcastChannel<Streamed<T>> channel, Consumer<T> items, LongConsumer missed) {
    this.receiver = channel.subscribeAt(name, Resume.OLDEST, 0);
    this.items = items;
    this.missed = missed;
    this.thread = Thread.ofVirtual().name(name).start(this::run);
  }

  private void run() {
    boolean open = true;
    while (open) {
      try {
        open = receive();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        open = false;
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, thread.getName() + " failed", e);
      }
    }
  }

  private boolean receive() throws InterruptedException {
    switch (receiver.receive()) {
      case Received.Message<Streamed<T>> message -> {
        switch (message.value()) {
          case Streamed.Item<T>(T item) -> items.accept(item);
          // Silence says the same, and a source that is started anew goes on.
          case Streamed.End<T> _ -> {}
        }
      }
      case Received.Lagged<Streamed<T>>(long count) -> missed.accept(count);
      case Received.Empty<Streamed<T>> _ -> {}
      case Received.Closed<Streamed<T>> _ -> {
        return false;
      }
    }
    return true;
  }

  /// Leaves the channel and waits for the thread.
  @Override
  public void close() {
    receiver.close();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
