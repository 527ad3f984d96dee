package io.photophone.stress;

import io.photophone.channels.AnycastChannel;
import io.photophone.channels.ChannelOptions;
import io.photophone.channels.PointToPointChannel;
import io.photophone.channels.Priority;
import io.photophone.channels.PriorityChannel;
import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import io.photophone.channels.Sent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whether what threads see of a queue could have come from a queue that serves them one after the
/// other: Lincheck chooses the operations, runs them in many orders and compares with a sequential
/// model.
///
/// The model checker tries every switch between threads, in order of memory; the stress runs leave
/// that to the machine. System property `stress.long`: many more of both.
///
/// What is told by small numbers: a message by its value, from 1 on, the others by the constants.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
final class LinearizabilityTest {
  private static final boolean IS_LONG = Boolean.getBoolean("stress.long");
  private static final int CAPACITY = 2;
  private static final int MOST_THREADS = 3;

  private static final int EMPTY = 0;
  private static final int CLOSED = -1;

  static Stream<Tested> queues() {
    return Stream.of(
        new Tested("one-to-one", 2, OneToOne.class, Queue.class),
        new Tested("many-to-one", 3, ManyToOne.class, Queue.class),
        new Tested("many-to-many", 3, ManyToMany.class, Queue.class),
        new Tested("priority, one receiver", 3, OneByPriority.class, Classes.class),
        new Tested("priority, several receivers", 3, ManyByPriority.class, Classes.class),
        new Tested("anycast, each in turn", 3, InTurn.class, Turns.class));
  }

  @Tag("C1")
  @Tag("C2")
  @Tag("C5")
  @ParameterizedTest
  @MethodSource("queues")
  void every_order_of_steps_could_have_come_from_a_sequential_queue(Tested queue) {
    new ModelCheckingOptions()
        .iterations(IS_LONG ? 30 : 8)
        .invocationsPerIteration(IS_LONG ? 1000 : 200)
        .threads(queue.threads)
        .actorsPerThread(3)
        .actorsBefore(2)
        .actorsAfter(2)
        .sequentialSpecification(queue.model)
        .check(queue.operations);
  }

  @Tag("C1")
  @Tag("C2")
  @Tag("C5")
  @ParameterizedTest
  @MethodSource("queues")
  void every_run_on_the_machine_could_have_come_from_a_sequential_queue(Tested queue) {
    new StressOptions()
        .iterations(IS_LONG ? 30 : 8)
        .invocationsPerIteration(IS_LONG ? 5000 : 300)
        .threads(queue.threads)
        .actorsPerThread(3)
        .actorsBefore(2)
        .actorsAfter(2)
        .sequentialSpecification(queue.model)
        .check(queue.operations);
  }

  private static int told(Received<Integer> received) {
    return switch (received) {
      case Received.Message<Integer> message -> message.value();
      case Received.Empty<Integer> _ -> EMPTY;
      case Received.Closed<Integer> _ -> CLOSED;
      case Received.Lagged<Integer> lagged -> throw new AssertionError(lagged);
    };
  }

  private static int poll(Receiver<Integer> receiver) {
    int told = told(receiver.poll());
    receiver.handOver();
    return told;
  }

  /// A message or [#EMPTY].
  private static int drain(Receiver<Integer> receiver) {
    int[] drained = {EMPTY};
    receiver.drain(message -> drained[0] = message, 1);
    receiver.handOver();
    return drained[0];
  }

  private static ChannelOptions options() {
    return ChannelOptions.of("tested", CAPACITY);
  }

  /// What is tested.
  ///
  /// @param operations made by Lincheck for each run
  /// @param model the same operations, one after the other
  record Tested(String name, int threads, Class<?> operations, Class<?> model) {
    @Override
    public String toString() {
      return name;
    }
  }

  /// One sending and one receiving thread, either of which may be another one later.
  public static final class OneToOne {
    private final PointToPointChannel<Integer> channel = PointToPointChannel.oneToOne(options());
    private final Receiver<Integer> receiver = channel.receiver("receiver");

    @Operation(nonParallelGroup = "sender")
    public Sent trySend(@Param(gen = IntGen.class, conf = "1:5") int message) {
      Sent sent = channel.trySend(message);
      channel.giveUpSending();
      return sent;
    }

    @Operation(nonParallelGroup = "receiver")
    public int poll() {
      return LinearizabilityTest.poll(receiver);
    }

    @Operation(nonParallelGroup = "receiver")
    public int drain() {
      return LinearizabilityTest.drain(receiver);
    }

    @Operation(runOnce = true)
    public void close() {
      channel.close();
    }
  }

  /// Several sending threads and one that receives.
  public static final class ManyToOne {
    private final PointToPointChannel<Integer> channel = PointToPointChannel.manyToOne(options());
    private final Receiver<Integer> receiver = channel.receiver("receiver");

    @Operation
    public Sent trySend(@Param(gen = IntGen.class, conf = "1:5") int message) {
      return channel.trySend(message);
    }

    @Operation(nonParallelGroup = "receiver")
    public int poll() {
      return LinearizabilityTest.poll(receiver);
    }

    @Operation(nonParallelGroup = "receiver")
    public int drain() {
      return LinearizabilityTest.drain(receiver);
    }

    @Operation(runOnce = true)
    public void close() {
      channel.close();
    }
  }

  /// Several of both; each thread has a receiver of its own.
  public static final class ManyToMany {
    private final PointToPointChannel<Integer> channel = PointToPointChannel.manyToMany(options());
    private final List<Receiver<Integer>> receivers =
        IntStream.rangeClosed(0, MOST_THREADS + 1)
            .mapToObj(i -> channel.receiver("receiver " + i))
            .toList();

    @Operation
    public Sent trySend(@Param(gen = IntGen.class, conf = "1:5") int message) {
      return channel.trySend(message);
    }

    @Operation
    public int poll(@Param(gen = ThreadIdGen.class) int thread) {
      return LinearizabilityTest.poll(receivers.get(thread));
    }

    @Operation
    public int drain(@Param(gen = ThreadIdGen.class) int thread) {
      return LinearizabilityTest.drain(receivers.get(thread));
    }

    @Operation(runOnce = true)
    public void close() {
      channel.close();
    }
  }

  /// A queue that holds as many as the tested ones.
  public static final class Queue {
    private final Deque<Integer> messages = new ArrayDeque<>();
    private boolean isClosed;

    public Sent trySend(int message) {
      if (isClosed) {
        return Sent.CLOSED;
      }
      if (messages.size() == CAPACITY) {
        return Sent.FULL;
      }
      messages.add(message);
      return Sent.SENT;
    }

    public int poll() {
      return messages.isEmpty() && isClosed ? CLOSED : drain();
    }

    public int drain() {
      return messages.isEmpty() ? EMPTY : messages.remove();
    }

    public int poll(int thread) {
      return poll();
    }

    public int drain(int thread) {
      return drain();
    }

    public void close() {
      isClosed = true;
    }
  }

  /// Several sending threads and one that receives in strict order. No close: the five classes
  /// close one after the other, and while that goes on a send is refused before a receive tells the
  /// end. No full class: a receive that was decided leaves its room a moment later, and a send may
  /// see its class full and a more urgent one empty, which are two moments.
  public static final class OneByPriority {
    private final PriorityChannel<Integer> channel =
        new PriorityChannel<>(ChannelOptions.of("tested", 20));
    private final Receiver<Integer> receiver = channel.receiver("receiver");

    @Operation
    public Sent urgent(@Param(gen = IntGen.class, conf = "1:5") int message) {
      return channel.trySend(Priority.REAL_TIME, message);
    }

    @Operation
    public Sent normal(@Param(gen = IntGen.class, conf = "6:9") int message) {
      return channel.trySend(Priority.NORMAL, message);
    }

    @Operation
    public Sent bulk(@Param(gen = IntGen.class, conf = "11:15") int message) {
      return channel.trySend(Priority.BULK, message);
    }

    @Operation(nonParallelGroup = "receiver")
    public int poll() {
      return LinearizabilityTest.poll(receiver);
    }

    @Operation(nonParallelGroup = "receiver")
    public int drain() {
      return LinearizabilityTest.drain(receiver);
    }
  }

  /// As with one receiver, each thread with its own.
  public static final class ManyByPriority {
    private final PriorityChannel<Integer> channel =
        new PriorityChannel<>(ChannelOptions.of("tested", 20));
    private final List<Receiver<Integer>> receivers =
        IntStream.rangeClosed(0, MOST_THREADS + 1)
            .mapToObj(i -> channel.receiver("receiver " + i))
            .toList();

    @Operation
    public Sent urgent(@Param(gen = IntGen.class, conf = "1:5") int message) {
      return channel.trySend(Priority.REAL_TIME, message);
    }

    @Operation
    public Sent normal(@Param(gen = IntGen.class, conf = "6:9") int message) {
      return channel.trySend(Priority.NORMAL, message);
    }

    @Operation
    public Sent bulk(@Param(gen = IntGen.class, conf = "11:15") int message) {
      return channel.trySend(Priority.BULK, message);
    }

    @Operation
    public int poll(@Param(gen = ThreadIdGen.class) int thread) {
      return LinearizabilityTest.poll(receivers.get(thread));
    }

    @Operation
    public int drain(@Param(gen = ThreadIdGen.class) int thread) {
      return LinearizabilityTest.drain(receivers.get(thread));
    }
  }

  /// Three queues, the first one served first.
  public static final class Classes {
    private final List<Deque<Integer>> classes =
        List.of(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>());

    public Sent urgent(int message) {
      return send(0, message);
    }

    public Sent normal(int message) {
      return send(1, message);
    }

    public Sent bulk(int message) {
      return send(2, message);
    }

    private Sent send(int rank, int message) {
      classes.get(rank).add(message);
      return Sent.SENT;
    }

    public int poll() {
      return classes.stream()
          .filter(messages -> !messages.isEmpty())
          .findFirst()
          .map(Deque::remove)
          .orElse(EMPTY);
    }

    public int drain() {
      return poll();
    }

    public int poll(int thread) {
      return poll();
    }

    public int drain(int thread) {
      return poll();
    }
  }

  /// One sending thread, two receivers that are served in turn. No close: the two rings close one
  /// after the other. No full ring: a receiver's place is free a moment after its message is
  /// decided.
  public static final class InTurn {
    private final AnycastChannel<Integer> channel =
        new AnycastChannel<>(ChannelOptions.of("tested", 20), AnycastChannel.Policy.ROUND_ROBIN);
    private final Receiver<Integer> first = channel.receiver("first");
    private final Receiver<Integer> second = channel.receiver("second");

    @Operation(nonParallelGroup = "sender")
    public Sent trySend(@Param(gen = IntGen.class, conf = "1:9") int message) {
      return channel.trySend(message);
    }

    @Operation(nonParallelGroup = "first")
    public int pollFirst() {
      return poll(first);
    }

    @Operation(nonParallelGroup = "second")
    public int pollSecond() {
      return poll(second);
    }

    @Operation(nonParallelGroup = "second")
    public int drainSecond() {
      return drain(second);
    }
  }

  /// Two queues that are filled in turn.
  public static final class Turns {
    private final List<Deque<Integer>> queues = List.of(new ArrayDeque<>(), new ArrayDeque<>());
    private int sent;

    public Sent trySend(int message) {
      queues.get(sent % 2).add(message);
      sent++;
      return Sent.SENT;
    }

    public int pollFirst() {
      return queues.get(0).isEmpty() ? EMPTY : queues.get(0).remove();
    }

    public int pollSecond() {
      return queues.get(1).isEmpty() ? EMPTY : queues.get(1).remove();
    }

    public int drainSecond() {
      return pollSecond();
    }
  }
}
