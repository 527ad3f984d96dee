package io.photophone.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The program as its users run it: a process of its own.
final class Photophone implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("https?://\\S+/");

  private static final Pattern LINK = Pattern.compile("http://\\S+#\\S+");

  private final Process process;
  private final BufferedReader lines;
  private final Path data;
  private final Path errors;

  private Photophone(Process process, Path data, Path errors) {
    this.process = process;
    this.lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.data = data;
    this.errors = errors;
  }

  /// What a command did.
  record Outcome(int exitCode, String output, String errors) {}

  /// Runs a command to its end.
  static Outcome run(Path folder, String... arguments) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", ".txt");
    Path errors = Files.createTempFile(folder, "errors", ".txt");
    Process process =
        builder(Launch.PLAIN, arguments)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + List.of(arguments));
    }
    return new Outcome(process.exitValue(), Files.readString(output), Files.readString(errors));
  }

  /// Starts a command that goes on until it is told to stop.
  static Photophone start(Path folder, String... arguments) throws IOException {
    return start(folder, Launch.PLAIN, arguments);
  }

  /// How the program is started.
  ///
  /// @param before such as a command that gives up privileges
  /// @param options of the virtual machine
  /// @param main in place of the program's own, which it calls
  record Launch(List<String> before, List<String> options, Class<?> main) {
    static final Launch PLAIN = new Launch(List.of(), List.of(), Main.class);
  }

  /// Starts a command in another way than a user does.
  static Photophone start(Path folder, Launch launch, String... arguments) throws IOException {
    Path errors = Files.createTempFile(folder, "errors", ".txt");
    int data = List.of(arguments).indexOf("--data");
    return new Photophone(
        builder(launch, arguments).redirectError(errors.toFile()).start(),
        data < 0 ? folder.resolve("data") : Path.of(arguments[data + 1]),
        errors);
  }

  private static ProcessBuilder builder(Launch launch, String... arguments) {
    List<String> command = new ArrayList<>(launch.before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(launch.options);
    command.addAll(
        List.of(
            "-Dstdout.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            launch.main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /// Waits for the address that `serve` prints.
  URI address() {
    return printed(ADDRESS);
  }

  /// The address with a token, for [Http].
  URI api() {
    return Tokens.signedIn(address(), data);
  }

  /// Waits for the link by which the owner signs in, which comes behind the address.
  URI signInLink() {
    return printed(LINK);
  }

  private URI printed(Pattern address) {
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher found = address.matcher(line);
        if (found.find()) {
          return URI.create(found.group());
        }
      }
      throw new AssertionError("no address; the errors were: " + Files.readString(errors));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What the program reads as its standard input.
  OutputStream input() {
    return process.getOutputStream();
  }

  long pid() {
    return process.pid();
  }

  /// Sends a signal, as in `TERM`, and waits for the end.
  ///
  /// @return the exit code
  int signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("still running after " + name);
    }
    return process.exitValue();
  }

  boolean hasEnded() {
    return !process.isAlive();
  }

  String errors() throws IOException {
    return Files.readString(errors);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
