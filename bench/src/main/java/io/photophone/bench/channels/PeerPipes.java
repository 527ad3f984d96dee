package io.photophone.bench.channels;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import com.softwaremill.jox.Channel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.jctools.queues.MessagePassingQueue;

/// Other libraries as pipes.
final class PeerPipes {
  private PeerPipes() {}

  /// A queue whose users poll and offer.
  static Pipe polled(Queue<Message> queue, boolean yields) {
    return new Pipe() {
      @Override
      void send(int sender, Message message) {
        while (!queue.offer(message)) {
          idle();
        }
      }

      @Override
      int receive(int receiver, Reader reader) {
        Message message = queue.poll();
        if (message == null) {
          return 0;
        }
        reader.accept(message);
        return 1;
      }

      @Override
      void idle() {
        pause(yields);
      }
    };
  }

  @SuppressWarnings("ThreadPriorityCheck")
  private static void pause(boolean yields) {
    if (yields) {
      Thread.yield();
    } else {
      Thread.onSpinWait();
    }
  }

  /// A queue of JCTools, read in batches.
  static Pipe drained(MessagePassingQueue<Message> queue, boolean yields) {
    return new Pipe() {
      @Override
      void send(int sender, Message message) {
        while (!queue.offer(message)) {
          idle();
        }
      }

      @Override
      int receive(int receiver, Reader reader) {
        return queue.drain(reader::accept, BATCH);
      }

      @Override
      void idle() {
        pause(yields);
      }
    };
  }

  /// A queue that waits by itself.
  static Pipe blocking(BlockingQueue<Message> queue, boolean alone) {
    return new Pipe() {
      @Override
      void send(int sender, Message message) throws InterruptedException {
        queue.put(message);
      }

      @Override
      int receive(int receiver, Reader reader) throws InterruptedException {
        Message message = alone ? queue.take() : queue.poll(1, TimeUnit.MILLISECONDS);
        if (message == null) {
          return 0;
        }
        reader.accept(message);
        return 1;
      }
    };
  }

  static Pipe jox(int capacity) {
    Channel<Message> channel = Channel.newBufferedChannel(capacity);
    return new Pipe() {
      @Override
      void send(int sender, Message message) throws InterruptedException {
        channel.send(message);
      }

      @Override
      int receive(int receiver, Reader reader) throws InterruptedException {
        reader.accept(channel.receive());
        return 1;
      }
    };
  }

  /// The Disruptor: every receiver gets every message; with one, it is a queue.
  static Pipe disruptor(int capacity, boolean manySenders, int receivers, WaitStrategy waiting) {
    RingBuffer<Slot> ring =
        manySenders
            ? RingBuffer.createMultiProducer(Slot::new, capacity, waiting)
            : RingBuffer.createSingleProducer(Slot::new, capacity, waiting);
    SequenceBarrier barrier = ring.newBarrier();
    Sequence[] sequences = new Sequence[receivers];
    Arrays.setAll(sequences, _ -> new Sequence());
    ring.addGatingSequences(sequences);
    return new Pipe() {
      @Override
      void send(int sender, Message message) {
        long sequence = ring.next();
        ring.get(sequence).message = message;
        ring.publish(sequence);
      }

      @Override
      int receive(int receiver, Reader reader) throws InterruptedException {
        long last = sequences[receiver].get();
        try {
          long available = Math.min(barrier.waitFor(last + 1), last + BATCH);
          for (long sequence = last + 1; sequence <= available; sequence++) {
            reader.accept(ring.get(sequence).message);
          }
          if (available > last) {
            sequences[receiver].set(available);
          }
          return (int) Math.max(0, available - last);
        } catch (AlertException | TimeoutException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  private static final class Slot {
    Message message = new Message(0, 0);
  }

  static WaitStrategy disruptorWaiting(String name) {
    return switch (name) {
      case "busy-spin" -> new BusySpinWaitStrategy();
      case "yielding" -> new YieldingWaitStrategy();
      case "blocking" -> new BlockingWaitStrategy();
      default -> throw new IllegalArgumentException(name);
    };
  }

  /// The publisher of the JDK, which hands the messages to threads of its own; its receivers wait
  /// for what those have handed on.
  static Pipe submissionPublisher(int capacity, int receivers) {
    SubmissionPublisher<Message> publisher =
        new SubmissionPublisher<>(ForkJoinPool.commonPool(), capacity);
    List<Counting> subscribers = new ArrayList<>();
    for (int i = 0; i < receivers; i++) {
      Counting subscriber = new Counting();
      subscribers.add(subscriber);
      publisher.subscribe(subscriber);
    }
    return new Pipe() {
      @Override
      void send(int sender, Message message) {
        publisher.submit(message);
      }

      @Override
      int receive(int receiver, Reader reader) throws InterruptedException {
        return subscribers.get(receiver).handed(reader);
      }

      @Override
      void close() {
        publisher.close();
      }
    };
  }

  private static final class Counting implements Flow.Subscriber<Message> {
    private final Semaphore batches = new Semaphore(0);
    private long sum;
    private int inBatch;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Message message) {
      sum += message.value();
      inBatch++;
      if (inBatch == Pipe.BATCH) {
        inBatch = 0;
        batches.release();
      }
    }

    int handed(Pipe.Reader reader) throws InterruptedException {
      batches.acquire();
      reader.sum = sum;
      return Pipe.BATCH;
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }

  /// The priority queue of the JDK, which has no bound of its own.
  static Pipe priorityBlockingQueue(int capacity) {
    PriorityBlockingQueue<Message> queue = new PriorityBlockingQueue<>(capacity);
    Semaphore room = new Semaphore(capacity);
    return new Pipe() {
      @Override
      void send(int sender, Message message) throws InterruptedException {
        room.acquire();
        queue.put(message);
      }

      @Override
      int receive(int receiver, Reader reader) throws InterruptedException {
        reader.accept(queue.take());
        room.release();
        return 1;
      }
    };
  }

  /// Five queues that a receiver polls in order.
  static Pipe fiveQueues(List<? extends Queue<Message>> queues) {
    return new Pipe() {
      @Override
      void send(int sender, Message message) {
        Queue<Message> queue = queues.get(message.rank());
        while (!queue.offer(message)) {
          idle();
        }
      }

      @Override
      int receive(int receiver, Reader reader) {
        for (Queue<Message> queue : queues) {
          Message message = queue.poll();
          if (message != null) {
            reader.accept(message);
            return 1;
          }
        }
        return 0;
      }
    };
  }

  /// A pool of threads that a message is submitted to; receivers wait for what was done.
  static Pipe executor(int threads) {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    Semaphore done = new Semaphore(0);
    Semaphore room = new Semaphore(4096);
    ThreadLocal<Pipe.Reader> readers = ThreadLocal.withInitial(Pipe.Reader::new);
    return new Pipe() {
      @Override
      void send(int sender, Message message) throws InterruptedException {
        room.acquire();
        executor.execute(() -> {
          readers.get().accept(message);
          room.release();
          done.release();
        });
      }

      @Override
      int receive(int receiver, Reader reader) throws InterruptedException {
        return done.tryAcquire(BATCH, 1, TimeUnit.MILLISECONDS) ? BATCH : 0;
      }

      @Override
      void close() {
        executor.close();
      }
    };
  }
}
