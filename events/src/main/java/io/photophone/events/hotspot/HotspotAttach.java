package io.photophone.events.hotspot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Speaks with the attach listener of a HotSpot JVM, as `jcmd` does: over a UNIX socket that the
/// JVM opens when it finds a file of a certain name and gets SIGQUIT.
///
/// ```
/// asked     "1" NUL "jcmd" NUL command NUL NUL NUL
/// answered  0 or another number, newline, text up to the end
/// ```
final class HotspotAttach {
  private static final int SIGQUIT = 3;
  private static final int LONGEST_ANSWER = 1 << 20;
  private static final long PAUSE_NANOS = 10_000_000;
  private static final Pattern STATUS_CAUGHT = Pattern.compile("(?m)^SigCgt:\\s*(\\p{XDigit}+)$");
  private static final Pattern STATUS_PIDS = Pattern.compile("(?m)^NSpid:.*?(\\d+)\\s*$");

  private final long pid;
  private final long ownPid;
  private final long deadline;
  private final Duration timeLimit;

  /// What the JVM said.
  ///
  /// @param code 0 for success
  record Answer(int code, String text) {
    boolean isSuccess() {
      return code == 0;
    }

    static Answer of(String answer) throws IOException {
      int line = answer.indexOf('\n');
      try {
        return new Answer(
            Integer.parseInt(answer.substring(0, Math.max(line, 0)).strip()),
            answer.substring(line + 1));
      } catch (NumberFormatException e) {
        throw new IOException(
            "the JVM answers '%s', expected a number and a newline first"
                .formatted(answer.substring(0, Math.min(80, answer.length()))),
            e);
      }
    }
  }

  private HotspotAttach(long pid, long ownPid, Duration timeLimit) {
    this.pid = pid;
    this.ownPid = ownPid;
    this.timeLimit = timeLimit;
    this.deadline = System.nanoTime() + timeLimit.toNanos();
  }

  /// Makes sure that a process can be asked; it isn't yet.
  ///
  /// @throws IOException that tells why it can't
  static HotspotAttach to(long pid, Duration timeLimit) throws IOException {
    if (JvmLibrary.ofProcess(pid).isEmpty()) {
      throw new IOException("process %d runs no HotSpot JVM".formatted(pid));
    }
    int ours = owner("self");
    int theirs = owner(Long.toString(pid));
    if (ours != 0 && ours != theirs) {
      throw new IOException(
          "process %d belongs to user %d, we are %d: a JVM answers its own user and root alone"
              .formatted(pid, theirs, ours));
    }
    String status = Files.readString(Path.of("/proc/%d/status".formatted(pid)));
    if (!catches(status, SIGQUIT)) {
      // The signal would end it.
      throw new IOException(
          "process %d doesn't catch SIGQUIT: it was started with -Xrs, or is just starting"
              .formatted(pid));
    }
    Matcher pids = STATUS_PIDS.matcher(status);
    return new HotspotAttach(pid, pids.find() ? Long.parseLong(pids.group(1)) : pid, timeLimit);
  }

  private static int owner(String process) throws IOException {
    return (int) Files.getAttribute(Path.of("/proc", process), "unix:uid");
  }

  static boolean catches(String status, int signal) {
    Matcher caught = STATUS_CAUGHT.matcher(status);
    return caught.find() && (Long.parseUnsignedLong(caught.group(1), 16) >>> (signal - 1) & 1) != 0;
  }

  /// The number that the process knows itself by.
  long ownPid() {
    return ownPid;
  }

  /// What the process sees as `/tmp`.
  Path temporary() {
    return Path.of("/proc/%d/root/tmp".formatted(pid));
  }

  /// Runs one of the commands of `jcmd`.
  Answer ask(String command) throws IOException {
    Path socket = temporary().resolve(".java_pid" + ownPid);
    if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      wake(socket);
    }
    byte[] asked = "1\0jcmd\0%s\0\0\0".formatted(command).getBytes(StandardCharsets.UTF_8);
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
      ByteBuffer bytes = ByteBuffer.wrap(asked);
      while (bytes.hasRemaining()) {
        await(selector);
        channel.write(bytes);
      }
      key.interestOps(SelectionKey.OP_READ);
      return Answer.of(read(channel, selector));
    }
  }

  private String read(SocketChannel channel, Selector selector) throws IOException {
    var answer = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 12);
    while (answer.size() < LONGEST_ANSWER) {
      await(selector);
      buffer.clear();
      int count = channel.read(buffer);
      if (count < 0) {
        break;
      }
      answer.write(buffer.array(), 0, count);
    }
    return answer.toString(StandardCharsets.UTF_8);
  }

  private void await(Selector selector) throws IOException {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (millis <= 0) {
      throw late();
    }
    selector.select(millis);
    selector.selectedKeys().clear();
    if (Thread.currentThread().isInterrupted()) {
      throw new IOException("interrupted while process %d was asked".formatted(pid));
    }
  }

  private IOException late() {
    return new IOException(
        "process %d doesn't answer within %d ms".formatted(pid, timeLimit.toMillis()));
  }

  /// Makes the JVM open its socket.
  private void wake(Path socket) throws IOException {
    Path sign = temporary().resolve(".attach_pid" + ownPid);
    Files.deleteIfExists(sign);
    Files.createFile(sign);
    try {
      quit();
      while (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
        if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
          throw late();
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } finally {
      Files.deleteIfExists(sign);
    }
  }

  /// Java sends no such signal by itself; every shell does.
  private void quit() throws IOException {
    Process kill =
        new ProcessBuilder("/bin/sh", "-c", "kill -QUIT \"$0\"", Long.toString(pid))
            .redirectErrorStream(true)
            .start();
    String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (kill.waitFor() != 0) {
        throw new IOException("process %d can't be signalled: %s".formatted(pid, said.strip()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while process %d was signalled".formatted(pid), e);
    }
  }
}
