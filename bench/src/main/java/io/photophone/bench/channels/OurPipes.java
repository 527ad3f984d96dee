package io.photophone.bench.channels;

import io.photophone.channels.AnycastChannel;
import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.ChannelOptions;
import io.photophone.channels.LatencyTracking;
import io.photophone.channels.MulticastChannel;
import io.photophone.channels.Overflow;
import io.photophone.channels.PointToPointChannel;
import io.photophone.channels.Priority;
import io.photophone.channels.PriorityChannel;
import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import io.photophone.channels.Sent;
import io.photophone.channels.WaitStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Photophone's channels as pipes.
final class OurPipes {
  private static final Duration TICK = Duration.ofMillis(1);
  private static final Priority[] CLASSES = Priority.values();

  private OurPipes() {}

  static ChannelOptions options(int capacity, WaitStrategy waiting, LatencyTracking latency) {
    return ChannelOptions.of("bench", capacity).waiting(waiting).latency(latency);
  }

  /// How a receiver reads.
  enum Reading {
    POLL,
    DRAIN,
    RECEIVE
  }

  /// What the receivers of all channels have in common.
  private abstract static class Receiving extends Pipe {
    final List<Receiver<Message>> receivers = new ArrayList<>();
    private final Reading reading;
    private final boolean alone;
    private final boolean yields;

    Receiving(Reading reading, boolean alone, boolean yields) {
      this.reading = reading;
      this.alone = alone;
      this.yields = yields;
    }

    @Override
    final int receive(int receiver, Reader reader) throws InterruptedException {
      Receiver<Message> from = receivers.get(receiver);
      return switch (reading) {
        case POLL -> count(from.poll(), reader);
        case DRAIN -> {
          int count = from.drain(reader, BATCH);
          yield count > 0 ? count : count(from.poll(), reader);
        }
        case RECEIVE -> {
          int count = from.drain(reader, BATCH);
          yield count > 0 ? count : count(alone ? from.receive() : from.receive(TICK), reader);
        }
      };
    }

    private static int count(Received<Message> received, Reader reader) {
      return switch (received) {
        case Received.Message<Message> message -> {
          reader.accept(message.value());
          yield 1;
        }
        case Received.Lagged<Message>(long missed) -> (int) missed;
        case Received.Empty<Message> _, Received.Closed<Message> _ -> 0;
      };
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck")
    final void idle() {
      if (yields) {
        Thread.yield();
      } else {
        Thread.onSpinWait();
      }
    }
  }

  static Pipe pointToPoint(
      PointToPointChannel<Message> channel, int receivers, Reading reading, boolean yields) {
    Receiving pipe =
        new Receiving(reading, receivers == 1, yields) {
          @Override
          void send(int sender, Message message) throws InterruptedException {
            if (reading == Reading.RECEIVE) {
              channel.send(message);
            } else {
              while (channel.trySend(message) == Sent.FULL) {
                idle();
              }
            }
          }
        };
    for (int i = 0; i < receivers; i++) {
      pipe.receivers.add(channel.receiver("receiver " + i));
    }
    return pipe;
  }

  static Pipe priority(PriorityChannel<Message> channel, Reading reading) {
    Receiving pipe =
        new Receiving(reading, true, false) {
          @Override
          void send(int sender, Message message) throws InterruptedException {
            Priority priority = CLASSES[message.rank()];
            if (reading == Reading.RECEIVE) {
              channel.send(priority, message);
            } else {
              while (channel.trySend(priority, message) == Sent.FULL) {
                idle();
              }
            }
          }
        };
    pipe.receivers.add(channel.receiver("receiver"));
    return pipe;
  }

  static Pipe multicast(MulticastChannel<Message> channel, int receivers, boolean yields) {
    Receiving pipe =
        new Receiving(yields ? Reading.DRAIN : Reading.RECEIVE, true, yields) {
          @Override
          void send(int sender, Message message) throws InterruptedException {
            channel.send(message);
          }
        };
    for (int i = 0; i < receivers; i++) {
      pipe.receivers.add(channel.subscribe("receiver " + i, Overflow.WAIT));
    }
    return pipe;
  }

  static Pipe anycast(AnycastChannel<Message> channel, int receivers, boolean yields) {
    Receiving pipe =
        new Receiving(yields ? Reading.DRAIN : Reading.RECEIVE, false, yields) {
          @Override
          void send(int sender, Message message) throws InterruptedException {
            channel.send(message);
          }
        };
    for (int i = 0; i < receivers; i++) {
      pipe.receivers.add(channel.receiver("receiver " + i));
    }
    return pipe;
  }

  static Pipe broadcast(
      BroadcastChannel<Message> channel, int receivers, Reading reading, boolean yields) {
    Receiving pipe =
        new Receiving(reading, true, yields) {
          @Override
          void send(int sender, Message message) {
            channel.send(message);
          }
        };
    for (int i = 0; i < receivers; i++) {
      pipe.receivers.add(channel.subscribe("receiver " + i, BroadcastChannel.Resume.OLDEST));
    }
    return pipe;
  }
}
