package io.photophone.acquisition.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A capture device of ALSA's that plays a file, in a process of its own since ALSA reads its
/// configuration once.
@Tag("A2")
@Timeout(60)
final class MicrophoneIT {
  private static final Path ALSA = Path.of("/usr/share/alsa/alsa.conf");

  @TempDir private Path folder;

  /// Prints the device's facts and every thousandth sample, or the error.
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      System.out.println("devices " + Microphone.devices().size());
      try (Microphone microphone = Microphone.open(args[0], 48_000)) {
        System.out.println(microphone.name());
        for (int n = 0; n < 5; n++) {
          if (microphone.read(1000) instanceof SourceRead.Samples read) {
            System.out.printf(
                "%d %d%n",
                Math.round(read.channelA()[999] * 0x1p23),
                Math.round(read.channelB()[999] * 0x1p23));
          }
        }
      } catch (IOException e) {
        System.out.println("error " + e.getMessage());
      }
    }
  }

  private List<String> child(String config, String device)
      throws IOException, InterruptedException {
    Path alsaConfig = Files.writeString(folder.resolve("asound.conf"), config);
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            device);
    builder.environment().put("ALSA_CONFIG_PATH", alsaConfig.toString());
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the child hangs");
    } finally {
      process.destroyForcibly();
    }
    return Files.readAllLines(output, StandardCharsets.UTF_8);
  }

  private String playing(Path raw) {
    return """
    <%s>
    pcm.!default {
      type file
      slave.pcm "null"
      file "/dev/null"
      infile "%s"
      format "raw"
    }
    """
        .formatted(ALSA, raw);
  }

  /// Of losses it says nothing: the device has no clock and is always ahead of a reader that
  /// pauses.
  @Test
  void a_capture_device_delivers_its_samples_in_order() throws Exception {
    assumeTrue(Files.exists(ALSA), "needs ALSA: install libasound2");
    byte[] raw = new byte[6 * 100_000];
    for (int i = 0; i < raw.length / 6; i++) {
      for (int k = 0; k < 3; k++) {
        raw[6 * i + k] = (byte) (i >> (8 * k));
        raw[6 * i + 3 + k] = (byte) (-i >> (8 * k));
      }
    }
    List<String> output = child(playing(Files.write(folder.resolve("raw"), raw)), "DEFAULT");
    List<String> expected = new ArrayList<>(List.of("devices 1", "null [default]"));
    for (int n = 1; n <= 5; n++) {
      expected.add("%d %d".formatted(1000 * n - 1, 1 - 1000 * n));
    }
    assertEquals(expected, output);
  }

  @Test
  void an_unknown_device_is_told() throws Exception {
    assumeTrue(Files.exists(ALSA), "needs ALSA: install libasound2");
    Path silence = Files.write(folder.resolve("raw"), new byte[600]);
    assertEquals(
        "error no capture device is called \"USB\", there are: null [default]",
        child(playing(silence), "USB").getLast());
  }

  @Test
  void without_a_device_the_message_says_what_to_do() throws Exception {
    List<String> output = child("", "");
    assertTrue(output.contains("devices 0"), output::toString);
    assertTrue(
        output.getLast().startsWith("error no capture device found: connect one"),
        output::toString);
  }
}
