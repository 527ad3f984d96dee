package io.photophone.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.trace.TraceCounts;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

@Tag("V16")
final class TraceCommandTest {
  @TempDir private Path folder;

  private final StringWriter errors = new StringWriter();

  private int run(String arguments) {
    CommandLine line = new CommandLine(new TraceCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setErr(new PrintWriter(errors, true));
    line.setExecutionExceptionHandler((failure, command, _) -> {
      command.getErr().println(failure.getMessage());
      return 1;
    });
    String given =
        arguments.replace("FOLDER", folder.toString()).replace("PARENT", Long.toString(parent()));
    return line.execute(given.split(" ", -1));
  }

  private static long parent() {
    return ProcessHandle.current().parent().orElseThrow().pid();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          -o x.json                               | whom to trace? allowed: --pid N, which may be repeated, or --all
          --all --pid PARENT -o x.json            | whom to trace?
          --pid 4194305 -o x.json                 | --pid is 4194305, but there is no such process
          --all                                   | -o FILE is missing
          --all -o x.txt                          | -o is x.txt, allowed: names that end in .pb.gz (pprof), .folded (flame graph), .perfetto or .json (speedscope)
          --all --rate 0 -o x.json                | --rate is 0 Hz, allowed: 1 to 10000
          --all --rate 99 --off-cpu -o x.json     | --rate is given without --cpu
          --all --for 1s --until-late-frame -o x.json | --for and --until-late-frame are given, allowed: one of them
          --all --keep 5s -o x.json               | --keep and --server have a meaning with --until-late-frame alone
          --all --until-late-frame --keep 11m -o x.json | --keep is PT11M, allowed: up to 10m
          --all --for 10 -o x.json                | '10' is no length of time, allowed: 1ms to 8760h, as in 500ms, 10s, 1.5m, 2h
          --all --filter pid==1 -o x.json         | Missing required argument(s): --event=NAME
          """)
  void arguments_that_cannot_be_meant_are_refused_before_anything_is_recorded(
      String arguments, String refusal) {
    assertEquals(2, run(arguments));
    assertTrue(errors.toString().contains(refusal), errors.toString());
  }

  @Test
  void a_file_that_cannot_be_written_is_refused_before_anything_is_recorded() {
    assertEquals(1, run("--all -o FOLDER/none/x.pb.gz"));
    assertTrue(
        errors.toString().contains("no writable folder is " + folder.resolve("none")),
        errors.toString());
    assertFalse(Files.exists(folder.resolve("none")));
  }

  @Test
  void a_server_that_does_not_answer_is_told_before_anything_is_recorded() {
    int code = run("--all --until-late-frame --server http://127.0.0.1:9/ -o FOLDER/x.pb.gz");
    // Where nothing may be recorded at all, that is told instead.
    assertEquals(1, code);
    assertFalse(Files.exists(folder.resolve("x.pb.gz")));
  }

  @ParameterizedTest
  @CsvSource({"500ms, 500", "10s, 10000", "1.5m, 90000", "2h, 7200000", "0.25s, 250"})
  void a_length_of_time_has_a_unit(String text, long milliseconds) {
    assertEquals(Duration.ofMillis(milliseconds), new LengthOfTime().convert(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "s", "-1s", "0s", "1e3s", "10 s", "1d", "9999h", "1..5s"})
  void what_is_no_length_of_time_is_refused(String text) {
    assertTrue(
        assertThrows(TypeConversionException.class, () -> new LengthOfTime().convert(text))
            .getMessage()
            .startsWith("'" + text + "' is no length of time"));
  }

  @Test
  void the_live_line_tells_counts_and_losses() {
    assertEquals(
        "2.5 s  samples 10  switches 20  lost 3  throttled 1  frames without name 12.5 %",
        TraceProgress.text(2.5, new TraceCounts(10, 20, 3, 1, 8, 1)));
    assertEquals(
        "0.0 s  samples 0  switches 0  lost 0  throttled 0  frames without name -",
        TraceProgress.text(0, new TraceCounts(0, 0, 0, 0, 0, 0)));
  }

  @Test
  void elsewhere_than_on_a_terminal_there_is_a_line_a_second() {
    TraceProgress progress = new TraceProgress(new PrintWriter(errors, true), false, 0);
    for (long ms = 0; ms <= 3100; ms += 100) {
      progress.at(ms * 1_000_000, new TraceCounts(1, 0, 0, 0, 0, 0));
    }
    assertEquals(3, errors.toString().lines().count());
  }
}
