package io.photophone.app.cli;

import io.photophone.app.config.ConfigException;
import io.photophone.app.config.PhotophoneConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `photophone check-config`: tells all errors of a configuration file, or that there is none.
@Command(
    name = "check-config",
    description = "Checks a configuration file and tells every error in it.",
    mixinStandardHelpOptions = true)
final class CheckConfigCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The configuration file.")
  private Path file;

  @Override
  public Integer call() {
    try {
      PhotophoneConfig.read(file, Map.of(), List.of());
    } catch (ConfigException e) {
      spec.commandLine().getErr().println(e.getMessage());
      int count = e.errors().size();
      spec.commandLine()
          .getErr()
          .println("%s: %d %s".formatted(file, count, count == 1 ? "error" : "errors"));
      return PhotophoneCommand.FAILED;
    }
    spec.commandLine().getOut().println(file + ": no error");
    return 0;
  }
}
