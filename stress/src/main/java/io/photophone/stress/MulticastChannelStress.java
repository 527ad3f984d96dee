package io.photophone.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.photophone.channels.ChannelStats;
import io.photophone.channels.MulticastChannel;
import io.photophone.channels.Overflow;
import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import io.photophone.channels.Sent;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// What a multicast channel promises to threads that race. Contract: C3.
///
/// What was received is told by small numbers: a message by its value, from 1 on, the others by the
/// constants below. An outcome that no sentence names fails the test.
public final class MulticastChannelStress {
  /// Nothing to receive yet.
  private static final int EMPTY = 0;

  /// Nothing to receive any more.
  private static final int CLOSED = -1;

  /// Missed messages are told as this minus their count.
  private static final int LAGGED = -10;

  private MulticastChannelStress() {}

  private static int told(Received<Message> received) {
    return switch (received) {
      case Received.Message<Message> message -> message.value().value;
      case Received.Empty<Message> _ -> EMPTY;
      case Received.Closed<Message> _ -> CLOSED;
      case Received.Lagged<Message>(long missed) -> LAGGED - (int) missed;
    };
  }

  /// What is there goes on to be accounted for: 0 if each message up to the last is received or
  /// told lost, in its place.
  ///
  /// @param before what was accounted for so far
  private static int holes(Receiver<Message> receiver, int before, int last) {
    int accounted = before;
    for (int next = told(receiver.poll());
        next != EMPTY && next != CLOSED;
        next = told(receiver.poll())) {
      accounted += next > 0 ? 1 : LAGGED - next;
      if (next > 0 && next != accounted) {
        return 100 + next;
      }
    }
    return last - accounted;
  }

  private static int accountedFor(int told) {
    return told == EMPTY ? 0 : told > 0 ? 1 : LAGGED - told;
  }

  private static int conserved(MulticastChannel<Message> channel) {
    ChannelStats stats = channel.stats();
    return stats.offered() == stats.received() + stats.droppedTotal() + stats.pending() ? 1 : 0;
  }

  private static void send(MulticastChannel<Message> channel, int from, int to) {
    for (int i = from; i <= to; i++) {
      channel.trySend(new Message(i));
    }
  }

  /// A message whose content is an ordinary field: only the channel makes it visible.
  private static final class Message {
    int value;

    Message(int value) {
      this.value = value;
    }
  }

  @JCStressTest
  @Outcome(
      id = {"0, 0", "0, 1", "1, 0", "1, 2"},
      expect = ACCEPTABLE,
      desc = "What was received was received with its content, in order.")
  @State
  public static class AMessageThatIsReceivedIsFullyVisible {
    private final MulticastChannel<Message> channel = new MulticastChannel<>("stress", 2);
    private final Receiver<Message> receiver = channel.subscribe("receiver", Overflow.WAIT);

    /// The state of a test: made by jcstress.
    public AMessageThatIsReceivedIsFullyVisible() {}

    @Actor
    public void send() {
      MulticastChannelStress.send(channel, 1, 2);
    }

    @Actor
    public void receive(II_Result seen) {
      seen.r1 = told(receiver.poll());
      seen.r2 = told(receiver.poll());
    }
  }

  /// Two messages have room, the third has if the receiver was quick enough, and the fourth.
  @JCStressTest
  @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "Nothing was sent yet; all is told later.")
  @Outcome(
      id = {"0, 0, 1", "0, 1, 0", "0, 1, 2", "1, 0, 0", "1, 0, 2", "1, 2, 0", "1, 2, 3"},
      expect = ACCEPTABLE,
      desc = "Received in order, with room for all so far.")
  @Outcome(
      id = {"1, 2, -11", "1, 2, -12"},
      expect = ACCEPTABLE,
      desc = "What had no room is told behind what was pending.")
  @State
  public static class ALossIsToldBehindWhatWasPending {
    private final MulticastChannel<Message> channel = new MulticastChannel<>("stress", 2);
    private final Receiver<Message> receiver = channel.subscribe("receiver", Overflow.DROP_NEWEST);
    private int accounted;

    /// The state of a test: made by jcstress.
    public ALossIsToldBehindWhatWasPending() {}

    @Actor
    public void send() {
      MulticastChannelStress.send(channel, 1, 4);
    }

    @Actor
    public void receive(III_Result seen) {
      seen.r1 = told(receiver.poll());
      seen.r2 = told(receiver.poll());
      seen.r3 = told(receiver.poll());
      accounted = accountedFor(seen.r1) + accountedFor(seen.r2) + accountedFor(seen.r3);
      receiver.handOver();
    }

    /// What follows is accounted for to the last message.
    @Arbiter
    public void rest(III_Result seen) {
      if (holes(receiver, accounted, 4) != 0 || conserved(channel) == 0) {
        seen.r1 = 100;
      }
    }
  }

  /// More messages than there are slots.
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "All that was sent was received or told lost.")
  @State
  public static class AnOverwrittenMessageIsToldAndNeverAnotherMessage {
    private final MulticastChannel<Message> channel = new MulticastChannel<>("stress", 1);
    private final Receiver<Message> receiver = channel.subscribe("receiver", Overflow.KEEP_NEWEST);
    private int accounted;

    /// The state of a test: made by jcstress.
    public AnOverwrittenMessageIsToldAndNeverAnotherMessage() {}

    @Actor
    public void send() {
      MulticastChannelStress.send(channel, 1, 300);
    }

    @Actor
    public void receive() {
      accounted = 0;
      for (int i = 0; i < 20; i++) {
        int next = told(receiver.poll());
        accounted += accountedFor(next);
        if (next > 0 && next != accounted) {
          accounted = 10_000;
        }
      }
      receiver.handOver();
    }

    @Arbiter
    public void rest(II_Result seen) {
      seen.r1 = holes(receiver, accounted, 300);
      seen.r2 = conserved(channel);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1, -1", expect = ACCEPTABLE, desc = "Accepted before the close, and received.")
  @Outcome(id = "0, -1, -1", expect = ACCEPTABLE, desc = "Refused after the close, never received.")
  @State
  public static class AMessageIsReceivedIfItWasAcceptedAndOnlyThen {
    private final MulticastChannel<Message> channel = new MulticastChannel<>("stress", 1);
    private final Receiver<Message> receiver = channel.subscribe("receiver", Overflow.WAIT);
    private int accepted;

    /// The state of a test: made by jcstress.
    public AMessageIsReceivedIfItWasAcceptedAndOnlyThen() {}

    @Actor
    public void send() {
      accepted = channel.trySend(new Message(1)) == Sent.SENT ? 1 : 0;
    }

    @Actor
    public void close() {
      channel.close();
    }

    @Arbiter
    public void receive(III_Result seen) {
      seen.r1 = accepted;
      seen.r2 = told(receiver.poll());
      seen.r3 = told(receiver.poll());
    }
  }

  @JCStressTest
  @Outcome(id = "1, -11, -1", expect = ACCEPTABLE, desc = "The message, the loss, and the end.")
  @Outcome(id = "1, 2, -1", expect = ACCEPTABLE, desc = "Both messages, and the end.")
  @State
  public static class TheEndIsSeenOnceEverythingWasReceivedOrTold {
    private final MulticastChannel<Message> channel = new MulticastChannel<>("stress", 1);
    private final Receiver<Message> receiver = channel.subscribe("receiver", Overflow.DROP_NEWEST);

    /// The state of a test: made by jcstress.
    public TheEndIsSeenOnceEverythingWasReceivedOrTold() {}

    @Actor
    public void sendAndClose() {
      MulticastChannelStress.send(channel, 1, 2);
      channel.close();
    }

    @Actor
    public void receive(III_Result seen) {
      seen.r1 = afterEmpty();
      seen.r2 = afterEmpty();
      seen.r3 = afterEmpty();
    }

    private int afterEmpty() {
      int next = EMPTY;
      while (next == EMPTY) {
        next = told(receiver.poll());
      }
      return next;
    }
  }

  @JCStressTest
  @Outcome(id = "1, -1, 1", expect = ACCEPTABLE, desc = "What was pending, then the end; 1 lost.")
  @Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "It had made room in time.")
  @State
  public static class WhoIsDisconnectedGetsWhatWasPendingBeforeTheEnd {
    private final MulticastChannel<Message> channel = new MulticastChannel<>("stress", 1);
    private final Receiver<Message> receiver = channel.subscribe("receiver", Overflow.DISCONNECT);

    /// The state of a test: made by jcstress.
    public WhoIsDisconnectedGetsWhatWasPendingBeforeTheEnd() {}

    @Actor
    public void send() {
      MulticastChannelStress.send(channel, 1, 2);
    }

    @Actor
    public void receive(III_Result seen) {
      seen.r1 = afterEmpty();
      seen.r2 = afterEmpty();
    }

    private int afterEmpty() {
      int next = EMPTY;
      while (next == EMPTY) {
        next = told(receiver.poll());
      }
      return next;
    }

    @Arbiter
    public void lost(III_Result seen) {
      seen.r3 = (int) receiver.stats().droppedTotal();
    }
  }

  @JCStressTest
  @Outcome(
      id = {"0, 1", "1, 1", "2, 1", "3, 1"},
      expect = ACCEPTABLE,
      desc = "It got all from some message on.")
  @State
  public static class AReceiverThatJoinsGetsEverythingFromThereOn {
    private final MulticastChannel<Message> channel = new MulticastChannel<>("stress", 4);
    private Receiver<Message> receiver = channel.subscribe("first", Overflow.WAIT);

    /// The state of a test: made by jcstress.
    public AReceiverThatJoinsGetsEverythingFromThereOn() {}

    @Actor
    public void send() {
      MulticastChannelStress.send(channel, 1, 3);
    }

    @Actor
    public void join() {
      receiver = channel.subscribe("second", Overflow.DROP_OLDEST);
    }

    @Arbiter
    public void receive(II_Result seen) {
      int last = 0;
      int messages = 0;
      for (int next = told(receiver.poll()); next != EMPTY; next = told(receiver.poll())) {
        if (last != 0 && next != last + 1) {
          messages = 100;
        }
        messages++;
        last = next;
      }
      seen.r1 = messages;
      seen.r2 = (messages == 0 || last == 3) && conserved(channel) == 1 ? 1 : 0;
    }
  }

  @JCStressTest
  @Outcome(
      id = {"0, 1", "1, 1", "2, 1"},
      expect = ACCEPTABLE,
      desc = "What was sent to it until it left is accounted for.")
  @State
  public static class AReceiverThatLeavesIsDueNothingMore {
    private final MulticastChannel<Message> channel = new MulticastChannel<>("stress", 4);
    private final Receiver<Message> receiver = channel.subscribe("receiver", Overflow.WAIT);
    private int offered;

    /// The state of a test: made by jcstress.
    public AReceiverThatLeavesIsDueNothingMore() {}

    @Actor
    public void send() {
      MulticastChannelStress.send(channel, 1, 2);
    }

    @Actor
    public void leave() {
      receiver.close();
      offered = (int) receiver.stats().offered();
    }

    @Arbiter
    public void look(II_Result seen) {
      seen.r1 = offered;
      seen.r2 = channel.stats().offered() == offered && conserved(channel) == 1 ? 1 : 0;
    }
  }

  /// The sender waits for as long as it takes: a wake-up that is lost never ends.
  @JCStressTest(Mode.Termination)
  @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "The sender woke for the room.")
  @State
  public static class AReceiveWakesTheSenderThatParksForRoom {
    private final MulticastChannel<Message> channel = new MulticastChannel<>("stress", 1);
    private final Receiver<Message> receiver = channel.subscribe("receiver", Overflow.WAIT);

    /// The state of a test: made by jcstress.
    public AReceiveWakesTheSenderThatParksForRoom() {}

    @Actor
    public void send() throws InterruptedException {
      channel.send(new Message(1));
      channel.send(new Message(2));
    }

    @Signal
    public void receive() {
      while (told(receiver.poll()) == EMPTY) {}
    }
  }

  /// As for a receive.
  @JCStressTest(Mode.Termination)
  @Outcome(
      id = "TERMINATED",
      expect = ACCEPTABLE,
      desc = "The sender woke when none was in its way.")
  @State
  public static class AReceiverThatLeavesWakesTheSenderThatParksForIt {
    private final MulticastChannel<Message> channel = new MulticastChannel<>("stress", 1);
    private final Receiver<Message> receiver = channel.subscribe("receiver", Overflow.WAIT);

    /// The state of a test: made by jcstress.
    public AReceiverThatLeavesWakesTheSenderThatParksForIt() {}

    @Actor
    public void send() throws InterruptedException {
      channel.send(new Message(1));
      channel.send(new Message(2));
    }

    @Signal
    public void leave() {
      receiver.close();
    }
  }
}
