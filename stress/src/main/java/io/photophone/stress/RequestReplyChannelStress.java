package io.photophone.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.photophone.channels.ChannelOptions;
import io.photophone.channels.ChannelStats;
import io.photophone.channels.Client;
import io.photophone.channels.DropReason;
import io.photophone.channels.Received;
import io.photophone.channels.Reply;
import io.photophone.channels.Request;
import io.photophone.channels.RequestException;
import io.photophone.channels.RequestReplyChannel;
import io.photophone.channels.Server;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Outcome.Outcomes;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/// What a request-reply channel promises to threads that race. Contract: C6.
///
/// Answers are told by their values, from 1 on, the others by the constants below. An outcome that
/// no sentence names fails the test.
public final class RequestReplyChannelStress {
  /// Nothing there, or not yet.
  private static final int NONE = 0;

  private static final int CLOSED = -1;
  private static final int TIMED_OUT = -2;
  private static final int FULL = -3;
  private static final int CANCELLED = -4;
  private static final int FAILED = -5;

  /// A channel whose calls may be pending at the end of a test is closed, so that no timer is left.
  private static final Duration LONG = Duration.ofHours(1);

  private RequestReplyChannelStress() {}

  /// A message whose content is an ordinary field: only the channel makes it visible.
  private static final class Message {
    int value;

    Message(int value) {
      this.value = value;
    }
  }

  private static RequestReplyChannel<Message, Message> channel(int capacity) {
    return RequestReplyChannel.fifo(ChannelOptions.of("stress", capacity));
  }

  private static Reply<Message> call(Client<Message, Message> client, Duration timeout) {
    try {
      return client.call(new Message(1), timeout);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int told(Reply<Message> reply) {
    return switch (reply) {
      case Reply.Answered<Message> answered -> answered.value().value;
      case Reply.Failed<Message> _ -> FAILED;
      case Reply.TimedOut<Message> _ -> TIMED_OUT;
      case Reply.Cancelled<Message> _ -> CANCELLED;
      case Reply.Full<Message> _ -> FULL;
      case Reply.Closed<Message> _ -> CLOSED;
    };
  }

  private static int told(CompletableFuture<Message> future) {
    return switch (future.state()) {
      case RUNNING -> NONE;
      case SUCCESS -> future.resultNow().value;
      case CANCELLED -> CANCELLED;
      case FAILED ->
          switch (future.exceptionNow()) {
            case RequestException.Full _ -> FULL;
            case RequestException.Closed _ -> CLOSED;
            case RequestException.TimedOut _ -> TIMED_OUT;
            default -> FAILED;
          };
    };
  }

  private static int told(Received<Request<Message, Message>> received) {
    return switch (received) {
      case Received.Message<Request<Message, Message>> message -> message.value().body().value;
      case Received.Empty<Request<Message, Message>> _ -> NONE;
      case Received.Closed<Request<Message, Message>> _ -> CLOSED;
      case Received.Lagged<Request<Message, Message>> _ -> throw new AssertionError();
    };
  }

  private static Request<Message, Message> taken(Server<Message, Message> server) {
    while (true) {
      if (server.poll() instanceof Received.Message<Request<Message, Message>> message) {
        return message.value();
      }
      Thread.onSpinWait();
    }
  }

  private static int dropped(ChannelStats stats, DropReason reason) {
    return (int) (long) stats.dropped().getOrDefault(reason, 0L);
  }

  private static boolean isConserved(ChannelStats stats) {
    return stats.offered() == stats.received() + stats.droppedTotal() + stats.pending();
  }

  @JCStressTest
  @Outcome(
      id = "1, 2",
      expect = ACCEPTABLE,
      desc = "The request was received and the answer came, each with its content.")
  @State
  public static class ARequestAndItsAnswerAreFullyVisible {
    private final RequestReplyChannel<Message, Message> channel = channel(1);
    private final Client<Message, Message> client = channel.client("client");
    private final Server<Message, Message> server = channel.server("server");

    /// The state of a test: made by jcstress.
    public ARequestAndItsAnswerAreFullyVisible() {}

    @Actor
    public void call(II_Result seen) {
      seen.r2 = told(RequestReplyChannelStress.call(client, LONG));
    }

    @Actor
    public void answer(II_Result seen) {
      Request<Message, Message> request = taken(server);
      seen.r1 = request.body().value;
      request.reply(new Message(2));
    }
  }

  @JCStressTest
  @Outcomes({
    @Outcome(
        id = "1, 0, 1",
        expect = ACCEPTABLE,
        desc = "The first server had it, the second found nothing."),
    @Outcome(
        id = "0, 1, 1",
        expect = ACCEPTABLE,
        desc = "The second server had it, the first found nothing.")
  })
  @State
  public static class ARequestIsGivenToOneServer {
    private final RequestReplyChannel<Message, Message> channel = channel(1);
    private final Server<Message, Message> first = channel.server("first");
    private final Server<Message, Message> second = channel.server("second");

    /// The state of a test: made by jcstress.
    public ARequestIsGivenToOneServer() {
      var _ = channel.request(new Message(1), LONG);
    }

    @Actor
    public void first(III_Result seen) {
      seen.r1 = told(first.poll());
    }

    @Actor
    public void second(III_Result seen) {
      seen.r2 = told(second.poll());
    }

    @Arbiter
    public void count(III_Result seen) {
      seen.r3 = (int) channel.stats().received();
      channel.close();
    }
  }

  /// The ring is taken by servers while senders come.
  @JCStressTest
  @Outcomes({
    @Outcome(
        id = {"0, 0, 2", "1, 0, 2", "2, 0, 2"},
        expect = ACCEPTABLE,
        desc = "Some were received, none twice, the rest waited."),
    @Outcome(
        id = {"1, 2, 2", "2, 1, 2"},
        expect = ACCEPTABLE,
        desc = "Both were received."),
    @Outcome(
        id = {"0, 1, 2", "0, 2, 2"},
        expect = ACCEPTABLE,
        desc = "The first came between the two looks.")
  })
  @State
  public static class RequestsOfTwoSendersAreReceivedOnceEach {
    private final RequestReplyChannel<Message, Message> channel = channel(2);
    private final Server<Message, Message> server = channel.server("server");

    /// The state of a test: made by jcstress.
    public RequestsOfTwoSendersAreReceivedOnceEach() {}

    @Actor
    public void first() {
      var _ = channel.request(new Message(1), LONG);
    }

    @Actor
    public void second() {
      var _ = channel.request(new Message(2), LONG);
    }

    @Actor
    public void receive(III_Result seen) {
      seen.r1 = told(server.poll());
      seen.r2 = told(server.poll());
    }

    @Arbiter
    public void count(III_Result seen) {
      seen.r3 = isConserved(channel.stats()) ? (int) channel.stats().sent() : -100;
      channel.close();
    }
  }

  @JCStressTest
  @Outcomes({
    @Outcome(
        id = "1, 0, 1",
        expect = ACCEPTABLE,
        desc = "The first answer was delivered, the second was late."),
    @Outcome(
        id = "0, 1, 2",
        expect = ACCEPTABLE,
        desc = "The second answer was delivered, the first was late.")
  })
  @State
  public static class OneOfTwoAnswersIsDelivered {
    private final RequestReplyChannel<Message, Message> channel = channel(1);
    private final CompletableFuture<Message> future = channel.request(new Message(1), LONG);
    private final Request<Message, Message> request = taken(channel.server("server"));

    /// The state of a test: made by jcstress.
    public OneOfTwoAnswersIsDelivered() {}

    @Actor
    public void first(III_Result seen) {
      seen.r1 = request.reply(new Message(1)) == Request.Outcome.DELIVERED ? 1 : 0;
    }

    @Actor
    public void second(III_Result seen) {
      seen.r2 = request.reply(new Message(2)) == Request.Outcome.DELIVERED ? 1 : 0;
    }

    @Arbiter
    public void told(III_Result seen) {
      seen.r3 = RequestReplyChannelStress.told(future);
    }
  }

  /// The slot is the only one: the second call uses it as soon as the first has given it up.
  @JCStressTest
  @Outcomes({
    @Outcome(
        id = "0, -4, 0",
        expect = ACCEPTABLE,
        desc = "The answer was late, the next call waits for its own."),
    @Outcome(
        id = "1, 1, 0",
        expect = ACCEPTABLE,
        desc = "The answer came first, the next call waits for its own.")
  })
  @State
  public static class ALateAnswerDoesNotReachTheNextCall {
    private final RequestReplyChannel<Message, Message> channel = channel(1);
    private final CompletableFuture<Message> first = channel.request(new Message(1), LONG);
    private final Request<Message, Message> request = taken(channel.server("server"));
    private CompletableFuture<Message> second = first;

    /// The state of a test: made by jcstress.
    public ALateAnswerDoesNotReachTheNextCall() {}

    @Actor
    public void answer(III_Result seen) {
      seen.r1 = request.reply(new Message(1)) == Request.Outcome.DELIVERED ? 1 : 0;
    }

    @Actor
    public void cancel() {
      first.cancel(false);
      do {
        second = channel.request(new Message(2), LONG);
      } while (RequestReplyChannelStress.told(second) == FULL);
    }

    @Arbiter
    public void told(III_Result seen) {
      seen.r2 = RequestReplyChannelStress.told(first);
      seen.r3 = RequestReplyChannelStress.told(second);
      channel.close();
    }
  }

  @JCStressTest
  @Outcomes({
    @Outcome(
        id = "1, 0, 1",
        expect = ACCEPTABLE,
        desc = "The server took it before it was cancelled."),
    @Outcome(
        id = "0, 1, 1",
        expect = ACCEPTABLE,
        desc = "It was cancelled before, not given to the server, and counted.")
  })
  @State
  public static class ACancelledRequestIsTakenOrExpired {
    private final RequestReplyChannel<Message, Message> channel = channel(1);
    private final CompletableFuture<Message> future = channel.request(new Message(1), LONG);
    private final Server<Message, Message> server = channel.server("server");

    /// The state of a test: made by jcstress.
    public ACancelledRequestIsTakenOrExpired() {}

    @Actor
    public void cancel() {
      future.cancel(false);
    }

    @Actor
    public void take(III_Result seen) {
      seen.r1 = told(server.poll());
    }

    @Arbiter
    public void count(III_Result seen) {
      ChannelStats stats = channel.stats();
      seen.r2 = dropped(stats, DropReason.EXPIRED);
      seen.r3 = isConserved(stats) && stats.pending() == 0 ? 1 : 0;
    }
  }

  @JCStressTest
  @Outcomes({
    @Outcome(
        id = "-2, 0, 1",
        expect = ACCEPTABLE,
        desc = "The deadline passed, the answer was late or there was none."),
    @Outcome(id = "7, 1, 1", expect = ACCEPTABLE, desc = "The answer was delivered.")
  })
  @State
  public static class ACallHasItsAnswerIfItWasDeliveredAndOnlyThen {
    private final RequestReplyChannel<Message, Message> channel = channel(1);
    private final Client<Message, Message> client = channel.client("client");
    private final Server<Message, Message> server = channel.server("server");

    /// The state of a test: made by jcstress.
    public ACallHasItsAnswerIfItWasDeliveredAndOnlyThen() {}

    @Actor
    public void call(III_Result seen) {
      seen.r1 = told(RequestReplyChannelStress.call(client, Duration.ZERO));
    }

    @Actor
    public void answer(III_Result seen) {
      seen.r2 = 0;
      for (int looks = 0; looks < 100; looks++) {
        if (server.poll() instanceof Received.Message<Request<Message, Message>> message) {
          seen.r2 = message.value().reply(new Message(7)) == Request.Outcome.DELIVERED ? 1 : 0;
          return;
        }
        Thread.onSpinWait();
      }
    }

    @Arbiter
    public void count(III_Result seen) {
      seen.r3 = isConserved(channel.stats()) ? 1 : 0;
    }
  }

  @JCStressTest
  @Outcomes({
    @Outcome(
        id = "-1, -1, 1",
        expect = ACCEPTABLE,
        desc = "Refused, or ended by the close, and its request given to nobody."),
    @Outcome(
        id = "-1, 1, 1",
        expect = ACCEPTABLE,
        desc = "Taken by the server, and ended by the close.")
  })
  @State
  public static class ACallEndsByTheCloseWhicheverComesFirst {
    private final RequestReplyChannel<Message, Message> channel = channel(1);
    private final Client<Message, Message> client = channel.client("client");
    private final Server<Message, Message> server = channel.server("server");

    /// The state of a test: made by jcstress.
    public ACallEndsByTheCloseWhicheverComesFirst() {}

    @Actor
    public void call(III_Result seen) {
      seen.r1 = told(RequestReplyChannelStress.call(client, LONG));
    }

    @Actor
    public void close() {
      channel.close();
    }

    @Actor
    public void take(III_Result seen) {
      int next = NONE;
      while (next == NONE) {
        next = told(server.poll());
      }
      seen.r2 = next;
    }

    @Arbiter
    public void count(III_Result seen) {
      ChannelStats stats = channel.stats();
      seen.r3 = isConserved(stats) && stats.pending() == 0 ? 1 : 0;
    }
  }

  @JCStressTest
  @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "Refused, or ended by the close.")
  @State
  public static class AFutureEndsByTheCloseWhicheverComesFirst {
    private final RequestReplyChannel<Message, Message> channel = channel(1);
    private CompletableFuture<Message> future = new CompletableFuture<>();

    /// The state of a test: made by jcstress.
    public AFutureEndsByTheCloseWhicheverComesFirst() {}

    @Actor
    public void request() {
      future = channel.request(new Message(1), LONG);
    }

    @Actor
    public void close() {
      channel.close();
    }

    @Arbiter
    public void told(II_Result seen) {
      ChannelStats stats = channel.stats();
      seen.r1 = RequestReplyChannelStress.told(future);
      seen.r2 = isConserved(stats) && stats.pending() == 0 ? 1 : 0;
    }
  }

  @JCStressTest
  @Outcomes({
    @Outcome(
        id = {"0, -3", "-3, 0"},
        expect = ACCEPTABLE,
        desc = "One got the place, the other was refused.")
  })
  @State
  public static class OneOfTwoGetsTheLastPlace {
    private final RequestReplyChannel<Message, Message> channel = channel(1);

    /// The state of a test: made by jcstress.
    public OneOfTwoGetsTheLastPlace() {}

    @Actor
    public void first(II_Result seen) {
      seen.r1 = told(channel.request(new Message(1), LONG));
    }

    @Actor
    public void second(II_Result seen) {
      seen.r2 = told(channel.request(new Message(2), LONG));
    }

    @Arbiter
    public void close() {
      channel.close();
    }
  }

  /// The two places are taken and given back by both: none is lost, none is given twice.
  @JCStressTest
  @Outcome(
      id = "2",
      expect = ACCEPTABLE,
      desc = "Both places are free afterwards, and not a third.")
  @State
  public static class PlacesAreNeitherLostNorDoubled {
    private final RequestReplyChannel<Message, Message> channel = channel(2);

    /// The state of a test: made by jcstress.
    public PlacesAreNeitherLostNorDoubled() {}

    @Actor
    public void first() {
      channel.request(new Message(1), LONG).cancel(false);
      channel.request(new Message(1), LONG).cancel(false);
    }

    @Actor
    public void second() {
      channel.request(new Message(2), LONG).cancel(false);
      channel.request(new Message(2), LONG).cancel(false);
    }

    @Arbiter
    public void count(I_Result seen) {
      int free = 0;
      while (told(channel.request(new Message(3), LONG)) != FULL) {
        free++;
      }
      seen.r1 = free;
      channel.close();
    }
  }

  /// The caller waits for as long as it takes: a wake-up that is lost never ends.
  @JCStressTest(Mode.Termination)
  @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "The caller woke for the answer.")
  @State
  public static class AnAnswerWakesTheCallerThatParksForIt {
    private final RequestReplyChannel<Message, Message> channel = channel(1);
    private final Client<Message, Message> client = channel.client("client");
    private final Server<Message, Message> server = channel.server("server");

    /// The state of a test: made by jcstress.
    public AnAnswerWakesTheCallerThatParksForIt() {}

    @Actor
    public void call() throws InterruptedException {
      client.call(new Message(1), LONG);
    }

    @Signal
    public void answer() {
      taken(server).reply(new Message(2));
    }
  }

  /// As for an answer.
  @JCStressTest(Mode.Termination)
  @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "The caller woke for the close.")
  @State
  public static class ACloseWakesTheCallerThatParks {
    private final RequestReplyChannel<Message, Message> channel = channel(1);
    private final Client<Message, Message> client = channel.client("client");

    /// The state of a test: made by jcstress.
    public ACloseWakesTheCallerThatParks() {}

    @Actor
    public void call() throws InterruptedException {
      client.call(new Message(1), LONG);
    }

    @Signal
    public void close() {
      channel.close();
    }
  }
}
