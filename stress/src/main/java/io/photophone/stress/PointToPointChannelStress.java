package io.photophone.stress;

import static io.photophone.stress.Told.EMPTY;
import static io.photophone.stress.Told.told;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.photophone.channels.ChannelOptions;
import io.photophone.channels.ChannelStats;
import io.photophone.channels.LatencyTracking;
import io.photophone.channels.PointToPointChannel;
import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import io.photophone.channels.Select;
import io.photophone.channels.Sent;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/// What a point-to-point channel promises to threads that race: its three rings, their gates and
/// their parking. Contract: C1.
///
/// What was received is told by the numbers of [Told].
public final class PointToPointChannelStress {
  private PointToPointChannelStress() {}

  private static ChannelOptions options(int capacity) {
    return ChannelOptions.of("stress", capacity);
  }

  /// Polls until there is something to tell.
  private static int next(Receiver<Told.Message> receiver) {
    int next = EMPTY;
    while (next == EMPTY) {
      next = told(receiver.poll());
    }
    return next;
  }

  private static int isSent(Sent sent) {
    return sent == Sent.SENT ? 1 : 0;
  }

  /// What was offered and is neither received, dropped nor pending.
  private static int missing(PointToPointChannel<?> channel) {
    ChannelStats stats = channel.stats();
    return (int) (stats.offered() - stats.received() - stats.droppedTotal() - stats.pending());
  }

  /// Four messages through one or two slots: each slot is used again while the receiver looks.
  abstract static class Wrapping {
    final PointToPointChannel<Told.Message> channel;
    final Receiver<Told.Message> receiver;

    Wrapping(PointToPointChannel<Told.Message> channel) {
      this.channel = channel;
      this.receiver = channel.receiver("receiver");
    }

    final void sendFour() {
      for (int i = 1; i <= 4; i++) {
        while (channel.trySend(new Told.Message(i)) == Sent.FULL) {
          Thread.onSpinWait();
        }
      }
    }

    final void receiveFour(IIII_Result seen) {
      seen.r1 = next(receiver);
      seen.r2 = next(receiver);
      seen.r3 = next(receiver);
      seen.r4 = next(receiver);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 2, 3, 4", expect = ACCEPTABLE, desc = "All, in order, with their content.")
  @State
  public static class OneToOneRingWrapsAroundInOrder extends Wrapping {
    /// The state of a test: made by jcstress.
    public OneToOneRingWrapsAroundInOrder() {
      super(PointToPointChannel.oneToOne(options(1)));
    }

    @Actor
    public void send() {
      sendFour();
    }

    @Actor
    public void receive(IIII_Result seen) {
      receiveFour(seen);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 2, 3, 4", expect = ACCEPTABLE, desc = "All, in order, with their content.")
  @State
  public static class ManyToOneRingWrapsAroundInOrder extends Wrapping {
    /// The state of a test: made by jcstress.
    public ManyToOneRingWrapsAroundInOrder() {
      super(PointToPointChannel.manyToOne(options(2)));
    }

    @Actor
    public void send() {
      sendFour();
    }

    @Actor
    public void receive(IIII_Result seen) {
      receiveFour(seen);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 2, 3, 4", expect = ACCEPTABLE, desc = "All, in order, with their content.")
  @State
  public static class ManyToManyRingWrapsAroundInOrder extends Wrapping {
    /// The state of a test: made by jcstress.
    public ManyToManyRingWrapsAroundInOrder() {
      super(PointToPointChannel.manyToMany(options(2)));
    }

    @Actor
    public void send() {
      sendFour();
    }

    @Actor
    public void receive(IIII_Result seen) {
      receiveFour(seen);
    }
  }

  /// A ring that is full has no empty slot to stop at.
  @JCStressTest
  @Outcome(id = "1, 2, 3, 4", expect = ACCEPTABLE, desc = "Each once, in order.")
  @State
  public static class ADrainThatRacesWithTheSenderGivesEachMessageOnce extends Wrapping {
    /// The state of a test: made by jcstress.
    public ADrainThatRacesWithTheSenderGivesEachMessageOnce() {
      super(PointToPointChannel.oneToOne(options(2)));
    }

    @Actor
    public void send() {
      sendFour();
    }

    @Actor
    public void receive(IIII_Result seen) {
      int[] got = new int[5];
      while (got[4] < 4) {
        receiver.drain(message -> got[got[4]++] = message.value(), 4);
      }
      seen.r1 = got[0];
      seen.r2 = got[1];
      seen.r3 = got[2];
      seen.r4 = got[3];
    }
  }

  abstract static class TwoSenders {
    final PointToPointChannel<Told.Message> channel;
    final Receiver<Told.Message> receiver;
    int first;
    int second;

    TwoSenders(PointToPointChannel<Told.Message> channel) {
      this.channel = channel;
      this.receiver = channel.receiver("receiver");
    }

    final int send(int value) {
      return isSent(channel.trySend(new Told.Message(value)));
    }
  }

  /// Exact capacity: of two that race for one place one gets it.
  @JCStressTest
  @Outcome(id = "1, 0, 1, 0", expect = ACCEPTABLE, desc = "The first was sent.")
  @Outcome(id = "0, 1, 2, 0", expect = ACCEPTABLE, desc = "The second was sent.")
  @State
  public static class OneOfTwoSendersGetsTheLastPlaceOfManyToOne extends TwoSenders {
    /// The state of a test: made by jcstress.
    public OneOfTwoSendersGetsTheLastPlaceOfManyToOne() {
      super(PointToPointChannel.manyToOne(options(1)));
    }

    @Actor
    public void first() {
      first = send(1);
    }

    @Actor
    public void second() {
      second = send(2);
    }

    @Arbiter
    public void receive(IIII_Result seen) {
      seen.r1 = first;
      seen.r2 = second;
      seen.r3 = told(receiver.poll());
      seen.r4 = told(receiver.poll());
    }
  }

  /// As for one receiver.
  @JCStressTest
  @Outcome(id = "1, 0, 1, 0", expect = ACCEPTABLE, desc = "The first was sent.")
  @Outcome(id = "0, 1, 2, 0", expect = ACCEPTABLE, desc = "The second was sent.")
  @State
  public static class OneOfTwoSendersGetsTheLastPlaceOfManyToMany extends TwoSenders {
    /// The state of a test: made by jcstress.
    public OneOfTwoSendersGetsTheLastPlaceOfManyToMany() {
      super(PointToPointChannel.manyToMany(options(1)));
    }

    @Actor
    public void first() {
      first = send(1);
    }

    @Actor
    public void second() {
      second = send(2);
    }

    @Arbiter
    public void receive(IIII_Result seen) {
      seen.r1 = first;
      seen.r2 = second;
      seen.r3 = told(receiver.poll());
      seen.r4 = told(receiver.poll());
    }
  }

  @JCStressTest
  @Outcome(
      id = {"1, 2", "2, 1"},
      expect = ACCEPTABLE,
      desc = "One each.")
  @Outcome(
      id = {"1, 1", "2, 2"},
      expect = FORBIDDEN,
      desc = "One message came twice.")
  @State
  public static class EachMessageGoesToOneOfTwoReceivers {
    private final PointToPointChannel<Told.Message> channel =
        PointToPointChannel.manyToMany(options(2));
    private final Receiver<Told.Message> one = channel.receiver("one");
    private final Receiver<Told.Message> other = channel.receiver("other");

    /// The state of a test: made by jcstress.
    public EachMessageGoesToOneOfTwoReceivers() {
      channel.trySend(new Told.Message(1));
      channel.trySend(new Told.Message(2));
    }

    @Actor
    public void receive(II_Result seen) {
      seen.r1 = told(one.poll());
    }

    @Actor
    public void receiveToo(II_Result seen) {
      seen.r2 = told(other.poll());
    }
  }

  /// What a receiver takes in a batch and what another takes singly are different messages.
  @JCStressTest
  @Outcome(id = "23, 1", expect = ACCEPTABLE, desc = "The poll came first.")
  @Outcome(id = "123, 0", expect = ACCEPTABLE, desc = "The drain came first.")
  @State
  public static class ADrainAndAPollShareTheMessages {
    private final PointToPointChannel<Told.Message> channel =
        PointToPointChannel.manyToMany(options(3));
    private final Receiver<Told.Message> one = channel.receiver("one");
    private final Receiver<Told.Message> other = channel.receiver("other");

    /// The state of a test: made by jcstress.
    public ADrainAndAPollShareTheMessages() {
      for (int i = 1; i <= 3; i++) {
        channel.trySend(new Told.Message(i));
      }
    }

    @Actor
    public void drain(II_Result seen) {
      int[] digits = {0};
      one.drain(message -> digits[0] = 10 * digits[0] + message.value(), 3);
      seen.r1 = digits[0];
    }

    @Actor
    public void poll(II_Result seen) {
      seen.r2 = told(other.poll());
    }
  }

  /// What a handler's exception leaves behind is counted as pending until it is received.
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "Not yet shown, or received.")
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "One is held.")
  @State
  public static class WhatAReceiverHoldsIsOneAtMost {
    private final PointToPointChannel<Told.Message> channel =
        PointToPointChannel.manyToMany(options(2));
    private final Receiver<Told.Message> receiver = channel.receiver("receiver");

    /// The state of a test: made by jcstress.
    public WhatAReceiverHoldsIsOneAtMost() {
      channel.trySend(new Told.Message(1));
      channel.trySend(new Told.Message(2));
    }

    @Actor
    public void receive() {
      try {
        receiver.drain(
            _ -> {
              throw new ArithmeticException();
            },
            2);
      } catch (ArithmeticException _) {
        told(receiver.poll());
      }
    }

    @Actor
    public void look(I_Result seen) {
      seen.r1 = (int) receiver.pending();
    }
  }

  /// A ring with one sender shows a message before it counts it.
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "Nothing was pending.")
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "The message was pending.")
  @State
  public static class WhatIsPendingIsNeverNegative {
    private final PointToPointChannel<Told.Message> channel =
        PointToPointChannel.oneToOne(options(1));
    private final Receiver<Told.Message> receiver = channel.receiver("receiver");

    /// The state of a test: made by jcstress.
    public WhatIsPendingIsNeverNegative() {}

    @Actor
    public void send() {
      channel.trySend(new Told.Message(1));
    }

    @Actor
    public void receiveAndLook(I_Result seen) {
      told(receiver.poll());
      seen.r1 = (int) channel.stats().pending();
    }
  }

  abstract static class ClosedWhileSending {
    final PointToPointChannel<Told.Message> channel;
    final Receiver<Told.Message> receiver;
    int accepted;

    ClosedWhileSending(PointToPointChannel<Told.Message> channel) {
      this.channel = channel;
      this.receiver = channel.receiver("receiver");
    }

    final void sendOne() {
      accepted = isSent(channel.trySend(new Told.Message(1)));
    }

    final void receiveAll(III_Result seen) {
      seen.r1 = accepted;
      seen.r2 = told(receiver.poll());
      seen.r3 = told(receiver.poll());
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1, -1", expect = ACCEPTABLE, desc = "Accepted and received.")
  @Outcome(id = "0, -1, -1", expect = ACCEPTABLE, desc = "Refused and never seen.")
  @State
  public static class OneToOneReceivesWhatWasAcceptedBeforeAClose extends ClosedWhileSending {
    /// The state of a test: made by jcstress.
    public OneToOneReceivesWhatWasAcceptedBeforeAClose() {
      super(PointToPointChannel.oneToOne(options(1)));
    }

    @Actor
    public void send() {
      sendOne();
    }

    @Actor
    public void close() {
      channel.close();
    }

    @Arbiter
    public void receive(III_Result seen) {
      receiveAll(seen);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1, -1", expect = ACCEPTABLE, desc = "Accepted and received.")
  @Outcome(id = "0, -1, -1", expect = ACCEPTABLE, desc = "Refused and never seen.")
  @State
  public static class ManyToOneReceivesWhatWasAcceptedBeforeAClose extends ClosedWhileSending {
    /// The state of a test: made by jcstress.
    public ManyToOneReceivesWhatWasAcceptedBeforeAClose() {
      super(PointToPointChannel.manyToOne(options(1)));
    }

    @Actor
    public void send() {
      sendOne();
    }

    @Actor
    public void close() {
      channel.close();
    }

    @Arbiter
    public void receive(III_Result seen) {
      receiveAll(seen);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1, -1", expect = ACCEPTABLE, desc = "Accepted and received.")
  @Outcome(id = "0, -1, -1", expect = ACCEPTABLE, desc = "Refused and never seen.")
  @State
  public static class ManyToManyReceivesWhatWasAcceptedBeforeAClose extends ClosedWhileSending {
    /// The state of a test: made by jcstress.
    public ManyToManyReceivesWhatWasAcceptedBeforeAClose() {
      super(PointToPointChannel.manyToMany(options(1)));
    }

    @Actor
    public void send() {
      sendOne();
    }

    @Actor
    public void close() {
      channel.close();
    }

    @Arbiter
    public void receive(III_Result seen) {
      receiveAll(seen);
    }
  }

  /// Whoever comes second returns when the first is through: the sender is refused behind either.
  @JCStressTest
  @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "Refused behind both, one cause.")
  @State
  public static class ASendBehindEitherOfTwoClosesIsRefused {
    private final PointToPointChannel<Told.Message> channel =
        PointToPointChannel.oneToOne(options(2));
    private final Receiver<Told.Message> receiver = channel.receiver("receiver");
    private final Throwable one = new Throwable("one", null, false, false) {};
    private int afterOther;

    /// The state of a test: made by jcstress.
    public ASendBehindEitherOfTwoClosesIsRefused() {}

    @Actor
    public void closeAndSend(III_Result seen) {
      channel.close(one);
      seen.r1 = isSent(channel.trySend(new Told.Message(1)));
    }

    @Actor
    public void close() {
      channel.close(one);
      afterOther = channel.isClosed() ? 0 : 1;
    }

    @Arbiter
    public void look(III_Result seen) {
      seen.r2 = afterOther;
      seen.r3 =
          receiver.poll() instanceof Received.Closed<Told.Message>(Throwable cause)
                  && one.equals(cause)
              ? 1
              : 0;
    }
  }

  /// Received or counted as dropped, and never both.
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Received before the receiver left.")
  @Outcome(id = "-1, 0", expect = ACCEPTABLE, desc = "Dropped, since the receiver had left.")
  @State
  public static class AMessageIsReceivedOrDroppedWhenTheReceiverIsClosed {
    private final PointToPointChannel<Told.Message> channel =
        PointToPointChannel.oneToOne(options(1));
    private final Receiver<Told.Message> receiver = channel.receiver("receiver");
    private int seenByReceiver;

    /// The state of a test: made by jcstress.
    public AMessageIsReceivedOrDroppedWhenTheReceiverIsClosed() {
      channel.trySend(new Told.Message(1));
      channel.giveUpSending();
    }

    @Actor
    public void receive() {
      seenByReceiver = told(receiver.poll());
    }

    @Actor
    public void close() {
      receiver.close();
    }

    @Arbiter
    public void count(II_Result seen) {
      seen.r1 = seenByReceiver;
      seen.r2 = missing(channel) + (int) (channel.stats().received() - Math.max(0, seenByReceiver));
    }
  }

  /// The stamps of a batch belong to its messages: none is from before its send.
  @JCStressTest
  @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "Two messages, each with its own time.")
  @State
  public static class ATimeBelongsToItsMessage {
    private final PointToPointChannel<Told.Message> channel =
        PointToPointChannel.manyToOne(options(1).latency(LatencyTracking.FULL));
    private final Receiver<Told.Message> receiver = channel.receiver("receiver");

    /// The state of a test: made by jcstress.
    public ATimeBelongsToItsMessage() {}

    @Actor
    public void send() {
      for (int i = 1; i <= 2; i++) {
        while (channel.trySend(new Told.Message(i)) == Sent.FULL) {
          Thread.onSpinWait();
        }
      }
    }

    @Actor
    public void receive(II_Result seen) {
      while (seen.r1 < 2) {
        if (receiver.poll() instanceof Received.Message<Told.Message> message) {
          seen.r1++;
          // The message was made before it was sent: a time longer than its age is another one's.
          seen.r2 += message.latencyNanos() > message.value().ageNanos() ? 1 : 0;
        }
      }
    }
  }

  /// The receiver waits for as long as it takes: a wake-up that is lost never ends in time.
  @JCStressTest(Mode.Termination)
  @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "The receiver woke for the message.")
  @State
  public static class AMessageWakesTheReceiverThatParksForIt {
    private final PointToPointChannel<Told.Message> channel =
        PointToPointChannel.oneToOne(options(1));
    private final Receiver<Told.Message> receiver = channel.receiver("receiver");

    /// The state of a test: made by jcstress.
    public AMessageWakesTheReceiverThatParksForIt() {}

    @Actor
    public void receive() throws InterruptedException {
      receiver.receive();
    }

    @Signal
    public void send() {
      channel.trySend(new Told.Message(1));
    }
  }

  /// As for the receiver.
  @JCStressTest(Mode.Termination)
  @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "The sender woke for the room.")
  @State
  public static class RoomWakesTheSenderThatParksForIt {
    private final PointToPointChannel<Told.Message> channel =
        PointToPointChannel.manyToOne(options(1));
    private final Receiver<Told.Message> receiver = channel.receiver("receiver");

    /// The state of a test: made by jcstress.
    public RoomWakesTheSenderThatParksForIt() {
      channel.trySend(new Told.Message(1));
    }

    @Actor
    public void send() throws InterruptedException {
      channel.send(new Told.Message(2));
    }

    @Signal
    public void receive() {
      receiver.poll();
    }
  }

  /// As for one receiver.
  @JCStressTest(Mode.Termination)
  @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "The select woke for the message.")
  @State
  public static class AMessageWakesTheSelectThatParksForIt {
    private final PointToPointChannel<Told.Message> quiet =
        PointToPointChannel.oneToOne(options(1));
    private final PointToPointChannel<Told.Message> channel =
        PointToPointChannel.manyToMany(options(1));
    private final Select select =
        Select.fairly(quiet.receiver("quiet"), channel.receiver("receiver"));

    /// The state of a test: made by jcstress.
    public AMessageWakesTheSelectThatParksForIt() {}

    @Actor
    public void await() throws InterruptedException {
      if (select.await() != 1) {
        throw new AssertionError();
      }
    }

    @Signal
    public void send() {
      channel.trySend(new Told.Message(1));
    }
  }
}
