package io.photophone.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.photophone.channels.shared.BroadcastReceiver;
import io.photophone.channels.shared.BroadcastSender;
import io.photophone.channels.shared.From;
import io.photophone.channels.shared.OneToOneReceiver;
import io.photophone.channels.shared.OneToOneSender;
import io.photophone.channels.shared.RingInMemory;
import io.photophone.channels.shared.SharedReceived;
import io.photophone.channels.shared.SharedReceiver;
import io.photophone.channels.shared.SharedRing;
import io.photophone.channels.shared.SharedSent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/// What rings in shared memory promise to ends that race. Contract: C7.
///
/// The bytes of message n are all n. What was received is told by small numbers: a whole message by
/// n, from 1 on, the others by the constants below. An outcome that no sentence names fails the
/// test.
public final class SharedRingStress {
  private static final int LONGEST = 32;

  /// Nothing to receive yet.
  private static final int EMPTY = 0;

  /// Nothing to receive any more.
  private static final int CLOSED = -1;

  /// A message whose bytes are not all of the same send.
  private static final int TORN = -2;

  /// The other end is dead, which it can't be.
  private static final int GONE = -3;

  /// Missed messages are told as this minus their count.
  private static final int LAGGED = -10;

  private SharedRingStress() {}

  private static byte[] message(int number) {
    return message(number, 8 * number);
  }

  private static byte[] message(int number, int length) {
    byte[] message = new byte[length];
    Arrays.fill(message, (byte) number);
    return message;
  }

  private static int told(SharedReceiver receiver, ByteBuffer buffer) {
    return switch (receiver.poll(buffer.clear())) {
      case SharedReceived.Message _ -> number(buffer.flip());
      case SharedReceived.Empty _ -> EMPTY;
      case SharedReceived.Closed _ -> CLOSED;
      case SharedReceived.PeerGone _ -> GONE;
      case SharedReceived.Lagged(long missed) -> LAGGED - (int) missed;
    };
  }

  private static int number(ByteBuffer message) {
    int number = message.get();
    while (message.hasRemaining()) {
      if (message.get() != number) {
        return TORN;
      }
    }
    return number;
  }

  /// The ring is small enough for the third message to go over its end, behind padding.
  @JCStressTest
  @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "Nothing was sent yet.")
  @Outcome(
      id = {"0, 0, 1", "0, 1, 0", "0, 1, 2", "1, 0, 0", "1, 0, 2", "1, 2, 0"},
      expect = ACCEPTABLE,
      desc = "Some were received, whole, in the order in which they were sent, none twice.")
  @Outcome(id = "1, 2, 3", expect = ACCEPTABLE, desc = "All were received in order.")
  @State
  public static class MessagesAreReceivedWholeInOrderAndAtMostOnce {
    private final RingInMemory ring = new RingInMemory(SharedRing.oneToOne(104, LONGEST));
    private final OneToOneSender sender = ring.sender();
    private final OneToOneReceiver receiver = ring.receiver();
    private final ByteBuffer buffer = ByteBuffer.allocate(LONGEST);

    /// The state of a test: made by jcstress.
    public MessagesAreReceivedWholeInOrderAndAtMostOnce() {}

    @Actor
    public void send() {
      sender.trySend(message(1));
      sender.trySend(message(2));
      sender.trySend(message(3));
    }

    @Actor
    public void receive(III_Result seen) {
      seen.r1 = told(receiver, buffer);
      seen.r2 = told(receiver, buffer);
      seen.r3 = told(receiver, buffer);
    }
  }

  /// The ring holds one message: the second one takes the place of the first, once it is free.
  @JCStressTest
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "Both were received, and whole.")
  @State
  public static class AMessageIsWrittenOverOnlyAfterItWasReceived {
    private final RingInMemory ring = new RingInMemory(SharedRing.oneToOne(64, 16));
    private final OneToOneSender sender = ring.sender();
    private final OneToOneReceiver receiver = ring.receiver();
    private final ByteBuffer buffer = ByteBuffer.allocate(LONGEST);

    /// The state of a test: made by jcstress.
    public AMessageIsWrittenOverOnlyAfterItWasReceived() {
      sender.trySend(message(1, 16));
    }

    @Actor
    public void send() {
      while (sender.trySend(message(2, 16)) != SharedSent.SENT) {
        Thread.onSpinWait();
      }
    }

    @Actor
    public void receive(II_Result seen) {
      seen.r1 = afterEmpty();
      seen.r2 = afterEmpty();
    }

    private int afterEmpty() {
      int next = EMPTY;
      while (next == EMPTY) {
        next = told(receiver, buffer);
      }
      return next;
    }
  }

  @JCStressTest
  @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "The message, and then the end.")
  @State
  public static class TheEndIsSeenOnceEverythingSentWasReceived {
    private final RingInMemory ring = new RingInMemory(SharedRing.oneToOne(64, 16));
    private final OneToOneSender sender = ring.sender();
    private final OneToOneReceiver receiver = ring.receiver();
    private final ByteBuffer buffer = ByteBuffer.allocate(LONGEST);

    /// The state of a test: made by jcstress.
    public TheEndIsSeenOnceEverythingSentWasReceived() {}

    @Actor
    public void sendAndClose() {
      sender.trySend(message(1));
      sender.close();
    }

    @Actor
    public void receive(II_Result seen) {
      seen.r1 = afterEmpty();
      seen.r2 = afterEmpty();
    }

    private int afterEmpty() {
      int next = EMPTY;
      while (next == EMPTY) {
        next = told(receiver, buffer);
      }
      return next;
    }
  }

  /// The ring retains two short messages or one long one.
  @JCStressTest
  @Outcome(id = "1, 4", expect = ACCEPTABLE, desc = "Received before anything was written over it.")
  @Outcome(
      id = {"-11, 4", "-12, 4", "-13, 4"},
      expect = ACCEPTABLE,
      desc = "One, two or three were missed and told, to the last message.")
  @State
  public static class AnOverwrittenMessageIsLagAndNeverTorn {
    private final RingInMemory ring = new RingInMemory(SharedRing.broadcast(96, LONGEST));
    private final BroadcastSender sender = ring.broadcastSender();
    private final BroadcastReceiver receiver = ring.broadcastReceiver(From.OLDEST);
    private final ByteBuffer buffer = ByteBuffer.allocate(LONGEST);
    private int first;

    /// The state of a test: made by jcstress.
    public AnOverwrittenMessageIsLagAndNeverTorn() {}

    @Actor
    public void send() {
      for (int i = 1; i <= 4; i++) {
        sender.send(message(i));
      }
    }

    @Actor
    public void receive() {
      first = EMPTY;
      while (first == EMPTY) {
        first = told(receiver, buffer);
      }
    }

    /// What follows is accounted for to the last message.
    @Arbiter
    public void rest(II_Result seen) {
      seen.r1 = first;
      long accounted = first > 0 ? 1 : LAGGED - first;
      int last = first;
      while (true) {
        int next = told(receiver, buffer);
        if (next == EMPTY) {
          break;
        }
        if (next == TORN || next == CLOSED || (next > 0 && next != accounted + 1)) {
          last = 100 + next;
          break;
        }
        accounted += next > 0 ? 1 : LAGGED - next;
        last = next;
      }
      seen.r2 = accounted == 4 ? last : -100 - (int) accounted;
    }
  }

  /// The receiver joins while the sender laps the ring.
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "Nothing to receive yet, or any more.")
  @Outcome(
      id = {"1", "2", "3", "4"},
      expect = ACCEPTABLE,
      desc = "A whole message.")
  @Outcome(
      id = {"-11", "-12", "-13"},
      expect = ACCEPTABLE,
      desc = "Overtaken again since it joined.")
  @State
  public static class AReceiverThatJoinsLateBeginsWithAWholeMessage {
    private final RingInMemory ring = new RingInMemory(SharedRing.broadcast(96, LONGEST));
    private final BroadcastSender sender = ring.broadcastSender();
    private final ByteBuffer buffer = ByteBuffer.allocate(LONGEST);

    /// The state of a test: made by jcstress.
    public AReceiverThatJoinsLateBeginsWithAWholeMessage() {}

    @Actor
    public void send() {
      for (int i = 1; i <= 4; i++) {
        sender.send(message(i));
      }
    }

    @Actor
    public void receive(I_Result seen) {
      seen.r1 = told(ring.broadcastReceiver(From.NEWEST), buffer);
    }
  }
}
