package io.photophone.app.cli;

import io.photophone.app.config.ConfigException;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.wiring.Parts;
import io.photophone.server.security.AccessControl;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which data directory a command of its owner is about. A server may run on it meanwhile.
final class DataFolder {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration that names the data directory.")
  private @Nullable Path config;

  @Option(names = "--data", paramLabel = "DIR", description = "Data directory (./data).")
  private @Nullable String data;

  /// Keys, tokens and users of the directory.
  AccessControl openAccess() throws IOException, ConfigException {
    return Parts.access(
        PhotophoneConfig.read(
            config, System.getenv(), new Flags().with("--data", "data", data).toList()));
  }
}
