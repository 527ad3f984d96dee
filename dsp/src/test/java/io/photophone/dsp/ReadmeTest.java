package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Keeps the example of the README true.
@Tag("M5")
class ReadmeTest {
  private static final Path SOURCE = Path.of("src/test/java/io/photophone/dsp/ReadmeTest.java");

  @Test
  void the_example_measures_the_second_harmonic() {
    double[] samples = new double[96_000];
    Reference modulation = new Reference(2000, 48_000);
    for (int n = 0; n < samples.length; n++) {
      double phase = 2 * Math.PI * modulation.cycles(n);
      samples[n] = 0.3 * Math.cos(phase) + 0.001 * Math.cos(2 * phase);
    }
    // @start
    FilterBand band = new FilterBand.BandPass(3900, 4100);
    SosFilter filter = SosFilter.of(new FilterShape.Elliptic(4, 0.1, 60), band, 48_000);
    Reference second = new Reference(2000, 48_000).harmonic(2);
    RunningLockIn lockIn = new RcLockIn(second, new RcLowPass(4, 0.1));
    for (double sample : samples) {
      lockIn.add(filter.next(sample));
    }
    Complex signal = lockIn.signal().dividedBy(filter.response(second.cyclesPerSample()));
    // @end
    assertEquals(0, signal.minus(new Complex(0.001, 0)).magnitude(), 1e-6);
  }

  @Test
  void the_readme_shows_the_example_that_was_tested() throws Exception {
    String source = Files.readString(SOURCE);
    String example =
        source.substring(source.indexOf("// @start\n") + 10, source.indexOf("    // @end"));
    assertTrue(
        Files.readString(Path.of("README.md"))
            .contains("```java\n" + example.stripTrailing().stripIndent()),
        "README.md of dsp shows another example than this test's");
  }
}
