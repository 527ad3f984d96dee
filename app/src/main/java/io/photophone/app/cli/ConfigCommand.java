package io.photophone.app.cli;

import io.photophone.app.config.ConfigSchema;
import io.photophone.app.config.PhotophoneConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `photophone config`: prints the schema of the configuration, or the defaults as a file to start
/// from.
@Command(
    name = "config",
    description = "Prints the configuration's schema, or its defaults.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "config of what? allowed: config schema, config defaults");
  }

  @Command(
      name = "schema",
      description = "Prints the JSON Schema of the configuration file.",
      mixinStandardHelpOptions = true)
  private void schema() {
    spec.commandLine().getOut().print(ConfigSchema.json());
    spec.commandLine().getOut().flush();
  }

  @Command(
      name = "defaults",
      description = "Prints a configuration file with every setting at its default.",
      mixinStandardHelpOptions = true)
  private void defaults() {
    spec.commandLine().getOut().print(PhotophoneConfig.DEFAULT.yaml());
    spec.commandLine().getOut().flush();
  }
}
