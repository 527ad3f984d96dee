package io.photophone.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.photophone.channels.AnycastChannel;
import io.photophone.channels.AnycastChannel.Policy;
import io.photophone.channels.ChannelOptions;
import io.photophone.channels.ChannelStats;
import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import io.photophone.channels.Sent;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/// What an anycast channel promises to threads that race. Contract: C5.
///
/// What was received is told by small numbers: a message by its value, from 1 on, the others by the
/// constants below. An outcome that no sentence names fails the test.
public final class AnycastChannelStress {
  /// Nothing to receive yet.
  private static final int EMPTY = 0;

  /// Nothing to receive any more.
  private static final int CLOSED = -1;

  private AnycastChannelStress() {}

  private static int told(Received<Message> received) {
    return switch (received) {
      case Received.Message<Message> message -> message.value().value;
      case Received.Empty<Message> _ -> EMPTY;
      case Received.Closed<Message> _ -> CLOSED;
      case Received.Lagged<Message> _ -> throw new AssertionError("an anycast channel never lags");
    };
  }

  private static int told(Sent sent) {
    return sent == Sent.SENT ? 1 : 0;
  }

  private static AnycastChannel<Message> channel(Policy policy, int capacity) {
    return new AnycastChannel<>(ChannelOptions.of("stress", capacity), policy);
  }

  /// How many messages are left for a receiver that the calling thread takes over.
  private static int rest(Receiver<Message> receiver) {
    int count = 0;
    while (told(receiver.poll()) > 0) {
      count++;
    }
    return count;
  }

  /// A message whose content is an ordinary field: only the channel makes it visible.
  private static final class Message {
    int value;

    Message(int value) {
      this.value = value;
    }
  }

  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "The message was not sent yet.")
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "The message was received with its content.")
  @State
  public static class AMessageThatIsStolenIsFullyVisible {
    private final AnycastChannel<Message> channel = channel(Policy.WORK_STEALING, 1);
    private final Receiver<Message> thief;

    /// The state of a test: made by jcstress.
    public AMessageThatIsStolenIsFullyVisible() {
      channel.receiver("owner");
      thief = channel.receiver("thief");
    }

    @Actor
    public void send() {
      channel.trySend(new Message(1));
    }

    @Actor
    public void receive(I_Result seen) {
      seen.r1 = told(thief.poll());
    }
  }

  @JCStressTest
  @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "The owner received it.")
  @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "It was stolen.")
  @State
  public static class AMessageIsReceivedByItsOwnerOrByAThief {
    private final AnycastChannel<Message> channel = channel(Policy.WORK_STEALING, 1);
    private final Receiver<Message> owner;
    private final Receiver<Message> thief;

    /// The state of a test: made by jcstress.
    public AMessageIsReceivedByItsOwnerOrByAThief() {
      owner = channel.receiver("owner");
      thief = channel.receiver("thief");
      channel.trySend(new Message(1));
    }

    @Actor
    public void own(III_Result seen) {
      seen.r1 = told(owner.poll());
      owner.handOver();
    }

    @Actor
    public void steal(III_Result seen) {
      seen.r2 = told(thief.poll());
    }

    @Arbiter
    public void rest(III_Result seen) {
      seen.r3 = AnycastChannelStress.rest(owner);
    }
  }

  /// The receiver that is chosen leaves while it is being chosen.
  @JCStressTest
  @Outcome(
      id = "1, 2",
      expect = ACCEPTABLE,
      desc = "Both were accepted and handed over, or sent on.")
  @State
  public static class AMessageSentToAReceiverThatLeavesReachesAnother {
    private final AnycastChannel<Message> channel = channel(Policy.ROUND_ROBIN, 4);
    private final Receiver<Message> leaving = channel.receiver("leaving");
    private final Receiver<Message> staying = channel.receiver("staying");
    private int sent;

    /// The state of a test: made by jcstress.
    public AMessageSentToAReceiverThatLeavesReachesAnother() {}

    @Actor
    public void send() {
      sent = told(channel.trySend(new Message(1))) * told(channel.trySend(new Message(2)));
    }

    @Actor
    public void leave() {
      leaving.close();
    }

    @Arbiter
    public void rest(II_Result seen) {
      seen.r1 = sent;
      seen.r2 = AnycastChannelStress.rest(staying);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The first was received while the other left.")
  @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "The second was, being its own.")
  @State
  public static class ABacklogIsHandedOverOnceWhileAnotherReceives {
    private final AnycastChannel<Message> channel = channel(Policy.ROUND_ROBIN, 4);
    private final Receiver<Message> leaving = channel.receiver("leaving");
    private final Receiver<Message> staying = channel.receiver("staying");
    private int first;

    /// The state of a test: made by jcstress.
    public ABacklogIsHandedOverOnceWhileAnotherReceives() {
      channel.trySend(new Message(1));
      channel.trySend(new Message(2));
    }

    @Actor
    public void leave() {
      leaving.close();
    }

    @Actor
    public void receive() {
      first = told(staying.poll());
      staying.handOver();
    }

    @Arbiter
    public void rest(II_Result seen) {
      seen.r1 = first;
      seen.r2 = AnycastChannelStress.rest(staying);
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1, -1", expect = ACCEPTABLE, desc = "Accepted before the close, and received.")
  @Outcome(id = "0, -1, -1", expect = ACCEPTABLE, desc = "Refused after the close, never received.")
  @State
  public static class AMessageIsReceivedIfItWasAcceptedAndOnlyThen {
    private final AnycastChannel<Message> channel = channel(Policy.LEAST_LOADED, 1);
    private final Receiver<Message> receiver = channel.receiver("receiver");
    private int accepted;

    /// The state of a test: made by jcstress.
    public AMessageIsReceivedIfItWasAcceptedAndOnlyThen() {}

    @Actor
    public void send() {
      accepted = told(channel.trySend(new Message(1)));
    }

    @Actor
    public void close() {
      channel.close();
    }

    @Arbiter
    public void rest(III_Result seen) {
      seen.r1 = accepted;
      seen.r2 = told(receiver.poll());
      seen.r3 = told(receiver.poll());
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "One send found the room of the one receiver.")
  @State
  public static class ARoomForOneIsGivenToOneOfTwoSenders {
    private final AnycastChannel<Message> channel = channel(Policy.RANDOM, 1);
    private final Receiver<Message> receiver = channel.receiver("receiver");
    private int first;
    private int second;

    /// The state of a test: made by jcstress.
    public ARoomForOneIsGivenToOneOfTwoSenders() {}

    @Actor
    public void sendFirst() {
      first = told(channel.trySend(new Message(1)));
    }

    @Actor
    public void sendSecond() {
      second = told(channel.trySend(new Message(2)));
    }

    @Arbiter
    public void rest(II_Result seen) {
      seen.r1 = first + second;
      seen.r2 = AnycastChannelStress.rest(receiver);
    }
  }

  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "Each message was received, or is pending.")
  @State
  public static class TheLawHoldsAfterAReceiveThatRacesWithALeave {
    private final AnycastChannel<Message> channel = channel(Policy.WORK_STEALING, 4);
    private final Receiver<Message> leaving = channel.receiver("leaving");
    private final Receiver<Message> staying = channel.receiver("staying");

    /// The state of a test: made by jcstress.
    public TheLawHoldsAfterAReceiveThatRacesWithALeave() {
      channel.trySend(new Message(1));
      channel.trySend(new Message(2));
    }

    @Actor
    public void leave() {
      leaving.poll();
      leaving.close();
    }

    @Actor
    public void receive() {
      staying.drain(_ -> {}, 2);
    }

    @Arbiter
    public void rest(I_Result seen) {
      ChannelStats stats = channel.stats();
      seen.r1 = stats.sent() == stats.received() + stats.pending() && stats.sent() == 2 ? 1 : 0;
    }
  }
}
