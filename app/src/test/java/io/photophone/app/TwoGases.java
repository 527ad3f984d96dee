package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.source.SampleEncoding;
import io.photophone.acquisition.source.WavWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The example of `docs/analysis.md`: a simulated cell named bench, and stack 2, which measures two
/// gases of a recording.
final class TwoGases {
  static final int RATE_HZ = 48_000;

  /// What is in the cell of the recording.
  static final double NO2_PPM = 40;

  static final double SO2_PPM = 10;

  /// How strong the signals are, each with a share of the other gas.
  static final double NO2_AMPLITUDE = 0.001 * (NO2_PPM + 0.1 * SO2_PPM);

  static final double SO2_AMPLITUDE = 0.001 * (SO2_PPM + 0.05 * NO2_PPM);

  private static final Path DOC = Path.of("../docs/analysis.md");
  private static final Pattern YAML = Pattern.compile("(?s)```yaml\n(.*?)```");

  private TwoGases() {}

  /// The configuration, with a recording that is made in the folder.
  ///
  /// @param speed times real time
  static String configuration(Path folder, double speed) throws IOException {
    Matcher yaml = YAML.matcher(Files.readString(DOC));
    assertTrue(yaml.find(), "the page has no example");
    String file = "two-gases.wav, loop: true";
    assertTrue(yaml.group(1).contains(file), yaml.group(1));
    return yaml.group(1)
        .replace(file, "%s, loop: true, speed: %s".formatted(recording(folder), speed));
  }

  /// Two seconds of both tones, in antiphase at the microphones. Both fit in whole periods, so that
  /// they go on where the file begins again.
  private static Path recording(Path folder) throws IOException {
    Path file = folder.resolve("two-gases.wav");
    float[] a = new float[2 * RATE_HZ];
    float[] b = new float[2 * RATE_HZ];
    for (int n = 0; n < a.length; n++) {
      double signal =
          NO2_AMPLITUDE * Math.cos(2 * Math.PI * 2000 * n / RATE_HZ)
              + SO2_AMPLITUDE * Math.cos(2 * Math.PI * 1500 * n / RATE_HZ);
      a[n] = (float) (signal / 2);
      b[n] = (float) (-signal / 2);
    }
    try (WavWriter wav = WavWriter.create(file, RATE_HZ, SampleEncoding.FLOAT32)) {
      wav.write(a, b);
    }
    return file;
  }
}
