package io.photophone.channels.shared;

import static io.photophone.channels.shared.Bytes.all;
import static io.photophone.channels.shared.Bytes.bytes;
import static io.photophone.channels.shared.Bytes.pattern;
import static io.photophone.channels.shared.Bytes.told;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rings between processes: two JVMs, and a JVM with a program in Python or C.
@Tag("C7")
@Timeout(60)
final class SharedRingIT {
  private static final Path EXAMPLES = Path.of("../examples/shared-ring");

  @TempDir Path directory;

  private Path file;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void name() {
    file = directory.resolve("ring");
  }

  @AfterEach
  void no_process_is_left() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void a_hundred_thousand_messages_of_another_process_arrive_once_and_in_order() throws Exception {
    SharedRing.oneToOne(4096, 100).create(file);
    Process child = java("send", file.toString(), "100000");
    try (OneToOneReceiver receiver = OneToOneReceiver.attach(file)) {
      ByteBuffer buffer = ByteBuffer.allocate(100);
      for (int i = 0; i < 100_000; i++) {
        assertInstanceOf(SharedReceived.Message.class, receiver.receive(buffer.clear()));
        assertEquals(ByteBuffer.wrap(pattern(i, i % 101)), buffer.flip());
      }
      assertInstanceOf(SharedReceived.Closed.class, receiver.receive(buffer.clear()));
    }
    assertEquals(0, child.waitFor());
  }

  @Test
  void receivers_in_two_processes_get_every_message() throws Exception {
    SharedRing.broadcast(4096, 16).create(file);
    BufferedReader one = output(java("receive-broadcast", file.toString()));
    BufferedReader other = output(java("receive-broadcast", file.toString()));
    assertEquals("ready", one.readLine());
    assertEquals("ready", other.readLine());
    try (BroadcastSender sender = BroadcastSender.attach(file)) {
      sender.send(bytes("hello"));
      sender.send(bytes("world"));
    }
    for (BufferedReader output : List.of(one, other)) {
      assertEquals(List.of("hello", "world", "closed"), output.readAllLines());
    }
  }

  @Test
  void half_a_message_of_a_sender_that_was_killed_is_never_seen() throws Exception {
    SharedRing.oneToOne(256, 8).create(file);
    try (OneToOneReceiver receiver = OneToOneReceiver.attach(file)) {
      Process child = javaThatSays("half", "half-sent", file.toString());
      assertEquals(Peer.State.ALIVE, receiver.sender().state());
      kill(child);
      List<String> before = List.of("one", "two", "gone " + child.pid());
      assertEquals(before, all(receiver));
      ByteBuffer buffer = ByteBuffer.allocate(8);
      assertEquals("gone " + child.pid(), told(receiver.receive(buffer), buffer));
      try (OneToOneSender next = OneToOneSender.attach(file)) {
        assertEquals(2, next.sent());
        next.trySend(bytes("three"));
        assertEquals(List.of("three", "empty"), all(receiver));
      }
      assertEquals("closed", told(receiver));
    }
  }

  @Test
  void half_a_broadcast_of_a_sender_that_was_killed_is_never_seen() throws Exception {
    SharedRing.broadcast(256, 8).create(file);
    Process child = javaThatSays("half", "half-broadcast", file.toString());
    try (BroadcastReceiver receiver = BroadcastReceiver.join(file, From.OLDEST)) {
      kill(child);
      assertEquals(List.of("one", "two", "gone " + child.pid()), all(receiver));
      try (BroadcastSender next = BroadcastSender.attach(file)) {
        next.send(bytes("three"));
        assertEquals(List.of("three", "empty"), all(receiver));
      }
    }
  }

  @Test
  void a_message_committed_just_before_the_end_is_kept_by_the_sender_that_takes_over()
      throws Exception {
    SharedRing.oneToOne(256, 8).create(file);
    kill(javaThatSays("half", "unpublished", file.toString()));
    try (OneToOneSender next = OneToOneSender.attach(file);
        OneToOneReceiver receiver = OneToOneReceiver.attach(file)) {
      next.trySend(bytes("three"));
      assertEquals(List.of("one", "two", "three", "empty"), all(receiver));
    }
  }

  @Test
  void a_message_that_a_killed_receiver_was_handling_is_received_again() throws Exception {
    SharedRing.oneToOne(256, 8).create(file);
    try (OneToOneSender sender = OneToOneSender.attach(file)) {
      for (String message : List.of("one", "two", "three")) {
        sender.trySend(bytes(message));
      }
      Process child = javaThatSays("half", "half-received", file.toString());
      assertEquals(child.pid(), sender.receiver().pid());
      kill(child);
      assertEquals(Peer.State.GONE, sender.receiver().state());
      try (OneToOneReceiver next = OneToOneReceiver.attach(file)) {
        assertEquals(List.of("two", "three", "empty"), all(next));
      }
    }
  }

  @Test
  void a_sender_that_waits_for_room_hears_that_the_receiver_was_killed() throws Exception {
    SharedRing.oneToOne(64, 0).create(file);
    try (OneToOneSender sender = OneToOneSender.attach(file)) {
      Process child = javaThatSays("ready", "full", file.toString());
      while (sender.trySend(new byte[0]) == SharedSent.SENT) {
        // until it is full
      }
      assertEquals(SharedSent.FULL, sender.send(new byte[0], Duration.ofMillis(50)));
      kill(child);
      assertEquals(SharedSent.PEER_GONE, sender.send(new byte[0]));
      try (OneToOneReceiver next = OneToOneReceiver.attach(file)) {
        next.poll(ByteBuffer.allocate(0));
        assertEquals(SharedSent.SENT, sender.send(new byte[0]));
      }
    }
  }

  @Test
  void a_role_held_by_a_living_process_is_refused_with_its_pid() throws Exception {
    SharedRing.oneToOne(64, 8).create(file);
    Process child = javaThatSays("half", "half-sent", file.toString());
    SharedRingException refusal =
        assertThrows(SharedRingException.class, () -> OneToOneSender.attach(file));
    assertTrue(
        refusal.getMessage().contains("has a sender already, process " + child.pid() + ","),
        refusal.getMessage());
    kill(child);
    OneToOneSender.attach(file).close();
  }

  /// Without a garbage collector and without the compiler that does away with objects: 16 bytes for
  /// each of three million rounds would not fit.
  @ParameterizedTest
  @CsvSource({"ONE_TO_ONE, steady", "BROADCAST, steady-broadcast"})
  void sending_and_receiving_allocate_nothing_in_steady_state(SharedRing.Kind kind, String program)
      throws Exception {
    new SharedRing(kind, 4096, 64).create(file);
    Process child =
        java(
            List.of("-XX:+UnlockExperimentalVMOptions", "-XX:+UseEpsilonGC", "-Xmx32m"),
            program,
            file.toString());
    List<String> output = output(child).readAllLines();
    assertEquals("done", output.getLast(), () -> error(child));
  }

  /// As a user who may not, if the tests run as one who may open everything.
  @Test
  void a_file_that_may_not_be_opened_is_refused() throws Exception {
    SharedRing.oneToOne(64, 8).create(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> asNobody = new ArrayList<>();
    if (Files.isWritable(file)) {
      assumeTrue(isThere("setpriv"), "skipped: this user may open every file, and no setpriv");
      asNobody.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    asNobody.addAll(command(List.of(), "attach", file.toString()));
    Process child = start(asNobody.toArray(String[]::new));
    assertEquals(1, child.waitFor());
    String error = error(child);
    assertTrue(
        error.contains("SharedRingException: no permission to open ring file " + file), error);
  }

  @Test
  void a_process_that_is_dead_and_not_yet_buried_is_gone() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/stat")), "skipped: no /proc here");
    SharedRing.oneToOne(64, 8).create(file);
    // The child outlives the shell, which would bury it; cat does not.
    Process parent = start("sh", "-c", "sleep 1 & echo $!; exec cat");
    long zombie = Long.parseLong(output(parent).readLine());
    while (!Files.readString(Path.of("/proc/" + zombie + "/stat")).contains(") Z ")) {
      Thread.onSpinWait();
    }
    assertEquals(Peer.State.GONE, stateOf(zombie, 0, System.currentTimeMillis()));
  }

  @Test
  void another_process_with_the_pid_of_the_dead_one_is_not_taken_for_it() {
    SharedRing.oneToOne(64, 8).create(file);
    long pid = ProcessHandle.current().pid();
    long start = Peer.startMillis(ProcessHandle.current());
    assertEquals(Peer.State.ALIVE, stateOf(pid, start, 0));
    assertEquals(Peer.State.GONE, stateOf(pid, start - 60_000, 0));
  }

  @Test
  void a_process_that_does_not_tell_its_start_has_to_beat() {
    SharedRing.oneToOne(64, 8).create(file);
    long pid = ProcessHandle.current().pid();
    long now = System.currentTimeMillis();
    assertEquals(Peer.State.ALIVE, stateOf(pid, 0, now));
    assertEquals(Peer.State.GONE, stateOf(pid, 0, now - 11_000));
  }

  private Peer.State stateOf(long pid, long start, long heartbeat) {
    RingMemory ring = RingFile.map(file, SharedRing.Kind.ONE_TO_ONE, MapMode.READ_WRITE);
    ring.setField(RingLayout.SENDER_LINE + RingLayout.PID, pid);
    ring.setField(RingLayout.SENDER_LINE + RingLayout.START, start);
    ring.setField(RingLayout.SENDER_LINE + RingLayout.HEARTBEAT, heartbeat);
    return Peer.of(ring, RingLayout.SENDER_LINE).state();
  }

  @Test
  void a_python_program_receives_what_java_sends() throws Exception {
    assumePython();
    SharedRing.oneToOne(128, 32).create(file);
    BufferedReader output = output(start("python3", python("reader.py"), file.toString()));
    List<String> lines = lines(500);
    try (OneToOneSender sender = OneToOneSender.attach(file)) {
      for (String line : lines) {
        assertEquals(SharedSent.SENT, sender.send(bytes(line)));
      }
    }
    assertEquals(lines, output.readAllLines());
  }

  @Test
  void java_receives_what_a_python_program_sends() throws Exception {
    assumePython();
    SharedRing.oneToOne(128, 32).create(file);
    List<String> lines = lines(500);
    Path input = Files.write(directory.resolve("lines"), lines);
    Process python = start(input.toFile(), "python3", python("writer.py"), file.toString());
    try (OneToOneReceiver receiver = OneToOneReceiver.attach(file)) {
      ByteBuffer buffer = ByteBuffer.allocate(32);
      for (String line : lines) {
        assertEquals(line, told(receiver.receive(buffer.clear()), buffer));
      }
      assertEquals("closed", told(receiver.receive(buffer.clear()), buffer));
    }
    assertEquals(0, python.waitFor());
  }

  @Test
  void python_and_java_broadcast_to_each_other_with_exact_lags() throws Exception {
    assumePython();
    SharedRing.broadcast(128, 32).create(file);
    List<String> lines = lines(100);
    BroadcastReceiver receiver = BroadcastReceiver.join(file, From.OLDEST);
    Path input = Files.write(directory.resolve("lines"), lines);
    assertEquals(
        0, start(input.toFile(), "python3", python("writer.py"), file.toString()).waitFor());
    List<String> seen = all(receiver);
    int retained = seen.size() - 2;
    assertEquals("lagged " + (100 - retained), seen.getFirst());
    assertEquals(lines.subList(100 - retained, 100), seen.subList(1, 1 + retained));
    assertEquals("closed", seen.getLast());
    List<String> python =
        output(start("python3", python("reader.py"), file.toString())).readAllLines();
    assertEquals(lines.subList(100 - retained, 100), python);
  }

  @Test
  void java_and_python_refuse_each_other_the_role_that_one_holds() throws Exception {
    assumePython();
    SharedRing.oneToOne(128, 32).create(file);
    Process python = start("python3", python("writer.py"), file.toString());
    python.getOutputStream().write(bytes("hello\n"));
    python.getOutputStream().flush();
    RingMemory ring = RingFile.map(file, SharedRing.Kind.ONE_TO_ONE, MapMode.READ_WRITE);
    while (ring.field(RingLayout.SENDER_LINE + RingLayout.PID) == 0) {
      Thread.onSpinWait();
    }
    SharedRingException refusal =
        assertThrows(SharedRingException.class, () -> OneToOneSender.attach(file));
    assertTrue(refusal.getMessage().contains("process " + python.pid()), refusal.getMessage());
    try (OneToOneReceiver receiver = OneToOneReceiver.attach(file)) {
      assertEquals(Peer.State.ALIVE, receiver.sender().state());
      Process second = start("python3", python("reader.py"), file.toString());
      assertEquals(1, second.waitFor());
      String error = new String(second.getErrorStream().readAllBytes(), UTF_8);
      assertTrue(
          error.contains("has a receiver already, process " + ProcessHandle.current().pid()),
          error);
    }
  }

  @Test
  void a_python_sender_that_was_killed_is_gone() throws Exception {
    assumePython();
    SharedRing.oneToOne(128, 32).create(file);
    Process python = start("python3", python("writer.py"), file.toString());
    try (OneToOneReceiver receiver = OneToOneReceiver.attach(file)) {
      while (receiver.sender().state() == Peer.State.ABSENT) {
        Thread.onSpinWait();
      }
      kill(python);
      ByteBuffer buffer = ByteBuffer.allocate(32);
      assertEquals("gone " + python.pid(), told(receiver.receive(buffer), buffer));
    }
  }

  @Test
  void a_c_program_receives_what_java_sends() throws Exception {
    assumeTrue(isThere("cc"), "skipped: no C compiler (cc) on this machine");
    Path reader = directory.resolve("reader");
    Process cc =
        start(
            "cc",
            "-std=c11",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-o",
            reader.toString(),
            EXAMPLES.resolve("reader.c").toString());
    assertEquals(0, cc.waitFor(), () -> error(cc));
    SharedRing.oneToOne(128, 32).create(file);
    BufferedReader output = output(start(reader.toString(), file.toString()));
    List<String> lines = lines(500);
    try (OneToOneSender sender = OneToOneSender.attach(file)) {
      for (String line : lines) {
        assertEquals(SharedSent.SENT, sender.send(bytes(line)));
      }
    }
    assertEquals(lines, output.readAllLines());
  }

  private static List<String> lines(int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add("message " + i + "x".repeat(i % 16));
    }
    return lines;
  }

  private static void assumePython() throws Exception {
    assumeTrue(isThere("python3"), "skipped: no python3 on this machine");
    assumeTrue(
        List.of("amd64", "x86_64").contains(System.getProperty("os.arch")),
        "skipped: the Python examples run on x86-64 only");
  }

  private static boolean isThere(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "--version")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(20, TimeUnit.SECONDS);
    } catch (IOException e) {
      return false;
    }
  }

  private static String python(String script) {
    return EXAMPLES.resolve(script).toString();
  }

  private Process javaThatSays(String line, String... arguments) throws Exception {
    Process child = java(arguments);
    assertEquals(line, output(child).readLine(), () -> error(child));
    return child;
  }

  private Process java(String... arguments) throws Exception {
    return java(List.of(), arguments);
  }

  private Process java(List<String> options, String... arguments) throws Exception {
    return start(command(options, arguments).toArray(String[]::new));
  }

  private static List<String> command(List<String> options, String... arguments)
      throws URISyntaxException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.add("-cp");
    command.add(place(SharedRing.class) + File.pathSeparator + place(RingChild.class));
    command.add(RingChild.class.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  private static String place(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  private Process start(String... command) throws IOException {
    return keep(new ProcessBuilder(command));
  }

  private Process start(File input, String... command) throws IOException {
    return keep(new ProcessBuilder(command).redirectInput(input));
  }

  private Process keep(ProcessBuilder builder) throws IOException {
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  private static String error(Process process) {
    try {
      return new String(process.getErrorStream().readAllBytes(), UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// SIGKILL: no code of the process runs any more.
  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
