package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.channels.BroadcastChannel.Resume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Keeps the examples of the README true.
@Timeout(value = 10, unit = TimeUnit.SECONDS)
final class ReadmeTest {
  private static final Path SOURCE =
      Path.of("src/test/java/io/photophone/channels/ReadmeTest.java");

  private final List<String> log = new ArrayList<>();

  @Test
  @Tag("C1")
  void a_queue_hands_each_message_to_one_receiver() throws Exception {
    // @start
    PointToPointChannel<String> work =
        PointToPointChannel.manyToOne(ChannelOptions.of("work", 1024));
    Receiver<String> worker = work.receiver("worker");
    work.send("sweep"); // waits for room
    work.send("mop", Duration.ofMillis(10)); // SENT, FULL or CLOSED
    work.close();

    while (worker.drain(log::add, 64) > 0) {}
    switch (worker.receive()) {
      case Received.Message<String> message -> log.add(message.value());
      case Received.Lagged<String>(long missed) -> log.add("missed " + missed);
      case Received.Empty<String> _ -> log.add("nothing within the time given");
      case Received.Closed<String>(Throwable cause) -> log.add("closed, cause " + cause);
    }
    // @end
    assertEquals(List.of("sweep", "mop", "closed, cause null"), log);
    isInReadme(0);
  }

  @Test
  @Tag("C2")
  void an_urgent_message_is_received_first() throws Exception {
    // @start
    PriorityChannel<String> commands =
        PriorityChannel.boundedByMessages(ChannelOptions.of("commands", 64), 100);
    Receiver<String> daemon = commands.receiver("daemon");
    commands.send(Priority.BULK, "copy the archive");
    commands.send(Priority.REAL_TIME, "stop");
    daemon.drain(log::add, 2);
    // @end
    assertEquals(List.of("stop", "copy the archive"), log);
    isInReadme(1);
  }

  @Test
  @Tag("C4")
  void a_receiver_that_is_overtaken_is_told_what_it_missed() throws Exception {
    // @start
    BroadcastChannel<String> news = new BroadcastChannel<>("news", 2);
    Receiver<String> reader = news.subscribe("reader", Resume.OLDEST);
    for (String headline : List.of("one", "two", "three")) {
      news.send(headline); // never waits
    }
    if (reader.poll() instanceof Received.Lagged<String>(long missed)) {
      log.add("missed " + missed);
    }
    reader.drain(log::add, 2);
    // @end
    assertEquals(List.of("missed 1", "two", "three"), log);
    isInReadme(2);
  }

  @Test
  @Tag("C3")
  void each_receiver_has_its_own_policy() throws Exception {
    // @start
    MulticastChannel<Integer> readings = new MulticastChannel<>(ChannelOptions.of("readings", 256));
    Receiver<Integer> recorder = readings.subscribe("recorder", Overflow.WAIT);
    Receiver<Integer> display = readings.subscribe("display", 1, Overflow.KEEP_NEWEST);
    for (int reading = 1; reading <= 3; reading++) {
      readings.send(reading); // waits if the recorder has no room, never for the display
    }
    recorder.drain(reading -> log.add("recorded " + reading), 3);
    display.poll(); // Lagged(2)
    display.drain(reading -> log.add("shown " + reading), 1);
    // @end
    assertEquals(List.of("recorded 1", "recorded 2", "recorded 3", "shown 3"), log);
    isInReadme(3);
  }

  @Test
  @Tag("C5")
  void a_worker_that_leaves_hands_its_messages_on() throws Exception {
    // @start
    AnycastChannel<String> jobs =
        new AnycastChannel<>(ChannelOptions.of("jobs", 16), AnycastChannel.Policy.ROUND_ROBIN);
    Receiver<String> first = jobs.receiver("first");
    Receiver<String> second = jobs.receiver("second");
    jobs.send("a");
    jobs.send("b");
    first.close();
    while (second.drain(log::add, 16) > 0) {}
    // @end
    log.sort(null);
    assertEquals(List.of("a", "b"), log);
    isInReadme(4);
  }

  @Test
  @Tag("C6")
  void a_call_is_answered_or_ends_at_its_deadline() throws Exception {
    // @start
    RequestReplyChannel<String, Integer> lengths =
        RequestReplyChannel.fifo(ChannelOptions.of("lengths", 32));
    Server<String, Integer> server = lengths.server("server");
    Thread.ofVirtual().start(() -> server.serve(String::length));

    Client<String, Integer> client = lengths.client("client");
    switch (client.call("photophone", Duration.ofSeconds(1))) {
      case Reply.Answered<Integer> answer -> log.add("length " + answer.value());
      case Reply.Failed<Integer>(Throwable cause) -> log.add("failed: " + cause);
      case Reply.TimedOut<Integer> _ -> log.add("too late");
      case Reply.Cancelled<Integer> _ -> log.add("cancelled");
      case Reply.Full<Integer> _ -> log.add("too many calls in flight");
      case Reply.Closed<Integer> _ -> log.add("closed");
    }
    // @end
    assertEquals(List.of("length 10"), log);
    isInReadme(5);
    lengths.close();
  }

  @Test
  @Tag("C8")
  void a_select_waits_on_several_receivers() throws Exception {
    PointToPointChannel<String> commands = PointToPointChannel.oneToOne(ChannelOptions.of("c", 4));
    PointToPointChannel<String> frames = PointToPointChannel.oneToOne(ChannelOptions.of("f", 4));
    Receiver<String> command = commands.receiver("loop");
    Receiver<String> frame = frames.receiver("loop");
    frames.send("frame");
    commands.send("stop");
    // @start
    Select select = Select.inOrder(command, frame);
    switch (select.await(Duration.ofSeconds(1))) {
      case 0 -> command.drain(log::add, 1);
      case 1 -> frame.drain(log::add, 1);
      case Select.NONE -> log.add("nothing for a second");
      default -> log.add("both have ended");
    }
    // @end
    assertEquals(List.of("stop"), log);
    isInReadme(6);
  }

  /// The example of this number, in the order of this file.
  private static void isInReadme(int number) throws Exception {
    String source = Files.readString(SOURCE);
    String[] parts = source.split("    // @start\n", -1);
    String example = parts[number + 1].substring(0, parts[number + 1].indexOf("    // @end"));
    String shown = example.stripTrailing().stripIndent();
    assertTrue(
        Files.readString(Path.of("README.md")).contains("```java\n" + shown + "\n```"),
        "README.md of channels shows another example than this:\n" + shown);
  }
}
