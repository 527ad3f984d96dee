package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.app.Photophone.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `photophone calibrate` as its users run it, over a recording of the simulated cell.
@Tag("M8")
final class CalibrateIT {
  private static final String SCRIPT =
      """
      source:
        type: simulated
        script: [{for_s: 6, ppm: 0}, {for_s: 6, ppm: 100}, {for_s: 6, ppm: 20}]
        faults: []
      """;

  @TempDir private Path folder;
  private String recording = "";
  private String data = "";

  @BeforeEach
  void simulate() throws Exception {
    Path config = Files.writeString(folder.resolve("cell.yaml"), SCRIPT);
    recording = folder.resolve("cell.wav").toString();
    data = folder.resolve("data").toString();
    Outcome outcome =
        Photophone.run(folder, "simulate", recording, "--for", "18", "--config", config.toString());
    assertEquals(0, outcome.exitCode(), outcome::errors);
  }

  private Outcome calibrate(String... more) throws Exception {
    String[] all = new String[more.length + 6];
    all[0] = "calibrate";
    all[1] = recording;
    all[2] = "--who";
    all[3] = "Ada";
    all[4] = "--data";
    all[5] = data;
    System.arraycopy(more, 0, all, 6, more.length);
    return Photophone.run(folder, all);
  }

  @Test
  void a_recording_is_fitted_kept_and_listed() throws Exception {
    Outcome fitted = calibrate("--points", "0:1-6,100:7-12,20:13-18");
    assertEquals(0, fitted.exitCode(), fitted::errors);
    assertTrue(fitted.output().contains("reduced χ²"), fitted::output);
    assertTrue(fitted.output().contains("not kept; --accept keeps it"), fitted::output);
    assertFalse(Files.exists(Path.of(data, "calibrations")), fitted::output);

    Path points =
        Files.writeString(
            folder.resolve("points.csv"),
            "concentration,uncertainty,from_s,to_s\n0,0,1,6\n100,0.5,7,12\n20,0.1,13,18\n");
    Outcome kept =
        calibrate(
            "--points", points.toString(), "--bottle", "B-17", "--valid-for", "30", "--accept");
    assertEquals(0, kept.exitCode(), kept::errors);
    assertTrue(kept.output().contains("gas-1 is in force from "), kept::output);
    Outcome listed = Photophone.run(folder, "calibrate", "--history", "--data", data);
    assertEquals(0, listed.exitCode(), listed::errors);
    assertTrue(
        listed
            .output()
            .lines()
            .anyMatch(line ->
                line.startsWith("in force  gas-1")
                    && line.contains("Ada")
                    && line.contains("B-17")),
        listed::output);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0:1-6                | multi_point | 1 points, needed: two or more
          0:1-6,0:7-12         | multi_point | all 2 points have 0.0 ppm, needed: two different concentrations
          100:1-6,0:7-12       | span        | gas has no calibration that a span could adjust
          0:1-6,100:17.5-18    | multi_point | the point 100.0 ppm has no reading to rest on: 0 readings lie in 17.5 s to 18.0 s
          0:1-6,100:12-7       | multi_point | the point 100.0 is from 12.0 s to 7.0 s, allowed: an end after the beginning
          0:1-6,ten:7-12       | multi_point | --points has "ten:7-12", allowed: CONCENTRATION[±UNCERTAINTY]:FROM-TO
          """)
  void what_makes_no_line_is_refused(String points, String kind, String message) throws Exception {
    Outcome refused = calibrate("--points", points, "--kind", kind, "--accept");
    assertEquals(1, refused.exitCode(), refused::output);
    assertTrue(refused.errors().contains(message), refused::errors);
    assertFalse(Files.exists(Path.of(data, "calibrations")), refused::output);
  }
}
