package io.photophone.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The token with which a command asks a server. An argument would stand in the list of processes,
/// so it comes from a file or from the environment.
final class ServerToken {
  private static final String VARIABLE = "PHOTOPHONE_TOKEN";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "On a server: file with a token (environment variable PHOTOPHONE_TOKEN).")
  private @Nullable Path file;

  /// The token; null where none is given.
  @Nullable String text() throws IOException {
    return file == null ? System.getenv(VARIABLE) : Files.readString(file).strip();
  }
}
