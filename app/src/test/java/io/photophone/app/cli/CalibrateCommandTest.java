package io.photophone.app.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Tag("M8")
final class CalibrateCommandTest {
  private static final String SERVER = "--server http://127.0.0.1:1";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cell.wav --points 0:1-2 --readings 0  | --readings is 0, allowed: [3, 10000]
          cell.wav --points 0:1-2 --readings 10 | --readings has no meaning for a recording: a point has the readings in its window
          SERVER --readings 0                   | --readings is 0, allowed: [3, 10000]
          cell.wav SERVER                       | cell.wav is given together with --server, allowed: one of them
          """)
  void what_has_no_meaning_is_refused(String arguments, String message) {
    StringWriter errors = new StringWriter();
    CommandLine line = new CommandLine(new CalibrateCommand());
    line.setErr(new PrintWriter(errors));
    line.execute(("--who Ada " + arguments.replace("SERVER", SERVER)).split(" ", -1));
    assertTrue(errors.toString().contains(message), errors::toString);
  }
}
