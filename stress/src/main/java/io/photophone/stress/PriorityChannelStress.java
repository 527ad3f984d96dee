package io.photophone.stress;

import static io.photophone.stress.Told.EMPTY;
import static io.photophone.stress.Told.told;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.photophone.channels.ChannelOptions;
import io.photophone.channels.Priority;
import io.photophone.channels.PriorityChannel;
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

/// What a priority channel promises to threads that race. Contract: C2.
///
/// What was received is told by the numbers of [Told].
public final class PriorityChannelStress {
  private PriorityChannelStress() {}

  private static PriorityChannel<Told.Message> open(int capacity) {
    return new PriorityChannel<>(ChannelOptions.of("stress", capacity));
  }

  /// The urgent message was sent first: who receives the other one first came before both.
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Nothing was sent yet.")
  @Outcome(
      id = {"0, 1", "1, 0"},
      expect = ACCEPTABLE,
      desc = "The urgent one in between.")
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "The urgent one first.")
  @State
  public static class ALessUrgentMessageThatWasSentLaterNeverComesFirst {
    private final PriorityChannel<Told.Message> channel = open(1);
    private final Receiver<Told.Message> receiver = channel.receiver("receiver");

    /// The state of a test: made by jcstress.
    public ALessUrgentMessageThatWasSentLaterNeverComesFirst() {}

    @Actor
    public void send() {
      channel.trySend(Priority.REAL_TIME, new Told.Message(1));
      channel.trySend(Priority.BULK, new Told.Message(2));
    }

    @Actor
    public void receive(II_Result seen) {
      seen.r1 = told(receiver.poll());
      seen.r2 = told(receiver.poll());
    }
  }

  @JCStressTest
  @Outcome(
      id = {"1, 2", "2, 1"},
      expect = ACCEPTABLE,
      desc = "One each.")
  @State
  public static class EachMessageGoesToOneOfTwoReceivers {
    private final PriorityChannel<Told.Message> channel = open(2);
    private final Receiver<Told.Message> one = channel.receiver("one");
    private final Receiver<Told.Message> other = channel.receiver("other");

    /// The state of a test: made by jcstress.
    public EachMessageGoesToOneOfTwoReceivers() {
      channel.trySend(Priority.NORMAL, new Told.Message(1));
      channel.trySend(Priority.NORMAL, new Told.Message(2));
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

  @JCStressTest
  @Outcome(id = "1, 1, -1", expect = ACCEPTABLE, desc = "Accepted and received.")
  @Outcome(id = "0, -1, -1", expect = ACCEPTABLE, desc = "Refused and never seen.")
  @State
  public static class WhatWasAcceptedBeforeACloseIsReceived {
    private final PriorityChannel<Told.Message> channel = open(1);
    private final Receiver<Told.Message> receiver = channel.receiver("receiver");
    private int accepted;

    /// The state of a test: made by jcstress.
    public WhatWasAcceptedBeforeACloseIsReceived() {}

    @Actor
    public void send() {
      accepted = channel.trySend(Priority.LOW, new Told.Message(1)) == Sent.SENT ? 1 : 0;
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

  /// The end is told by all classes together.
  @JCStressTest
  @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "The message, and then the end.")
  @State
  public static class TheEndIsSeenOnceEverythingAcceptedWasReceived {
    private final PriorityChannel<Told.Message> channel = open(1);
    private final Receiver<Told.Message> receiver = channel.receiver("receiver");

    /// The state of a test: made by jcstress.
    public TheEndIsSeenOnceEverythingAcceptedWasReceived() {}

    @Actor
    public void sendAndClose() {
      channel.trySend(Priority.REAL_TIME, new Told.Message(1));
      channel.close();
    }

    @Actor
    public void receive(II_Result seen) {
      seen.r1 = next();
      seen.r2 = next();
    }

    private int next() {
      int next = EMPTY;
      while (next == EMPTY) {
        next = told(receiver.poll());
      }
      return next;
    }
  }

  /// The sender waits for as long as it takes: a wake-up that is lost never ends in time.
  @JCStressTest(Mode.Termination)
  @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "The sender woke for room in its class.")
  @State
  public static class RoomInItsClassWakesTheSenderThatParksForIt {
    private final PriorityChannel<Told.Message> channel = open(1);
    private final Receiver<Told.Message> receiver = channel.receiver("receiver");

    /// The state of a test: made by jcstress.
    public RoomInItsClassWakesTheSenderThatParksForIt() {
      channel.trySend(Priority.HIGH, new Told.Message(1));
    }

    @Actor
    public void send() throws InterruptedException {
      channel.send(Priority.HIGH, new Told.Message(2));
    }

    @Signal
    public void receive() {
      receiver.poll();
    }
  }
}
