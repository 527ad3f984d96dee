package io.photophone.channels.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/// The other process of [SharedRingIT]. It ends when its input ends, so never later than the test.
final class RingChild {
  private static final int ROUNDS = 3_000_000;

  private RingChild() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "send" -> send(file, Integer.parseInt(arguments[2]));
      case "receive" -> receive(OneToOneReceiver.attach(file));
      case "receive-broadcast" -> receive(BroadcastReceiver.join(file, From.OLDEST));
      case "half-sent" -> dieInTheMiddleOfASend(file, SharedRing.Kind.ONE_TO_ONE);
      case "half-broadcast" -> dieInTheMiddleOfASend(file, SharedRing.Kind.BROADCAST);
      case "unpublished" -> dieAfterTheCommit(file);
      case "half-received" -> dieInAHandler(file);
      case "full" -> waitForRoom(file);
      case "steady" -> steady(file);
      case "steady-broadcast" -> steadyBroadcast(file);
      case "attach" -> OneToOneSender.attach(file).close();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void send(Path file, int messages) throws Exception {
    try (OneToOneSender sender = OneToOneSender.attach(file)) {
      for (int i = 0; i < messages; i++) {
        sender.send(Bytes.pattern(i, i % 101));
      }
    }
  }

  /// Prints what it receives until the end.
  private static void receive(SharedReceiver receiver) throws Exception {
    say("ready");
    ByteBuffer buffer = ByteBuffer.allocate(receiver.maxMessage());
    while (true) {
      String told = Bytes.told(receiver.receive(buffer.clear()), buffer);
      say(told);
      if (told.equals("closed") || told.startsWith("gone")) {
        return;
      }
    }
  }

  /// Commits two messages, and of a third everything but the word.
  private static void dieInTheMiddleOfASend(Path file, SharedRing.Kind kind) throws IOException {
    RingMemory ring = RingFile.map(file, kind, MapMode.READ_WRITE);
    Role role = Role.sender(file, ring);
    RingWriter writer = new RingWriter(ring);
    writer.write("one".getBytes(UTF_8));
    writer.write("two".getBytes(UTF_8));
    long payload = writer.begin(8);
    ring.bytes().set(ValueLayout.JAVA_LONG, payload, -1);
    sayAndWait("half");
    role.release();
  }

  /// Commits a message and does not move the position in the header.
  private static void dieAfterTheCommit(Path file) throws IOException {
    RingMemory ring = RingFile.map(file, SharedRing.Kind.ONE_TO_ONE, MapMode.READ_WRITE);
    Role role = Role.sender(file, ring);
    RingWriter writer = new RingWriter(ring);
    writer.write("one".getBytes(UTF_8));
    long published = writer.position();
    writer.write("two".getBytes(UTF_8));
    ring.setField(RingLayout.SENDER_POSITION, published);
    sayAndWait("half");
    role.release();
  }

  /// Receives one message and dies while it handles the second.
  private static void dieInAHandler(Path file) {
    try (OneToOneReceiver receiver = OneToOneReceiver.attach(file)) {
      receiver.poll(ByteBuffer.allocate(receiver.maxMessage()));
      receiver.poll((_, _, _) -> sayAndWait("half"));
    }
  }

  /// Holds the receiver's role without receiving.
  private static void waitForRoom(Path file) {
    try (OneToOneReceiver receiver = OneToOneReceiver.attach(file)) {
      receiver.heartbeat();
      sayAndWait("ready");
    }
  }

  /// Three million rounds, in a heap that would not hold an object of each.
  private static void steady(Path file) {
    byte[] message = new byte[64];
    ByteBuffer source = ByteBuffer.allocate(64);
    ByteBuffer buffer = ByteBuffer.allocate(64);
    MessageHandler handler = (_, _, length) -> require(length == 64);
    SharedReceived received = new SharedReceived.Message();
    SharedReceived empty = new SharedReceived.Empty();
    try (OneToOneSender sender = OneToOneSender.attach(file);
        OneToOneReceiver receiver = OneToOneReceiver.attach(file)) {
      for (int i = 0; i < ROUNDS; i++) {
        require(sender.trySend(message) == SharedSent.SENT);
        require(sender.trySend(source.clear()) == SharedSent.SENT);
        require(sender.trySend(message) == SharedSent.SENT);
        require(receiver.poll(buffer.clear()).equals(received));
        require(receiver.drain(handler, 5).equals(received));
        require(i % 64 != 0 || receiver.poll(handler).equals(empty));
      }
    }
    say("done");
  }

  private static void steadyBroadcast(Path file) {
    byte[] message = new byte[64];
    ByteBuffer buffer = ByteBuffer.allocate(64);
    MessageHandler handler = (_, _, length) -> require(length == 64);
    SharedReceived received = new SharedReceived.Message();
    try (BroadcastSender sender = BroadcastSender.attach(file);
        BroadcastReceiver receiver = BroadcastReceiver.join(file, From.OLDEST)) {
      for (int i = 0; i < ROUNDS; i++) {
        require(sender.send(message) == SharedSent.SENT);
        require(sender.send(message) == SharedSent.SENT);
        require(receiver.poll(buffer.clear()).equals(received));
        require(receiver.poll(handler).equals(received));
      }
    }
    say("done");
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new AssertionError();
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private static void sayAndWait(String line) {
    say(line);
    try {
      while (System.in.read() >= 0) {
        // until the input ends
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
