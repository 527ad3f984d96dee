package io.photophone.bench.load;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How the program under test is run.
final class ProgramOptions {
  @Option(names = "--token", description = "Token of an operator to ask the program with.")
  private @Nullable String token;

  @Option(
      names = "--config",
      description = "Configuration of the program, which has to let that many clients in.")
  private @Nullable Path config;

  /// Null where nobody has to sign in.
  @Nullable String token() {
    return token;
  }

  /// Of `serve`.
  List<String> arguments() {
    return config == null ? List.of() : List.of("--config", config.toString());
  }
}
