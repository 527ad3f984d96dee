package io.photophone.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// A real broker on a free port, and its subscriber.
final class Mosquitto implements AutoCloseable {
  private final Path folder;
  private final int port;
  private Process broker;

  private Mosquitto(Path folder, int port) throws IOException {
    this.folder = folder;
    this.port = port;
    this.broker = launch();
  }

  /// A line that a subscriber printed, as in `TOPIC RETAIN PAYLOAD`.
  record Line(String topic, boolean retained, String payload) {
    static Line of(String text) {
      String[] parts = text.split(" ", 3);
      return new Line(parts[0], parts[1].equals("1"), parts[2]);
    }
  }

  static boolean isInstalled() {
    return executable("mosquitto").isPresent() && executable("mosquitto_sub").isPresent();
  }

  private static Optional<Path> executable(String name) {
    return Stream.of(
            "/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/sbin")
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Starts one that keeps nothing over a restart.
  static Mosquitto start(Path folder) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    return new Mosquitto(folder, port);
  }

  private Process launch() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("mosquitto.conf"),
            """
            listener %d 127.0.0.1
            allow_anonymous true
            persistence false
            """
                .formatted(port));
    Process process =
        new ProcessBuilder(
                executable("mosquitto").orElseThrow().toString(), "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("mosquitto.log").toFile())
            .start();
    while (!listens()) {
      if (!process.isAlive()) {
        throw new IOException(
            "mosquitto ended: " + Files.readString(folder.resolve("mosquitto.log")));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return process;
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  String url() {
    return "mqtt://127.0.0.1:" + port;
  }

  void stop() {
    broker.destroy();
    broker.onExit().join();
  }

  void startAgain() throws IOException {
    broker = launch();
  }

  /// Subscribes until so many messages have come.
  List<Line> receive(int count, String topic) throws IOException {
    try (Subscriber subscriber = subscribe(topic)) {
      List<Line> lines = new ArrayList<>();
      while (lines.size() < count) {
        lines.add(subscriber.next());
      }
      return lines;
    }
  }

  /// Subscribes to a topic, or to a pattern.
  Subscriber subscribe(String topic) throws IOException {
    return new Subscriber(
        new ProcessBuilder(
                executable("mosquitto_sub").orElseThrow().toString(),
                "-V",
                "5",
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-q",
                "1",
                "-t",
                topic,
                "-F",
                "%t %r %p")
            .start());
  }

  /// A running `mosquitto_sub`.
  static final class Subscriber implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    private Subscriber(Process process) {
      this.process = process;
      this.lines = process.inputReader(StandardCharsets.UTF_8);
    }

    /// Waits for the next message.
    Line next() throws IOException {
      String line = lines.readLine();
      if (line == null) {
        throw new IOException("mosquitto_sub ended");
      }
      return Line.of(line);
    }

    @Override
    public void close() {
      process.destroy();
      process.onExit().join();
    }
  }

  @Override
  public void close() {
    broker.destroyForcibly();
    broker.onExit().join();
  }
}
