package io.photophone.bench.channels;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicLong;

/// Threads that send through a pipe and receive from it, in bursts.
final class Traffic {
  private final Pipe pipe;
  private final Phaser bursts;
  private final List<Thread> threads = new ArrayList<>();
  private final Message[] messages;
  private final int burst;
  private final AtomicLong sums = new AtomicLong();
  private volatile boolean ended;

  /// Starts the threads, which wait for the first burst.
  Traffic(Patterns.Pattern pattern, String pipeName, int burst) {
    int senders = pattern.senders;
    int receivers = pattern.receivers;
    boolean toAll = pattern.isToAll;
    boolean virtual = pipeName.contains("virtual");
    this.pipe = pattern.pipes.get(pipeName).get();
    this.burst = burst;
    this.messages = Message.made(pattern.ranks);
    this.bursts = new Phaser(1 + senders + receivers);
    AtomicLong shared = new AtomicLong();
    for (int i = 0; i < receivers; i++) {
      int receiver = i;
      start(virtual, "receiver " + i, () -> receive(receiver, toAll ? new AtomicLong() : shared));
    }
    for (int i = 0; i < senders; i++) {
      int sender = i;
      start(virtual, "sender " + i, () -> send(sender, senders));
    }
  }

  private interface Body {
    void run() throws InterruptedException;
  }

  private void start(boolean virtual, String name, Body body) {
    Thread.Builder builder =
        virtual ? Thread.ofVirtual().name(name) : Thread.ofPlatform().daemon().name(name);
    threads.add(
        builder.start(() -> {
          try {
            body.run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        }));
  }

  private void send(int sender, int senders) throws InterruptedException {
    while (true) {
      bursts.arriveAndAwaitAdvance();
      if (ended) {
        return;
      }
      for (int i = sender; i < burst; i += senders) {
        pipe.send(sender, messages[i & (messages.length - 1)]);
      }
      bursts.arriveAndAwaitAdvance();
    }
  }

  private void receive(int receiver, AtomicLong accounted) throws InterruptedException {
    Pipe.Reader reader = new Pipe.Reader();
    long due = 0;
    while (true) {
      bursts.arriveAndAwaitAdvance();
      if (ended) {
        sums.addAndGet(reader.sum);
        return;
      }
      due += burst;
      long mine = 0;
      while (accounted.get() + mine < due) {
        int count = pipe.receive(receiver, reader);
        if (count == 0) {
          // Others may have the rest.
          accounted.addAndGet(mine);
          mine = 0;
          pipe.idle();
        }
        mine += count;
        if (mine >= 1024) {
          accounted.addAndGet(mine);
          mine = 0;
        }
      }
      accounted.addAndGet(mine);
      bursts.arriveAndAwaitAdvance();
    }
  }

  /// Sends one burst and waits until every receiver has accounted for it.
  void burst() {
    bursts.arriveAndAwaitAdvance();
    bursts.arriveAndAwaitAdvance();
  }

  long sums() {
    return sums.get();
  }

  /// Ends the threads.
  void close() throws InterruptedException {
    ended = true;
    bursts.arriveAndAwaitAdvance();
    for (Thread thread : threads) {
      thread.join();
    }
    pipe.close();
  }
}
