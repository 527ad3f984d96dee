package io.photophone.stress;

import static io.photophone.stress.Told.EMPTY;
import static io.photophone.stress.Told.LAGGED;
import static io.photophone.stress.Told.told;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.ChannelOptions;
import io.photophone.channels.LatencyTracking;
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
import org.openjdk.jcstress.infra.results.I_Result;

/// What a broadcast channel promises to threads that race. Contract: C4.
///
/// What was received is told by the numbers of [Told]. An outcome that no sentence names fails the
/// test.
public final class BroadcastChannelStress {
  private BroadcastChannelStress() {}

  private static Receiver<Told.Message> subscribe(BroadcastChannel<Told.Message> channel) {
    return channel.subscribe("receiver", Resume.OLDEST);
  }

  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "The message was not sent yet.")
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "The message was received with its content.")
  @State
  public static class AMessageThatIsReceivedIsFullyVisible {
    private final BroadcastChannel<Told.Message> channel = new BroadcastChannel<>("stress", 1);
    private final Receiver<Told.Message> receiver = subscribe(channel);

    /// The state of a test: made by jcstress.
    public AMessageThatIsReceivedIsFullyVisible() {}

    @Actor
    public void send() {
      channel.send(new Told.Message(1));
    }

    @Actor
    public void receive(I_Result seen) {
      seen.r1 = told(receiver.poll());
    }
  }

  @JCStressTest
  @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "Nothing was sent yet.")
  @Outcome(
      id = {"0, 0, 1", "0, 1, 0", "0, 1, 2", "1, 0, 0", "1, 0, 2", "1, 2, 0"},
      expect = ACCEPTABLE,
      desc = "Some were received, in the order in which they were sent, none twice.")
  @Outcome(id = "1, 2, 3", expect = ACCEPTABLE, desc = "All were received in order.")
  @State
  public static class MessagesAreReceivedInOrderAndAtMostOnce {
    private final BroadcastChannel<Told.Message> channel = new BroadcastChannel<>("stress", 4);
    private final Receiver<Told.Message> receiver = subscribe(channel);

    /// The state of a test: made by jcstress.
    public MessagesAreReceivedInOrderAndAtMostOnce() {}

    @Actor
    public void send() {
      channel.send(new Told.Message(1));
      channel.send(new Told.Message(2));
      channel.send(new Told.Message(3));
    }

    @Actor
    public void receive(III_Result seen) {
      seen.r1 = told(receiver.poll());
      seen.r2 = told(receiver.poll());
      seen.r3 = told(receiver.poll());
    }
  }

  /// Two slots: the third message takes the slot of the first, the fourth that of the second.
  @JCStressTest
  @Outcome(id = "1, 4", expect = ACCEPTABLE, desc = "Received before anything was written over it.")
  @Outcome(id = "-11, 4", expect = ACCEPTABLE, desc = "One was missed and told.")
  @Outcome(id = "-12, 4", expect = ACCEPTABLE, desc = "Two were missed and told.")
  @Outcome(id = "-13, 4", expect = ACCEPTABLE, desc = "Three were missed and told.")
  @State
  public static class AnOverwrittenMessageIsLagAndNeverAnotherMessage {
    private final BroadcastChannel<Told.Message> channel = new BroadcastChannel<>("stress", 1);
    private final Receiver<Told.Message> receiver = subscribe(channel);
    private int first;

    /// The state of a test: made by jcstress.
    public AnOverwrittenMessageIsLagAndNeverAnotherMessage() {}

    @Actor
    public void send() {
      for (int i = 1; i <= 4; i++) {
        channel.send(new Told.Message(i));
      }
    }

    @Actor
    public void receive() {
      first = EMPTY;
      while (first == EMPTY) {
        first = told(receiver.poll());
      }
      receiver.handOver();
    }

    /// What follows is accounted for to the last message.
    @Arbiter
    public void rest(II_Result seen) {
      seen.r1 = first;
      long accounted = first > 0 ? 1 : LAGGED - first;
      int last = first;
      while (true) {
        int next = told(receiver.poll());
        if (next == EMPTY) {
          break;
        }
        if (next > 0 && next != accounted + 1) {
          last = 100 + next;
          break;
        }
        accounted += next > 0 ? 1 : LAGGED - next;
        last = next;
      }
      seen.r2 = accounted == 4 ? last : -100 - (int) accounted;
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1, -1", expect = ACCEPTABLE, desc = "Accepted before the close, and received.")
  @Outcome(id = "0, -1, -1", expect = ACCEPTABLE, desc = "Refused after the close, never received.")
  @State
  public static class AMessageIsReceivedIfItWasAcceptedAndOnlyThen {
    private final BroadcastChannel<Told.Message> channel = new BroadcastChannel<>("stress", 1);
    private final Receiver<Told.Message> receiver = subscribe(channel);
    private int accepted;

    /// The state of a test: made by jcstress.
    public AMessageIsReceivedIfItWasAcceptedAndOnlyThen() {}

    @Actor
    public void send() {
      accepted = channel.send(new Told.Message(1)) == Sent.SENT ? 1 : 0;
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
  @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "The message, and then the end.")
  @State
  public static class TheEndIsSeenOnceEverythingAcceptedWasReceived {
    private final BroadcastChannel<Told.Message> channel = new BroadcastChannel<>("stress", 1);
    private final Receiver<Told.Message> receiver = subscribe(channel);

    /// The state of a test: made by jcstress.
    public TheEndIsSeenOnceEverythingAcceptedWasReceived() {}

    @Actor
    public void sendAndClose() {
      channel.send(new Told.Message(1));
      channel.close();
    }

    @Actor
    public void receive(II_Result seen) {
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
  }

  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "Nothing was pending.")
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "The message was pending.")
  @State
  public static class WhatIsPendingIsNeverNegative {
    private final BroadcastChannel<Told.Message> channel = new BroadcastChannel<>("stress", 1);
    private final Receiver<Told.Message> receiver = subscribe(channel);

    /// The state of a test: made by jcstress.
    public WhatIsPendingIsNeverNegative() {}

    @Actor
    public void sendAndReceive() {
      channel.send(new Told.Message(1));
      receiver.poll();
    }

    @Actor
    public void look(I_Result seen) {
      seen.r1 = (int) receiver.pending();
    }
  }

  /// A drain that was overtaken hands over nothing of what it saw.
  @JCStressTest
  @Outcome(id = "5, 0", expect = ACCEPTABLE, desc = "All accounted for, none out of its place.")
  @State
  public static class ADrainThatIsOvertakenHandsOverNoOtherMessage {
    private final BroadcastChannel<Told.Message> channel = new BroadcastChannel<>("stress", 2);
    private final Receiver<Told.Message> receiver = subscribe(channel);
    private int accounted;
    private int misplaced;

    /// The state of a test: made by jcstress.
    public ADrainThatIsOvertakenHandsOverNoOtherMessage() {}

    @Actor
    public void send() {
      for (int i = 1; i <= 5; i++) {
        channel.send(new Told.Message(i));
      }
    }

    @Actor
    public void drain() {
      receiver.drain(this::count, 5);
      receiver.handOver();
    }

    private void count(Told.Message message) {
      accounted++;
      misplaced += message.value() == accounted ? 0 : 1;
    }

    @Arbiter
    public void rest(II_Result seen) {
      while (true) {
        switch (receiver.poll()) {
          case Received.Message<Told.Message> message -> count(message.value());
          case Received.Lagged<Told.Message>(long missed) -> accounted += (int) missed;
          case Received.Empty<Told.Message> _, Received.Closed<Told.Message> _ -> {
            seen.r1 = accounted;
            seen.r2 = misplaced;
            return;
          }
        }
      }
    }
  }

  /// A message's time lies between its making and that of the next one, and a slot's next time is
  /// written before the slot's next message.
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "The time was the message's own.")
  @State
  public static class ATimeNeverBelongsToAnotherMessage {
    private static final int MESSAGES = 6;

    private final BroadcastChannel<Told.Message> channel =
        new BroadcastChannel<>(ChannelOptions.of("stress", 1).latency(LatencyTracking.FULL));
    private final Receiver<Told.Message> receiver = subscribe(channel);

    /// By value, when it was made.
    private final long[] madeNanos = new long[MESSAGES + 1];

    private int value;
    private long earliestSent;
    private long latestSent;

    /// The state of a test: made by jcstress.
    public ATimeNeverBelongsToAnotherMessage() {}

    @Actor
    public void send() {
      for (int i = 1; i <= MESSAGES; i++) {
        madeNanos[i] = System.nanoTime();
        channel.send(new Told.Message(i));
      }
    }

    @Actor
    public void receive() {
      while (value == 0) {
        long before = System.nanoTime();
        if (receiver.poll() instanceof Received.Message<Told.Message> message) {
          earliestSent = before - message.latencyNanos();
          latestSent = System.nanoTime() - message.latencyNanos();
          value = message.value().value();
        }
      }
    }

    @Arbiter
    public void compare(I_Result seen) {
      boolean isOfEarlier = latestSent < madeNanos[value];
      boolean isOfLater = value < MESSAGES && earliestSent > madeNanos[value + 1];
      seen.r1 = isOfEarlier || isOfLater ? value : 0;
    }
  }

  /// Another thread takes over the ring where the first has left it.
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The second came too early and was refused.")
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "The second went on behind the first.")
  @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "The second came first and gave up in time.")
  @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "The second came first, the first was refused.")
  @State
  public static class ASenderHandsOverToAnotherThreadWithoutAGap {
    private final BroadcastChannel<Told.Message> channel = new BroadcastChannel<>("stress", 4);
    private final Receiver<Told.Message> receiver = subscribe(channel);

    /// The state of a test: made by jcstress.
    public ASenderHandsOverToAnotherThreadWithoutAGap() {}

    @Actor
    public void first() {
      sendOnce(1);
    }

    @Actor
    public void second() {
      sendOnce(2);
    }

    private void sendOnce(int value) {
      try {
        channel.send(new Told.Message(value));
      } catch (IllegalStateException e) {
        return;
      }
      channel.giveUpSending();
    }

    @Arbiter
    public void receive(II_Result seen) {
      seen.r1 = told(receiver.poll());
      seen.r2 = told(receiver.poll());
    }
  }

  /// The receiver waits for as long as it takes: a wake-up that is lost never ends.
  @JCStressTest(Mode.Termination)
  @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "The receiver woke for the message.")
  @State
  public static class AMessageWakesTheReceiverThatParksForIt {
    private final BroadcastChannel<Told.Message> channel = new BroadcastChannel<>("stress", 1);
    private final Receiver<Told.Message> receiver = subscribe(channel);

    /// The state of a test: made by jcstress.
    public AMessageWakesTheReceiverThatParksForIt() {}

    @Actor
    public void receive() throws InterruptedException {
      receiver.receive();
    }

    @Signal
    public void send() {
      channel.send(new Told.Message(1));
    }
  }

  /// As for a message.
  @JCStressTest(Mode.Termination)
  @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "The receiver woke for the close.")
  @State
  public static class ACloseWakesTheReceiverThatParks {
    private final BroadcastChannel<Told.Message> channel = new BroadcastChannel<>("stress", 1);
    private final Receiver<Told.Message> receiver = subscribe(channel);

    /// The state of a test: made by jcstress.
    public ACloseWakesTheReceiverThatParks() {}

    @Actor
    public void receive() throws InterruptedException {
      receiver.receive();
    }

    @Signal
    public void close() {
      channel.close();
    }
  }
}
