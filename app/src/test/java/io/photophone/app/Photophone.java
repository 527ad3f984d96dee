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
  private static final Pattern ADDRESS = Pattern.compile("http://\\S+/");

  private final Process process;
  private final Path errors;

  private Photophone(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
  }

  /// What a command did.
  record Outcome(int exitCode, String output, String errors) {}

  /// Runs a command to its end.
  static Outcome run(Path folder, String... arguments) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", ".txt");
    Path errors = Files.createTempFile(folder, "errors", ".txt");
    Process process =
        builder(arguments).redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + List.of(arguments));
    }
    return new Outcome(process.exitValue(), Files.readString(output), Files.readString(errors));
  }

  /// Starts a command that goes on until it is told to stop.
  static Photophone start(Path folder, String... arguments) throws IOException {
    Path errors = Files.createTempFile(folder, "errors", ".txt");
    return new Photophone(builder(arguments).redirectError(errors.toFile()).start(), errors);
  }

  private static ProcessBuilder builder(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /// Waits for the address that `serve` prints.
  URI address() {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher address = ADDRESS.matcher(line);
        if (address.find()) {
          return URI.create(address.group());
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

  String errors() throws IOException {
    return Files.readString(errors);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
