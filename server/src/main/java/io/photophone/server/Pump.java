package io.photophone.server;

import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// A thread that starts the writes of some of the clients, so that a topic's thread has only to
/// encode and one processor doesn't do all the writing.
final class Pump {
  private static final System.Logger LOG = System.getLogger(Pump.class.getName());

  /// Each group is in it once at most.
  private final BlockingQueue<Group> due = new LinkedBlockingQueue<>();

  private final Thread thread;

  /// A stopped pump.
  ///
  /// @param number tells it from the others
  Pump(int number) {
    this.thread = Thread.ofPlatform().name("web writer " + number).daemon().unstarted(this::run);
  }

  /// A topic's clients that this thread writes to.
  final class Group {
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean queued = new AtomicBoolean();

    void add(EventStream stream) {
      streams.add(stream);
    }

    void remove(EventStream stream) {
      streams.remove(stream);
    }

    /// Has each of them look for what there is to write.
    void wake() {
      if (!queued.get() && queued.compareAndSet(false, true)) {
        due.add(this);
      }
    }

    private void resume() {
      // Before the streams look: what is published from now on queues the group again.
      queued.set(false);
      streams.forEach(EventStream::resume);
    }
  }

  void start() {
    thread.start();
  }

  private void run() {
    boolean running = true;
    while (running) {
      try {
        due.take().resume();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        running = false;
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, Thread.currentThread().getName() + " failed", e);
      }
    }
  }

  /// Ends the thread and waits for it.
  void stop() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
