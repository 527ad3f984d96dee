package io.photophone.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class AnalysisWorkersTest {

  @Test
  void pieces_of_one_instrument_stay_in_order_while_many_instruments_work_at_once()
      throws Exception {
    int instruments = 12;
    int pieces = 200;
    try (AnalysisWorkers workers = new AnalysisWorkers(3);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Integer>>> all = new ArrayList<>();
      for (int i = 0; i < instruments; i++) {
        all.add(
            executor.submit(() -> {
              List<Integer> done = new ArrayList<>();
              for (int piece = 0; piece < pieces; piece++) {
                int number = piece;
                assertTrue(workers.carryOut(() -> done.add(number)));
                assertEquals(piece + 1, done.size(), "it is done when the caller goes on");
              }
              return done;
            }));
      }
      List<Integer> inOrder = IntStream.range(0, pieces).boxed().toList();
      for (Future<List<Integer>> instrument : all) {
        assertEquals(inOrder, instrument.get());
      }
      assertEquals("analysis", workers.channel().name());
      assertEquals((long) instruments * pieces, workers.channel().stats().received());
    }
  }

  @Test
  @Tag("E1")
  void every_worker_gets_work_as_long_as_it_is_idle() throws Exception {
    Set<String> names = new ConcurrentSkipListSet<>();
    try (AnalysisWorkers workers = new AnalysisWorkers(4);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Held> pieces = new ArrayList<>();
      List<Future<Boolean>> carriedOut = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Held piece = new Held(() -> names.add(Thread.currentThread().getName()));
        pieces.add(piece);
        carriedOut.add(executor.submit(() -> workers.carryOut(piece)));
        piece.begun.await();
      }
      assertEquals(Set.of("analysis 1", "analysis 2", "analysis 3", "analysis 4"), names);
      pieces.forEach(piece -> piece.end.countDown());
      for (Future<Boolean> piece : carriedOut) {
        assertTrue(piece.get());
      }
    }
  }

  @Test
  void a_piece_that_throws_does_not_end_its_worker() throws Exception {
    try (AnalysisWorkers workers = new AnalysisWorkers(1)) {
      AtomicReference<Thread> before = new AtomicReference<>();
      AtomicReference<Thread> after = new AtomicReference<>();
      assertTrue(
          workers.carryOut(() -> {
            before.set(Thread.currentThread());
            throw new IllegalStateException("thrown by a test");
          }));
      assertTrue(
          workers.carryOut(() -> {
            throw new AssertionError("thrown by a test");
          }));
      assertTrue(workers.carryOut(() -> after.set(Thread.currentThread())));
      assertEquals(before.get(), after.get());
    }
  }

  @Test
  @Tag("E3")
  void who_waits_for_room_is_let_go_when_the_workers_close_and_what_was_taken_is_done()
      throws Exception {
    AnalysisWorkers workers = new AnalysisWorkers(1);
    AtomicInteger done = new AtomicInteger();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Held first = new Held(done::incrementAndGet);
      List<Future<Boolean>> pieces = new ArrayList<>();
      pieces.add(executor.submit(() -> workers.carryOut(first)));
      first.begun.await();
      int waiting = workers.channel().capacity();
      for (int i = 0; i < waiting + 5; i++) {
        pieces.add(executor.submit(() -> workers.carryOut(done::incrementAndGet)));
      }
      while (workers.channel().stats().pending() < waiting) {
        Thread.onSpinWait();
      }
      Future<?> closing = executor.submit(workers::close);
      while (!workers.channel().isClosed()) {
        Thread.onSpinWait();
      }
      first.end.countDown();
      closing.get();
      int refused = 0;
      for (Future<Boolean> piece : pieces) {
        refused += piece.get() ? 0 : 1;
      }
      assertEquals(5, refused);
      assertEquals(1 + waiting, done.get());
    }
  }

  @Test
  @Tag("B2")
  void closed_workers_do_nothing_and_say_so() throws Exception {
    AnalysisWorkers workers = new AnalysisWorkers(2);
    workers.close();
    AtomicBoolean done = new AtomicBoolean();
    assertFalse(workers.carryOut(() -> done.set(true)));
    assertFalse(done.get());
    workers.close();
  }

  @Test
  @Tag("B2")
  void close_waits_for_what_was_brought() throws Exception {
    AnalysisWorkers workers = new AnalysisWorkers(1);
    AtomicBoolean secondDone = new AtomicBoolean();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Held first = new Held(() -> {});
      Future<Boolean> inWork = executor.submit(() -> workers.carryOut(first));
      first.begun.await();
      Future<Boolean> waiting = executor.submit(() -> workers.carryOut(() -> secondDone.set(true)));
      while (workers.channel().stats().sent() < 2) {
        Thread.onSpinWait();
      }
      Future<?> closing = executor.submit(workers::close);
      while (!workers.channel().isClosed()) {
        Thread.onSpinWait();
      }
      assertFalse(closing.isDone());
      assertFalse(inWork.isDone());
      first.end.countDown();
      closing.get();
      assertTrue(secondDone.get());
      assertTrue(inWork.get());
      assertTrue(waiting.get());
      assertEquals(0, workers.channel().stats().pending());
    }
  }

  @Test
  void an_interrupted_caller_waits_no_longer_and_its_worker_goes_on() throws Exception {
    try (AnalysisWorkers workers = new AnalysisWorkers(1);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Held piece = new Held(() -> {});
      AtomicReference<Thread> caller = new AtomicReference<>();
      Future<Boolean> carriedOut =
          executor.submit(() -> {
            caller.set(Thread.currentThread());
            return workers.carryOut(piece);
          });
      piece.begun.await();
      caller.get().interrupt();
      assertInstanceOf(
          InterruptedException.class,
          assertThrows(ExecutionException.class, carriedOut::get).getCause());
      piece.end.countDown();
      AtomicBoolean next = new AtomicBoolean();
      assertTrue(workers.carryOut(() -> next.set(true)));
      assertTrue(next.get());
    }
  }

  @Test
  @Tag("B2")
  void an_interrupted_closer_waits_still_and_stays_interrupted() throws Exception {
    AnalysisWorkers workers = new AnalysisWorkers(2);
    AtomicReference<Thread> worker = new AtomicReference<>();
    assertTrue(workers.carryOut(() -> worker.set(Thread.currentThread())));
    Thread.currentThread().interrupt();
    workers.close();
    assertTrue(Thread.interrupted());
    assertFalse(worker.get().isAlive());
  }

  /// A piece of work that tells when it has begun and ends when the test says so.
  private static final class Held implements Runnable {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final Runnable work;

    Held(Runnable work) {
      this.work = work;
    }

    @Override
    public void run() {
      work.run();
      begun.countDown();
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
