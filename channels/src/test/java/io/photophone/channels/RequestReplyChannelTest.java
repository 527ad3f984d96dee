package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.channels.Request.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("C6")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class RequestReplyChannelTest {
  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Duration NOW = Duration.ZERO;

  private final List<RequestReplyChannel<?, ?>> channels =
      Collections.synchronizedList(new ArrayList<>());

  /// How requests travel.
  enum Way {
    FIFO,
    PRIORITISED;

    <Q, R> RequestReplyChannel<Q, R> channel(ChannelOptions options) {
      return switch (this) {
        case FIFO -> RequestReplyChannel.fifo(options);
        case PRIORITISED -> RequestReplyChannel.prioritised(options);
      };
    }
  }

  @AfterEach
  void every_request_and_reply_is_received_or_dropped_or_pending() {
    for (RequestReplyChannel<?, ?> channel : channels) {
      ChannelStats stats = channel.stats();
      assertEquals(
          stats.offered(),
          stats.received() + stats.droppedTotal() + stats.pending(),
          stats::toString);
      assertTrue(stats.pending() >= 0, stats::toString);
    }
  }

  // What a call gives.

  @ParameterizedTest
  @EnumSource(WaitStrategy.class)
  void a_call_is_answered_by_a_server(WaitStrategy waiting) throws Exception {
    RequestReplyChannel<Integer, String> channel =
        opened(Way.FIFO, ChannelOptions.of("squares", 4).waiting(waiting));
    try (ExecutorService executor = executor(false)) {
      Future<?> serving = executor.submit(() -> serve(channel, n -> "" + n * n));
      Client<Integer, String> client = channel.client("client");
      for (int i = 0; i < 1000; i++) {
        assertEquals("" + i * i, answer(client.call(i, LONG)));
      }
      channel.close();
      serving.get();
    }
    assertEquals(1000, channel.stats().sent());
    assertEquals(2000, channel.stats().received());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_future_is_answered_by_a_server(Way way) throws Exception {
    RequestReplyChannel<Integer, String> channel = opened(way, 4);
    Server<Integer, String> server = channel.server("server");
    CompletableFuture<String> future = channel.request(1, LONG);
    assertEquals(1, server.answer(n -> "answer to " + n, 9));
    assertEquals("answer to 1", future.get());
  }

  @Test
  void a_reply_object_is_filled_again_at_the_next_call() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 4);
    try (ExecutorService executor = executor(false)) {
      Future<?> serving = executor.submit(() -> serve(channel, n -> n));
      Client<Integer, Integer> client = channel.client("client");
      Reply<Integer> first = client.call(1, LONG);
      assertSame(first, client.call(2, LONG));
      assertEquals(2, answer(first));
      channel.close();
      serving.get();
    }
  }

  @Test
  void a_servers_failure_reaches_the_caller_as_a_failure() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 4);
    Exception cause = new Exception("division by zero");
    try (ExecutorService executor = executor(false)) {
      Future<Outcome> serving =
          executor.submit(() -> request(channel.server("server").receive()).fail(cause));
      Reply<Integer> reply = channel.client("client").call(1, LONG);
      assertSame(cause, assertInstanceOf(Reply.Failed.class, reply).cause());
      assertEquals(Outcome.DELIVERED, serving.get());
    }
  }

  @Test
  void a_servers_failure_reaches_a_future_as_a_failure() {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 4);
    Exception cause = new Exception("division by zero");
    CompletableFuture<Integer> future = channel.request(1, LONG);
    assertEquals(Outcome.DELIVERED, request(channel.server("server").poll()).fail(cause));
    assertSame(cause, failure(RequestException.Failed.class, future).getCause());
  }

  @Test
  void a_function_that_throws_fails_its_call_and_the_next_is_answered() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 4);
    CompletableFuture<Integer> bad = channel.request(0, LONG);
    CompletableFuture<Integer> good = channel.request(5, LONG);
    assertEquals(2, channel.server("server").answer(n -> 10 / n, 9));
    assertInstanceOf(
        ArithmeticException.class, failure(RequestException.Failed.class, bad).getCause());
    assertEquals(2, good.get());
  }

  @Test
  void an_error_in_a_function_fails_its_call_and_goes_on_to_the_server() {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 4);
    CompletableFuture<Integer> future = channel.request(0, LONG);
    AssertionError error = new AssertionError("broken");
    Server<Integer, Integer> server = channel.server("server");
    assertSame(
        error,
        assertThrows(
            AssertionError.class,
            () ->
                server.answer(
                    _ -> {
                      throw error;
                    },
                    9)));
    assertSame(error, failure(RequestException.Failed.class, future).getCause());
  }

  @Test
  void an_answer_that_is_null_is_a_failure() {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 4);
    CompletableFuture<Integer> future = channel.request(0, LONG);
    channel.server("server").answer(_ -> null, 9);
    assertInstanceOf(
        NullPointerException.class, failure(RequestException.Failed.class, future).getCause());
  }

  // Order, identity, once only.

  /// Defect R1 of the original.
  @Test
  void a_reply_with_another_id_is_not_lost() throws Exception {
    RequestReplyChannel<String, String> channel = opened(Way.FIFO, 4);
    Server<String, String> server = channel.server("server");
    CompletableFuture<String> first = channel.request("first", LONG);
    CompletableFuture<String> second = channel.request("second", LONG);
    request(server.poll());
    assertEquals(Outcome.DELIVERED, request(server.poll()).reply("to second"));
    assertEquals("to second", second.get());
    assertFalse(first.isDone());
    assertEquals(0, channel.stats().droppedTotal());
  }

  /// Defect of the original: replies only in request order.
  @Test
  void replies_come_in_any_order() throws Exception {
    long seed = 61;
    System.out.println("seed " + seed);
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 100);
    Server<Integer, Integer> server = channel.server("server");
    List<CompletableFuture<Integer>> futures = new ArrayList<>();
    List<Request<Integer, Integer>> requests = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      futures.add(channel.request(i, LONG));
    }
    assertEquals(100, server.drain(requests::add, 1000));
    Collections.shuffle(requests, new Random(seed));
    for (Request<Integer, Integer> request : requests) {
      assertEquals(Outcome.DELIVERED, request.reply(-request.body()));
    }
    for (int i = 0; i < 100; i++) {
      assertEquals(-i, futures.get(i).get());
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void requests_reach_a_server_in_the_order_in_which_they_came(Way way) {
    RequestReplyChannel<Integer, Integer> channel = opened(way, 100);
    for (int i = 0; i < 100; i++) {
      var _ = channel.request(i, LONG);
    }
    List<Integer> bodies = new ArrayList<>();
    channel.server("server").drain(request -> bodies.add(request.body()), 1000);
    for (int i = 0; i < 100; i++) {
      assertEquals(i, bodies.get(i));
    }
  }

  @Test
  void more_urgent_requests_are_served_first() {
    RequestReplyChannel<Priority, Integer> channel = opened(Way.PRIORITISED, 10);
    Server<Priority, Integer> server = channel.server("server");
    for (Priority priority :
        List.of(Priority.BULK, Priority.NORMAL, Priority.REAL_TIME, Priority.LOW, Priority.HIGH)) {
      var _ = channel.request(priority, priority, LONG);
    }
    for (Priority priority : Priority.values()) {
      Received<Request<Priority, Integer>> received = server.poll();
      assertEquals(priority, request(received).body());
      assertEquals(priority, assertInstanceOf(Received.Message.class, received).priority());
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_second_reply_is_late_and_counted(Way way) throws Exception {
    RequestReplyChannel<Integer, String> channel = opened(way, 1);
    CompletableFuture<String> future = channel.request(1, LONG);
    Request<Integer, String> request = request(channel.server("server").poll());
    assertEquals(Outcome.DELIVERED, request.reply("first"));
    assertEquals(Outcome.LATE, request.reply("second"));
    assertEquals(Outcome.LATE, request.fail(new Exception()));
    assertEquals("first", future.get());
    assertEquals(2, dropped(channel, DropReason.LATE));
  }

  /// Defect R2 of the original: the slot of a call is used again at once, and an old answer must
  /// not find its next user.
  @ParameterizedTest
  @EnumSource(Way.class)
  void a_reply_after_the_deadline_never_reaches_the_next_caller(Way way) throws Exception {
    RequestReplyChannel<String, String> channel = opened(way, 1);
    Server<String, String> server = channel.server("server");
    List<Request<String, String>> old = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      CompletableFuture<String> given = channel.request("old", LONG);
      old.add(request(server.poll()));
      assertTrue(given.cancel(false));
    }
    CompletableFuture<String> future = channel.request("new", LONG);
    Request<String, String> request = request(server.poll());
    for (Request<String, String> late : old) {
      assertFalse(late.isWanted());
      assertEquals(Outcome.LATE, late.reply("to old"));
    }
    assertTrue(request.isWanted());
    assertEquals(Outcome.DELIVERED, request.reply("to new"));
    assertEquals("to new", future.get());
    assertEquals(100, dropped(channel, DropReason.LATE));
  }

  @Test
  void no_two_calls_have_the_same_id() {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 3);
    Server<Integer, Integer> server = channel.server("server");
    Set<Long> ids = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      var _ = channel.request(i, LONG);
      Request<Integer, Integer> request = request(server.poll());
      assertTrue(ids.add(request.id()));
      request.reply(i);
    }
  }

  /// Defect R4 of the original: a reply with another id made the client send its call again.
  @Test
  void no_call_is_sent_twice() throws Exception {
    int clients = 4;
    int calls = 2000;
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 2);
    AtomicInteger executed = new AtomicInteger();
    try (ExecutorService executor = executor(true)) {
      Future<?> serving =
          executor.submit(() ->
              serve(
                  channel,
                  n -> {
                    executed.incrementAndGet();
                    return n;
                  }));
      awaitAll(
          executor,
          clients,
          c -> {
            Client<Integer, Integer> client = channel.client("client " + c);
            for (int i = 0; i < calls; i++) {
              assertEquals(c * calls + i, answer(client.call(c * calls + i, LONG)));
            }
          });
      channel.close();
      serving.get();
    }
    assertEquals(clients * calls, executed.get());
  }

  // Deadlines and cancellation.

  @Test
  void a_call_without_an_answer_ends_at_its_deadline_and_not_before() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    Client<Integer, Integer> client = channel.client("client");
    long before = System.nanoTime();
    assertInstanceOf(Reply.TimedOut.class, client.call(1, Duration.ofMillis(30)));
    assertTrue(System.nanoTime() - before >= 30_000_000);
  }

  @Test
  void a_future_without_an_answer_ends_at_its_deadline() {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    failure(RequestException.TimedOut.class, channel.request(1, Duration.ofMillis(5)));
    assertEquals(0, channel.server("server").drain(_ -> {}, 9));
    assertEquals(1, dropped(channel, DropReason.EXPIRED));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_request_whose_deadline_passed_is_not_given_to_a_server_and_counted(Way way)
      throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(way, 4);
    assertInstanceOf(Reply.TimedOut.class, channel.client("client").call(1, NOW));
    CompletableFuture<Integer> second = channel.request(2, LONG);
    Server<Integer, Integer> server = channel.server("server");
    assertEquals(2, request(server.poll()).body());
    assertInstanceOf(Received.Empty.class, server.poll());
    assertEquals(1, dropped(channel, DropReason.EXPIRED));
    assertFalse(second.isDone());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_request_that_was_cancelled_is_not_given_to_a_server_and_counted(Way way) {
    RequestReplyChannel<Integer, Integer> channel = opened(way, 4);
    CompletableFuture<Integer> first = channel.request(1, LONG);
    var _ = channel.request(2, LONG);
    assertTrue(first.cancel(true));
    Server<Integer, Integer> server = channel.server("server");
    assertEquals(2, request(server.poll()).body());
    assertInstanceOf(Received.Empty.class, server.poll());
    assertEquals(1, dropped(channel, DropReason.EXPIRED));
  }

  @Test
  void a_future_that_its_owner_completes_gives_its_request_up() {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    assertTrue(channel.request(1, LONG).complete(0));
    assertFalse(channel.request(2, LONG).isDone());
    assertEquals(2, request(channel.server("server").poll()).body());
  }

  @Test
  void a_reply_to_a_call_that_timed_out_in_work_is_late() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    Server<Integer, Integer> server = channel.server("server");
    try (ExecutorService executor = executor(false)) {
      Future<Reply<Integer>> calling =
          executor.submit(() -> channel.client("client").call(1, Duration.ofMillis(20)));
      Request<Integer, Integer> request = request(server.receive());
      assertInstanceOf(Reply.TimedOut.class, calling.get());
      assertFalse(request.isWanted());
      assertEquals(Outcome.LATE, request.reply(1));
    }
    assertEquals(1, dropped(channel, DropReason.LATE));
  }

  /// Defect R2 of the original: entries that leak.
  @ParameterizedTest
  @EnumSource(Way.class)
  @Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
  void a_million_time_outs_leave_nothing_behind(Way way) throws Exception {
    int capacity = 3;
    RequestReplyChannel<Integer, Integer> channel =
        opened(way, ChannelOptions.of("calls", capacity).waiting(WaitStrategy.SPIN));
    Client<Integer, Integer> client = channel.client("client");
    for (int i = 0; i < 1_000_000; i++) {
      assertInstanceOf(Reply.TimedOut.class, client.call(i, NOW));
    }
    List<CompletableFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < capacity; i++) {
      futures.add(channel.request(i, LONG));
    }
    assertInstanceOf(Reply.Full.class, client.tryCall(9, LONG));
    channel.server("server").answer(n -> n, 1000);
    for (int i = 0; i < capacity; i++) {
      assertEquals(i, futures.get(i).get());
    }
    assertEquals(1_000_000, dropped(channel, DropReason.EXPIRED));
    assertEquals(0, channel.stats().pending());
  }

  @Test
  @Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
  void a_million_calls_that_time_out_in_work_leave_nothing_behind() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 2);
    Server<Integer, Integer> server = channel.server("server");
    for (int i = 0; i < 1_000_000; i++) {
      CompletableFuture<Integer> future = channel.request(i, LONG);
      assertEquals(i, request(server.poll()).body());
      future.cancel(false);
    }
    CompletableFuture<Integer> future = channel.request(7, LONG);
    server.answer(n -> n, 1);
    assertEquals(7, future.get());
    assertEquals(0, channel.stats().pending());
  }

  @Test
  void an_interrupted_call_is_given_up() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    FutureTask<Reply<Integer>> call =
        new FutureTask<>(() -> channel.client("client").call(1, LONG));
    Thread caller = Thread.ofPlatform().start(call);
    awaitParked(caller);
    caller.interrupt();
    assertInstanceOf(
        InterruptedException.class, assertThrows(ExecutionException.class, call::get).getCause());
    assertInstanceOf(Received.Empty.class, channel.server("server").poll());
    assertEquals(1, dropped(channel, DropReason.EXPIRED));
    assertFalse(channel.request(2, LONG).isDone());
  }

  @Test
  void a_call_that_waits_for_room_can_be_interrupted() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    var _ = channel.request(1, LONG);
    FutureTask<Reply<Integer>> call =
        new FutureTask<>(() -> channel.client("client").call(2, LONG));
    Thread caller = Thread.ofPlatform().start(call);
    awaitParked(caller);
    caller.interrupt();
    assertInstanceOf(
        InterruptedException.class, assertThrows(ExecutionException.class, call::get).getCause());
    assertEquals(1, channel.stats().sent());
  }

  @Test
  void a_client_that_is_closed_cancels_its_call() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    Client<Integer, Integer> client = channel.client("client");
    FutureTask<Reply<Integer>> call = new FutureTask<>(() -> client.call(1, LONG));
    Thread caller = Thread.ofPlatform().start(call);
    awaitParked(caller);
    client.close();
    client.close();
    assertInstanceOf(Reply.Cancelled.class, call.get());
    assertInstanceOf(Received.Empty.class, channel.server("server").poll());
    assertInstanceOf(Reply.Closed.class, client.call(2, LONG));
  }

  @Test
  void calls_in_the_hands_of_a_server_that_leaves_end_at_their_deadline() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 2);
    Server<Integer, Integer> leaving = channel.server("leaving");
    CompletableFuture<Integer> taken = channel.request(1, Duration.ofMillis(50));
    CompletableFuture<Integer> waiting = channel.request(2, LONG);
    request(leaving.poll());
    leaving.close();
    assertInstanceOf(Received.Closed.class, leaving.poll());
    assertEquals(1, channel.server("other").answer(n -> n, 9));
    assertEquals(2, waiting.get());
    failure(RequestException.TimedOut.class, taken);
  }

  @Test
  void calls_in_the_hands_of_a_thread_that_died_end_at_their_deadline() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 2);
    Server<Integer, Integer> server = channel.server("server");
    Thread thread = Thread.ofPlatform().start(() -> receiveOnce(server));
    assertInstanceOf(Reply.TimedOut.class, channel.client("client").call(1, Duration.ofMillis(50)));
    thread.join();
    assertTrue(server.stats().abandoned());
  }

  // Capacity.

  @Tag("A16")
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 100, 1000})
  void as_many_requests_are_in_flight_as_the_capacity_says_and_not_one_more(int capacity)
      throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, capacity);
    Client<Integer, Integer> client = channel.client("client");
    Server<Integer, Integer> server = channel.server("server");
    for (int round = 0; round < 3; round++) {
      List<CompletableFuture<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < capacity; i++) {
        futures.add(channel.request(i, LONG));
      }
      assertInstanceOf(Reply.Full.class, client.tryCall(-1, LONG));
      failure(RequestException.Full.class, channel.request(-1, LONG));
      assertEquals(1, server.answer(n -> n, 1));
      CompletableFuture<Integer> next = channel.request(capacity, LONG);
      assertInstanceOf(Reply.Full.class, client.tryCall(-1, LONG));
      assertEquals(capacity, server.answer(n -> n, 10_000));
      assertEquals(capacity, next.get());
      assertEquals(capacity - 1, futures.getLast().get());
    }
  }

  @Test
  void requests_in_work_count_as_in_flight() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    var _ = channel.request(1, LONG);
    Request<Integer, Integer> request = request(channel.server("server").poll());
    Client<Integer, Integer> client = channel.client("client");
    assertInstanceOf(Reply.Full.class, client.tryCall(2, LONG));
    request.reply(1);
    assertInstanceOf(Reply.TimedOut.class, client.tryCall(2, NOW));
  }

  @Test
  void a_call_waits_for_room() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    Server<Integer, Integer> server = channel.server("server");
    var _ = channel.request(1, LONG);
    FutureTask<Integer> call =
        new FutureTask<>(() -> answer(channel.client("client").call(2, LONG)));
    Thread caller = Thread.ofPlatform().start(call);
    awaitParked(caller);
    assertEquals(1, server.answer(n -> n, 1));
    assertEquals(2, request(server.receive()).body());
    assertFalse(call.isDone());
    assertEquals(1, channel.stats().receivers().size());
    channel.close();
    assertThrows(ExecutionException.class, call::get);
  }

  @Test
  void a_call_waits_for_room_until_its_deadline() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    var _ = channel.request(1, LONG);
    Client<Integer, Integer> client = channel.client("client");
    long before = System.nanoTime();
    assertInstanceOf(Reply.Full.class, client.call(2, Duration.ofMillis(20)));
    assertTrue(System.nanoTime() - before >= 20_000_000);
    assertEquals(1, channel.stats().sent());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void calls_go_round_the_ring_many_times(Way way) throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(way, 5);
    Server<Integer, Integer> server = channel.server("server");
    for (int i = 0; i < 10_000; i++) {
      List<CompletableFuture<Integer>> futures = new ArrayList<>();
      for (int k = 0; k <= i % 5; k++) {
        futures.add(channel.request(i + k, LONG));
      }
      server.answer(n -> n, 100);
      for (int k = 0; k <= i % 5; k++) {
        assertEquals(i + k, futures.get(k).get());
      }
    }
  }

  // Close.

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_close_fails_all_that_is_pending_with_its_cause(Way way) throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(way, 4);
    Server<Integer, Integer> server = channel.server("server");
    CompletableFuture<Integer> taken = channel.request(1, LONG);
    Request<Integer, Integer> request = request(server.poll());
    CompletableFuture<Integer> waiting = channel.request(2, LONG);
    FutureTask<Reply<Integer>> call =
        new FutureTask<>(() -> channel.client("client").call(3, LONG));
    Thread caller = Thread.ofPlatform().start(call);
    awaitParked(caller);

    Exception cause = new Exception("unplugged");
    channel.close(cause);
    channel.close(new Exception("a second close counts for nothing"));

    assertSame(cause, failure(RequestException.Closed.class, taken).getCause());
    assertSame(cause, failure(RequestException.Closed.class, waiting).getCause());
    assertSame(cause, assertInstanceOf(Reply.Closed.class, call.get()).cause());
    assertEquals(Outcome.LATE, request.reply(1));
    assertSame(cause, assertInstanceOf(Received.Closed.class, server.poll()).cause());
    assertTrue(channel.isClosed());
    assertEquals(0, channel.stats().pending());
    assertEquals(2, dropped(channel, DropReason.EXPIRED));
    assertEquals(1, dropped(channel, DropReason.LATE));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_closed_channel_sends_nothing_and_tells_the_cause(Way way) throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(way, 1);
    Exception cause = new Exception("unplugged");
    Client<Integer, Integer> client = channel.client("client");
    channel.close(cause);
    assertSame(cause, assertInstanceOf(Reply.Closed.class, client.call(1, LONG)).cause());
    assertSame(cause, assertInstanceOf(Reply.Closed.class, client.tryCall(1, LONG)).cause());
    assertSame(cause, failure(RequestException.Closed.class, channel.request(1, LONG)).getCause());
    assertInstanceOf(Received.Closed.class, channel.server("late").poll());
    assertEquals(0, channel.stats().sent());
  }

  @Test
  void an_ordinary_close_has_no_cause() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    CompletableFuture<Integer> future = channel.request(1, LONG);
    channel.close();
    assertNull(failure(RequestException.Closed.class, future).getCause());
  }

  @Test
  void a_close_wakes_a_call_that_waits_for_room() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    var _ = channel.request(1, LONG);
    FutureTask<Reply<Integer>> call =
        new FutureTask<>(() -> channel.client("client").call(2, LONG));
    Thread caller = Thread.ofPlatform().start(call);
    awaitParked(caller);
    channel.close();
    assertInstanceOf(Reply.Closed.class, call.get());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_close_wakes_a_server_that_waits(Way way) throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(way, 1);
    FutureTask<Received<?>> receive = new FutureTask<>(channel.server("server")::receive);
    Thread thread = Thread.ofPlatform().start(receive);
    awaitParked(thread);
    channel.close();
    assertInstanceOf(Received.Closed.class, receive.get());
  }

  @Test
  void a_close_with_a_queue_full_of_given_up_requests_returns() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 2);
    CompletableFuture<Integer> kept = channel.request(0, LONG);
    Client<Integer, Integer> client = channel.client("client");
    while (client.call(1, NOW) instanceof Reply.TimedOut<Integer>) {}
    channel.close();
    failure(RequestException.Closed.class, kept);
    assertEquals(0, channel.stats().pending());
  }

  /// Defect S1 of the original: one error for empty, closed and unknown.
  @Test
  void empty_closed_full_late_and_unanswered_are_told_apart() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    Server<Integer, Integer> server = channel.server("server");
    Client<Integer, Integer> client = channel.client("client");
    assertInstanceOf(Received.Empty.class, server.poll());
    assertInstanceOf(Reply.TimedOut.class, client.call(1, NOW));
    var _ = channel.request(2, LONG);
    assertInstanceOf(Reply.Full.class, client.tryCall(3, LONG));
    Request<Integer, Integer> request = request(server.poll());
    assertEquals(Outcome.DELIVERED, request.reply(2));
    assertEquals(Outcome.LATE, request.reply(2));
    channel.close();
    assertInstanceOf(Reply.Closed.class, client.call(4, LONG));
    assertInstanceOf(Received.Closed.class, server.poll());
  }

  // Misuse.

  @ParameterizedTest
  @ValueSource(ints = {RequestReplyChannel.MAX_CALLS + 1, ChannelOptions.MAX_CAPACITY})
  void a_capacity_out_of_range_is_refused_with_its_value(int capacity) {
    ChannelOptions options = ChannelOptions.of("calls", capacity);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> RequestReplyChannel.fifo(options));
    assertTells(refusal, "calls", Integer.toString(capacity));
  }

  @Test
  void a_negative_timeout_is_refused_with_its_value() {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    Duration negative = Duration.ofMillis(-5);
    Client<Integer, Integer> client = channel.client("client");
    assertTells(
        assertThrows(IllegalArgumentException.class, () -> client.call(1, negative)),
        "calls",
        negative.toString());
    assertTells(
        assertThrows(IllegalArgumentException.class, () -> channel.request(1, negative)),
        "calls",
        negative.toString());
    assertEquals(0, channel.stats().sent());
  }

  @Test
  void a_timeout_beyond_all_time_is_allowed() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    CompletableFuture<Integer> future = channel.request(1, Duration.ofSeconds(Long.MAX_VALUE));
    channel.server("server").answer(n -> n, 1);
    assertEquals(1, future.get());
  }

  @Test
  void no_request_and_no_reply_at_all_are_refused() {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    Client<Integer, Integer> client = channel.client("client");
    assertThrows(NullPointerException.class, () -> client.call(null, LONG));
    assertThrows(NullPointerException.class, () -> channel.request(null, LONG));
    var _ = channel.request(1, LONG);
    Request<Integer, Integer> request = request(channel.server("server").poll());
    assertThrows(NullPointerException.class, () -> request.reply(null));
    assertThrows(NullPointerException.class, () -> request.fail(null));
    assertEquals(Outcome.DELIVERED, request.reply(1));
  }

  @Test
  void a_class_is_refused_where_there_are_none() {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    assertTells(
        assertThrows(IllegalArgumentException.class, () -> channel.request(Priority.HIGH, 1, LONG)),
        "calls",
        "HIGH");
  }

  @Test
  void blank_names_and_limits_below_one_are_refused() {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    assertThrows(IllegalArgumentException.class, () -> channel.client(" "));
    assertThrows(IllegalArgumentException.class, () -> channel.server(""));
    Server<Integer, Integer> server = channel.server("server");
    assertTells(
        assertThrows(IllegalArgumentException.class, () -> server.answer(n -> n, 0)),
        "server",
        "0");
  }

  @Test
  void a_client_is_for_one_thread_until_it_is_handed_over() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    Client<Integer, Integer> client = channel.client("client");
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch mayHandOver = new CountDownLatch(1);
    CountDownLatch handedOver = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    try (ExecutorService executor = executor(false)) {
      Future<?> first =
          executor.submit(() -> {
            client.call(1, NOW);
            called.countDown();
            mayHandOver.await();
            client.handOver();
            handedOver.countDown();
            mayEnd.await();
            return null;
          });
      called.await();
      assertTells(
          assertThrows(IllegalStateException.class, () -> client.call(2, NOW)), "client", "thread");
      mayHandOver.countDown();
      handedOver.await();
      assertInstanceOf(Reply.TimedOut.class, client.call(3, NOW));
      mayEnd.countDown();
      first.get();
    }
    assertEquals(2, channel.stats().sent());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_server_is_for_one_thread_until_it_is_handed_over(Way way) throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(way, 2);
    Server<Integer, Integer> server = channel.server("server");
    CountDownLatch mayHandOver = new CountDownLatch(1);
    CountDownLatch polled = new CountDownLatch(1);
    CountDownLatch handedOver = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    try (ExecutorService executor = executor(false)) {
      Future<?> first =
          executor.submit(() -> {
            server.poll();
            polled.countDown();
            mayHandOver.await();
            server.handOver();
            handedOver.countDown();
            mayEnd.await();
            return null;
          });
      polled.await();
      assertThrows(IllegalStateException.class, server::poll);
      assertThrows(IllegalStateException.class, () -> server.answer(n -> n, 1));
      mayHandOver.countDown();
      handedOver.await();
      CompletableFuture<Integer> future = channel.request(1, LONG);
      assertEquals(1, server.answer(n -> n, 1));
      assertEquals(1, future.get());
      mayEnd.countDown();
      first.get();
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void requests_behind_one_whose_handler_throws_stay_for_the_next_receive(Way way) {
    RequestReplyChannel<Integer, Integer> channel = opened(way, 4);
    Server<Integer, Integer> server = channel.server("server");
    for (int i = 0; i < 4; i++) {
      var _ = channel.request(i, LONG);
    }
    assertThrows(
        IllegalStateException.class,
        () ->
            server.drain(
                request -> {
                  if (request.body() == 1) {
                    throw new IllegalStateException("broken handler");
                  }
                },
                9));
    assertEquals(2, request(server.poll()).body());
    assertEquals(1, server.drain(request -> assertEquals(3, request.body()), 9));
  }

  @Test
  void a_server_is_not_used_by_its_own_function() {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    Server<Integer, Integer> server = channel.server("server");
    CompletableFuture<Integer> future = channel.request(1, LONG);
    server.answer(n -> server.answer(m -> m, n), 1);
    assertInstanceOf(
        IllegalStateException.class, failure(RequestException.Failed.class, future).getCause());
    CompletableFuture<Integer> next = channel.request(2, LONG);
    assertEquals(1, server.answer(n -> n, 1));
    assertTrue(next.isDone());
  }

  // Statistics.

  @Test
  void the_latency_of_every_round_trip_is_recorded() throws Exception {
    ChannelStats stats = statsOfCalls(LatencyTracking.FULL, 1000);
    assertEquals(1000, stats.latency().count());
    assertTrue(stats.latency().meanNanos() > 0);
    assertTrue(stats.latency().p99Nanos() >= stats.latency().p50Nanos());
  }

  @Test
  void the_latency_of_some_round_trips_is_recorded() throws Exception {
    assertEquals(10, statsOfCalls(LatencyTracking.SAMPLED, 640).latency().count());
  }

  @Test
  void no_latency_is_recorded_when_it_is_off() throws Exception {
    assertEquals(0, statsOfCalls(LatencyTracking.OFF, 100).latency().count());
  }

  @Test
  void a_round_trip_is_not_shorter_than_the_servers_work() throws Exception {
    RequestReplyChannel<Integer, Integer> channel =
        opened(Way.FIFO, ChannelOptions.of("calls", 1).latency(LatencyTracking.FULL));
    CompletableFuture<Integer> future = channel.request(1, LONG);
    long before = System.nanoTime();
    channel
        .server("server")
        .answer(
            n -> {
              while (System.nanoTime() - before < 2_000_000) {
                Thread.onSpinWait();
              }
              return n;
            },
            1);
    assertEquals(1, future.get());
    assertTrue(channel.stats().latency().maxNanos() >= 2_000_000);
  }

  @Test
  void statistics_of_those_who_left_stay() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    try (ExecutorService executor = executor(false);
        Client<Integer, Integer> client = channel.client("client")) {
      Future<?> serving = executor.submit(() -> serve(channel, n -> n));
      assertEquals(1, answer(client.call(1, LONG)));
      channel.close();
      serving.get();
    }
    assertEquals(2, channel.stats().received());
    assertEquals(List.of(), channel.stats().receivers());
    assertEquals("request-reply", channel.stats().kind());
  }

  // Company.

  @Test
  void a_select_waits_for_requests_of_several_channels() throws Exception {
    RequestReplyChannel<Integer, Integer> first = opened(Way.FIFO, 1);
    RequestReplyChannel<Integer, Integer> second = opened(Way.PRIORITISED, 1);
    Server<Integer, Integer> one = first.server("one");
    Server<Integer, Integer> two = second.server("two");
    try (ExecutorService executor = executor(true)) {
      Future<Integer> serving =
          executor.submit(() -> {
            Select select = Select.fairly(one, two);
            int answered = 0;
            int index = select.await();
            while (index != Select.ALL_ENDED) {
              Server<Integer, Integer> server = index == 0 ? one : two;
              int served = server.answer(n -> n, 9);
              if (served == 0) {
                server.poll();
              }
              answered += served;
              index = select.await();
            }
            return answered;
          });
      Client<Integer, Integer> firstClient = first.client("client");
      Client<Integer, Integer> secondClient = second.client("client");
      for (int i = 0; i < 100; i++) {
        assertEquals(i, answer(firstClient.call(i, LONG)));
        assertEquals(-i, answer(secondClient.call(-i, LONG)));
      }
      first.close();
      second.close();
      assertEquals(200, serving.get());
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void each_of_many_threads_gets_its_own_answers(Way way) throws Exception {
    callFromMany(opened(way, 8), false, 4, 3, 5000);
  }

  /// Far more threads than processors and than places.
  @ParameterizedTest
  @EnumSource(Way.class)
  void each_of_thousands_of_virtual_threads_gets_its_own_answers(Way way) throws Exception {
    callFromMany(opened(way, 16), true, 3000, 50, 10);
  }

  private void callFromMany(
      RequestReplyChannel<Long, Long> channel, boolean virtual, int clients, int servers, int calls)
      throws Exception {
    try (ExecutorService executor = executor(virtual)) {
      List<Future<?>> serving = new ArrayList<>();
      for (int s = 0; s < servers; s++) {
        serving.add(executor.submit(() -> serve(channel, n -> -n)));
      }
      awaitAll(
          executor,
          clients,
          c -> {
            try (Client<Long, Long> client = channel.client("client " + c)) {
              for (int i = 0; i < calls; i++) {
                long body = (long) c * calls + i;
                assertEquals(-body, answer(client.call(body, LONG)));
              }
            }
          });
      channel.close();
      for (Future<?> server : serving) {
        server.get();
      }
    }
    ChannelStats stats = channel.stats();
    assertEquals((long) clients * calls, stats.sent());
    assertEquals(2L * clients * calls, stats.received());
    assertEquals(0, stats.droppedTotal());
  }

  /// Deadlines, cancellations, failures and answers that come twice, all at once.
  @ParameterizedTest
  @EnumSource(Way.class)
  void whatever_happens_every_call_ends_once_and_every_message_is_counted(Way way)
      throws Exception {
    long seed = 67;
    System.out.println("seed " + seed);
    int clients = 6;
    int calls = 2000;
    RequestReplyChannel<Integer, Integer> channel = opened(way, 4);
    AtomicLong delivered = new AtomicLong();
    AtomicLong late = new AtomicLong();
    AtomicLong answered = new AtomicLong();
    try (ExecutorService executor = executor(true)) {
      List<Future<?>> serving = new ArrayList<>();
      for (int s = 0; s < 3; s++) {
        Random random = new Random(seed + s);
        serving.add(
            executor.submit(() -> {
              serveAtRandom(channel, random, delivered, late);
              return null;
            }));
      }
      awaitAll(
          executor,
          clients,
          c -> {
            Random random = new Random(seed + 100 + c);
            Client<Integer, Integer> client = channel.client("client " + c);
            for (int i = 0; i < calls; i++) {
              if (ends(channel, client, c * calls + i, random)) {
                answered.incrementAndGet();
              }
            }
          });
      channel.close();
      for (Future<?> server : serving) {
        server.get();
      }
    }
    ChannelStats stats = channel.stats();
    assertEquals(delivered.get(), answered.get());
    assertEquals(late.get(), dropped(channel, DropReason.LATE));
    assertEquals(0, stats.pending());
  }

  private static boolean ends(
      RequestReplyChannel<Integer, Integer> channel,
      Client<Integer, Integer> client,
      int body,
      Random random)
      throws Exception {
    Duration timeout = Duration.ofNanos(random.nextInt(200_000));
    return switch (random.nextInt(3)) {
      case 0 -> isAnswered(client.call(body, timeout), body);
      case 1 -> isAnswered(client.tryCall(body, timeout), body);
      default -> {
        CompletableFuture<Integer> future = channel.request(body, timeout);
        if (random.nextBoolean() && future.cancel(false)) {
          yield false;
        }
        try {
          assertEquals(-body, future.get());
          yield true;
        } catch (ExecutionException e) {
          yield e.getCause() instanceof RequestException.Failed;
        }
      }
    };
  }

  private static boolean isAnswered(Reply<Integer> reply, int body) {
    return switch (reply) {
      case Reply.Answered<Integer> answer -> {
        assertEquals(-body, answer.value());
        yield true;
      }
      case Reply.Failed<Integer> _ -> true;
      case Reply.TimedOut<Integer> _, Reply.Full<Integer> _ -> false;
      case Reply.Cancelled<Integer> _, Reply.Closed<Integer> _ -> throw new AssertionError(reply);
    };
  }

  private static void serveAtRandom(
      RequestReplyChannel<Integer, Integer> channel,
      Random random,
      AtomicLong delivered,
      AtomicLong late)
      throws InterruptedException {
    Server<Integer, Integer> server = channel.server("server");
    List<Request<Integer, Integer>> kept = new ArrayList<>();
    while (server.receive() instanceof Received.Message<Request<Integer, Integer>> message) {
      kept.add(message.value());
      while (kept.size() > random.nextInt(4)) {
        Request<Integer, Integer> request = kept.remove(random.nextInt(kept.size()));
        for (int times = random.nextInt(3); times > 0; times--) {
          Outcome outcome =
              random.nextInt(4) == 0
                  ? request.fail(new Exception("at random"))
                  : request.reply(-request.body());
          (outcome == Outcome.DELIVERED ? delivered : late).incrementAndGet();
        }
      }
    }
  }

  /// A wake-up that is lost makes one of the two wait for ever.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void no_wake_up_is_lost_between_client_and_server(boolean virtual) throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    try (ExecutorService executor = executor(virtual)) {
      Future<?> serving = executor.submit(() -> serve(channel, n -> n + 1));
      Future<?> calling =
          executor.submit(() -> {
            Client<Integer, Integer> client = channel.client("client");
            for (int i = 0; i < 20_000; i++) {
              assertEquals(i + 1, answer(client.call(i, LONG)));
            }
            return null;
          });
      calling.get();
      channel.close();
      serving.get();
    }
  }

  @Test
  void a_dependent_of_a_future_may_send_the_next_request() throws Exception {
    RequestReplyChannel<Integer, Integer> channel = opened(Way.FIFO, 1);
    Server<Integer, Integer> server = channel.server("server");
    CompletableFuture<Integer> both =
        channel.request(1, LONG).thenCompose(n -> channel.request(n + 1, LONG));
    assertEquals(2, server.answer(n -> n, 9));
    assertEquals(2, both.get());
  }

  // What the tests are made of.

  private <Q, R> RequestReplyChannel<Q, R> opened(Way way, int capacity) {
    return opened(way, ChannelOptions.of("calls", capacity));
  }

  private <Q, R> RequestReplyChannel<Q, R> opened(Way way, ChannelOptions options) {
    RequestReplyChannel<Q, R> channel = way.channel(options);
    channels.add(channel);
    assertEquals(options.capacity(), channel.capacity());
    assertNotEquals("", channel.toString());
    return channel;
  }

  private ChannelStats statsOfCalls(LatencyTracking tracking, int calls) throws Exception {
    RequestReplyChannel<Integer, Integer> channel =
        opened(Way.FIFO, ChannelOptions.of("calls", 1).latency(tracking));
    try (ExecutorService executor = executor(false)) {
      Future<?> serving = executor.submit(() -> serve(channel, n -> n));
      Client<Integer, Integer> client = channel.client("client");
      for (int i = 0; i < calls; i++) {
        assertEquals(i, answer(client.call(i, LONG)));
      }
      channel.close();
      serving.get();
    }
    return channel.stats();
  }

  /// Answers until the channel is closed.
  private static <Q, R> Void serve(RequestReplyChannel<Q, R> channel, Function<Q, R> function)
      throws InterruptedException {
    try (Server<Q, R> server = channel.server("server")) {
      while (server.receive() instanceof Received.Message<Request<Q, R>> message) {
        Request<Q, R> request = message.value();
        request.reply(function.apply(request.body()));
        server.answer(function, 2);
      }
    }
    return null;
  }

  private static void receiveOnce(Server<?, ?> server) {
    try {
      server.receive();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Body {
    void run(int index) throws Exception;
  }

  private static void awaitAll(ExecutorService executor, int count, Body body) throws Exception {
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int index = i;
      Callable<Void> task =
          () -> {
            body.run(index);
            return null;
          };
      running.add(executor.submit(task));
    }
    for (Future<?> one : running) {
      one.get();
    }
  }

  private static ExecutorService executor(boolean virtual) {
    return virtual
        ? Executors.newVirtualThreadPerTaskExecutor()
        : Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory());
  }

  /// Bounded by the time-out of the test.
  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING
        && thread.getState() != Thread.State.WAITING) {
      assertTrue(thread.isAlive(), "ended without waiting");
      Thread.onSpinWait();
    }
  }

  private static <Q, R> Request<Q, R> request(Received<Request<Q, R>> received) {
    if (received instanceof Received.Message<Request<Q, R>> message) {
      return message.value();
    }
    throw new AssertionError("not a request: " + received);
  }

  private static <R> R answer(Reply<R> reply) {
    if (reply instanceof Reply.Answered<R> answered) {
      return answered.value();
    }
    throw new AssertionError("not an answer: " + reply);
  }

  private static <E extends RequestException> E failure(
      Class<E> type, CompletableFuture<?> future) {
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> future.get(50, TimeUnit.SECONDS));
    return assertInstanceOf(type, failure.getCause());
  }

  private static long dropped(RequestReplyChannel<?, ?> channel, DropReason reason) {
    return channel.stats().dropped().getOrDefault(reason, 0L);
  }

  private static void assertTells(Exception refusal, String... words) {
    for (String word : words) {
      assertTrue(refusal.getMessage().contains(word), refusal.getMessage());
    }
  }
}
