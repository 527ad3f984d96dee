package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.photophone.events.linux.Privileges;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `photophone trace` of real programs by the real kernel; what it writes is read back.
@Tag("V13")
@Tag("V16")
@Timeout(180)
final class TraceIT {
  @TempDir private Path folder;

  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void recording_is_allowed() {
    Privileges privileges = Privileges.probe();
    assumeTrue(
        privileges.wholeMachine() && privileges.tracefs().isPresent(),
        () -> "recording isn't allowed here: " + privileges.missing());
  }

  @AfterEach
  void programs_end() throws InterruptedException {
    for (Process each : started) {
      each.destroyForcibly().waitFor();
    }
  }

  private Process start(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    started.add(process);
    return process;
  }

  private Process busyJvm() throws IOException {
    Process process =
        start(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+PreserveFramePointer",
            "-cp",
            System.getProperty("java.class.path"),
            BusyProgram.class.getName());
    process.inputReader().readLine();
    return process;
  }

  private Photophone.Outcome trace(Process of, String file, String... options)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("trace", "--pid", Long.toString(of.pid()), "-o", path(file)));
    arguments.addAll(List.of(options));
    Photophone.Outcome outcome = Photophone.run(folder, arguments.toArray(String[]::new));
    assertEquals(0, outcome.exitCode(), outcome.errors());
    assertTrue(outcome.errors().contains("wrote " + path(file)), outcome.errors());
    return outcome;
  }

  private String path(String file) {
    return folder.resolve(file).toString();
  }

  private String text(String file) throws IOException {
    return Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1);
  }

  @Test
  void time_on_and_off_processors_of_a_jvm_is_told_by_thread_and_method() throws Exception {
    Process jvm = busyJvm();
    Photophone.Outcome outcome = trace(jvm, "t.json", "--cpu", "--off-cpu", "--for", "3s");
    JsonNode root = JsonMapper.shared().readTree(folder.resolve("t.json"));
    List<String> frames = new ArrayList<>();
    root.path("shared").path("frames").forEach(each -> frames.add(each.path("name").asString()));
    assertTrue(
        frames.stream().anyMatch(each -> each.contains("BusyProgram.burnCycles")),
        frames::toString);
    assertTrue(frames.contains("schedule"), frames::toString);
    double seconds = seconds(outcome);
    double slept = nanos(root, "sleeper", "off-cpu") / 1e9;
    assertEquals(seconds, slept, 0.1 * seconds, outcome.errors());
    double burnt = nanos(root, "burner", "cpu") / 1e9 + nanos(root, "burner", "off-cpu") / 1e9;
    assertEquals(seconds, burnt, 0.2 * seconds, outcome.errors());
  }

  private static long nanos(JsonNode root, String thread, String kind) {
    long sum = 0;
    for (JsonNode profile : root.path("profiles")) {
      String name = profile.path("name").asString();
      if (name.contains(thread + " ") && name.endsWith(" " + kind)) {
        for (JsonNode weight : profile.path("weights")) {
          sum += weight.asLong();
        }
      }
    }
    return sum;
  }

  /// As the last live line says.
  private static double seconds(Photophone.Outcome outcome) {
    Matcher lines =
        Pattern.compile("^([0-9.]+) s  samples", Pattern.MULTILINE).matcher(outcome.errors());
    double last = 0;
    while (lines.find()) {
      last = Double.parseDouble(lines.group(1));
    }
    return last;
  }

  @Test
  void each_format_has_the_names_of_processes_and_methods() throws Exception {
    Process jvm = busyJvm();
    for (String suffix : List.of(".pb.gz", ".folded", ".perfetto")) {
      trace(jvm, "t" + suffix, "--for", "2s");
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve("t.pb.gz")))) {
      String strings = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      assertTrue(strings.contains("io.photophone.app.BusyProgram.burnCycles"), "pprof");
    }
    assertTrue(text("t.folded").contains("io.photophone.app.BusyProgram.burnCycles_[j]"), "folded");
    assertTrue(text("t.perfetto").contains("burner"), "perfetto: thread");
    assertTrue(text("t.perfetto").contains("BusyProgram.burnCycles"), "perfetto: method");
  }

  @Test
  void a_filtered_event_of_a_shell_and_its_children_is_counted_until_they_end() throws Exception {
    Process shell = start("sh", "-c", "read x; for i in 1 2 3 4 5; do /bin/true; done; sleep 1");
    String pid = Long.toString(shell.pid());
    String[] arguments = {
      "trace",
      "--pid",
      pid,
      "--event",
      "sched:sched_process_exec",
      "--filter",
      "filename ~ '*/true'",
      "-o",
      path("t.folded")
    };
    try (Photophone tracer = Photophone.start(folder, arguments)) {
      awaitErrors(tracer, "samples");
      shell.outputWriter().append("go\n").flush();
      awaitErrors(tracer, "wrote ");
    }
    long execs =
        text("t.folded")
            .lines()
            .filter(line -> !line.startsWith("#"))
            .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
    assertEquals(5, execs, text("t.folded"));
  }

  private static void awaitErrors(Photophone tracer, String text)
      throws IOException, InterruptedException {
    while (!tracer.errors().contains(text)) {
      assertFalse(tracer.hasEnded() && !tracer.errors().contains(text), tracer.errors());
      // Another process writes them: there is nothing to wait for but time.
      Thread.sleep(50);
    }
  }

  @Test
  void a_signal_ends_the_trace_and_it_is_written() throws Exception {
    Process jvm = busyJvm();
    String pid = Long.toString(jvm.pid());
    try (Photophone tracer =
        Photophone.start(folder, "trace", "--pid", pid, "-o", path("t.folded"))) {
      awaitErrors(tracer, "samples");
      assertEquals(0, tracer.signal("INT"), tracer.errors());
      assertTrue(tracer.errors().contains("wrote "), tracer.errors());
    }
    assertTrue(text("t.folded").contains("burnCycles"), text("t.folded"));
  }

  @Test
  void a_filter_with_a_mistake_is_refused_where_it_is() throws Exception {
    Photophone.Outcome outcome =
        Photophone.run(
            folder,
            "trace",
            "--all",
            "--event",
            "sched:sched_switch",
            "--filter",
            "prev_pidd == 3",
            "-o",
            path("t.folded"));
    assertEquals(1, outcome.exitCode());
    assertTrue(outcome.errors().contains("\nprev_pidd == 3\n^ column 1"), outcome.errors());
  }
}
