package io.photophone.events.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// The `perf` program, with which ours is compared. Both record on the clock of [System#nanoTime].
final class PerfTool implements AutoCloseable {
  private final Process process;
  private final Path file;

  private PerfTool(Process process, Path file) {
    this.process = process;
    this.file = file;
  }

  static void assumePresent() {
    try {
      Process version = new ProcessBuilder("perf", "--version").redirectErrorStream(true).start();
      version.inputReader().lines().forEach(_ -> {});
      Assumptions.assumeTrue(version.waitFor() == 0, "perf doesn't run here");
    } catch (IOException e) {
      Assumptions.abort("there is no perf here: " + e.getMessage());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Starts to record; returns when it does.
  static PerfTool record(Path file, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("perf", "record", "-k", "CLOCK_MONOTONIC"));
    command.addAll(List.of("-m", "2048", "-o", file.toString()));
    Path control = file.resolveSibling(file.getFileName() + ".control");
    Path answer = file.resolveSibling(file.getFileName() + ".answer");
    for (Path each : List.of(control, answer)) {
      if (new ProcessBuilder("mkfifo", each.toString()).start().waitFor() != 0) {
        throw new IOException("no pipe " + each);
      }
    }
    // Starts disabled and is enabled through the pipe, whose answer says that it is.
    command.addAll(List.of("-D", "-1", "--control", "fifo:%s,%s".formatted(control, answer)));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(file.resolveSibling(file.getFileName() + ".log").toFile())
            .start();
    try (var out = new java.io.FileOutputStream(control.toFile());
        var in = new java.io.FileInputStream(answer.toFile())) {
      out.write("enable\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      out.flush();
      if (in.read() != 'a') {
        throw new IOException("perf didn't begin");
      }
    }
    return new PerfTool(process, file);
  }

  /// Ends recording and waits until the file is written.
  void end() throws InterruptedException, IOException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    process.waitFor();
  }

  /// What `perf script` says of the file, one line for an event.
  List<String> script(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("perf", "script", "--ns", "-i"));
    command.add(file.toString());
    command.addAll(List.of(arguments));
    Process script =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines =
        script.inputReader(java.nio.charset.StandardCharsets.ISO_8859_1).lines().toList();
    script.waitFor();
    return lines;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
