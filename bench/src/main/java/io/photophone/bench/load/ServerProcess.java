package io.photophone.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A server in a process of its own, and what it takes of the machine, from `/proc`. It ends with
/// this program at the latest.
final class ServerProcess implements AutoCloseable {
  /// As the launcher has it.
  private static final List<String> JVM = List.of("-Xmx1g", "-Dio.netty.noUnsafe=true");

  private static final Pattern ADDRESS = Pattern.compile("http://[^/\\s]+/");
  private static final Pattern HISTOGRAM_TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final Process process;
  private final Path errors;
  private final URI address;
  private final Thread onExit;

  private ServerProcess(Process process, Path errors, URI address, Thread onExit) {
    this.process = process;
    this.errors = errors;
    this.address = address;
    this.onExit = onExit;
  }

  /// Starts it and waits for the address that it prints.
  ///
  /// @param folder for what it prints as errors
  static ServerProcess start(Path folder, Class<?> main, String... arguments) throws IOException {
    Path errors = Files.createTempFile(folder, main.getSimpleName(), ".log");
    Process process =
        new ProcessBuilder(command(main, arguments)).redirectError(errors.toFile()).start();
    Thread onExit = Thread.ofPlatform().unstarted(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(onExit);
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher address = ADDRESS.matcher(line);
      if (address.find()) {
        Thread.ofVirtual().name("output of " + main.getSimpleName()).start(() -> drain(process));
        return new ServerProcess(process, errors, URI.create(address.group()), onExit);
      }
    }
    process.destroyForcibly();
    throw new IOException("%s didn't start: %s".formatted(main, Files.readString(errors)));
  }

  /// Runs a program to its end.
  ///
  /// @return its standard output
  static String run(Class<?> main, String... arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command(main, arguments))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(
          "%s %s ended with %d".formatted(main, String.join(" ", arguments), process.exitValue()));
    }
    return output.strip();
  }

  private static List<String> command(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static void drain(Process process) {
    try {
      process.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // The process has ended, and with it what it prints.
    }
  }

  URI address() {
    return address;
  }

  boolean alive() {
    return process.isAlive();
  }

  /// Processor time since its start, user and system.
  Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /// Memory that is resident now.
  long residentBytes() throws IOException {
    return 1024 * status("VmRSS");
  }

  int threads() throws IOException {
    return (int) status("Threads");
  }

  int fileDescriptors() throws IOException {
    try (Stream<Path> files = Files.list(proc("fd"))) {
      return (int) files.count();
    }
  }

  private long status(String name) throws IOException {
    for (String line : Files.readAllLines(proc("status"))) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no " + name + " in " + proc("status"));
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  /// Bytes of the objects that are left after a full collection.
  long liveHeapBytes() throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher total = HISTOGRAM_TOTAL.matcher(output);
    if (!total.find()) {
      throw new IOException("no total in what jcmd says: " + output);
    }
    return Long.parseLong(total.group(1));
  }

  /// What it has printed as errors and log.
  String log() throws IOException {
    return Files.readString(errors);
  }

  /// Tells it to stop, and kills it if that takes too long. Idempotent.
  ///
  /// @return how long it took
  Duration stop() {
    long begin = System.nanoTime();
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // This program ends, and the hook runs or has run.
    }
  }
}
