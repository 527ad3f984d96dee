package io.photophone.events.symbols;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Other programs that read ELF files, to compare with; a test that needs one is skipped where
/// there is none.
final class Binutils {
  private Binutils() {}

  /// The library of the JVM that runs the test.
  static Path jvmLibrary() {
    Path library = Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
    assumeTrue(Files.isReadable(library), "no " + library);
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "not on x86-64");
    return library;
  }

  static List<String> run(String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("binutils", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      assumeTrue(process.waitFor() == 0, "failed: " + String.join(" ", command));
      return Files.readAllLines(output);
    } catch (IOException e) {
      assumeTrue(false, "no " + command[0] + " here");
      return List.of();
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
