package io.photophone.app.cli;

import io.photophone.app.config.ConfigException;
import io.photophone.app.wiring.Version;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `photophone`: says what the commands are.
@Command(
    name = "photophone",
    description = "From two microphones on a photoacoustic cell to a gas concentration.",
    mixinStandardHelpOptions = true,
    versionProvider = PhotophoneCommand.VersionText.class,
    subcommands = {
      ServeCommand.class,
      AnalyzeCommand.class,
      CalibrateCommand.class,
      SweepCommand.class,
      SimulateCommand.class,
      DevicesCommand.class,
      HealthCommand.class,
      TokenCommand.class,
      SignInCommand.class,
      WhyCommand.class,
      TraceCommand.class,
      CheckConfigCommand.class,
      ConfigCommand.class,
      HelpCommand.class
    })
public final class PhotophoneCommand implements Runnable {
  /// Exit code of a command that failed for a reason it told.
  static final int FAILED = 1;

  @Spec private CommandSpec spec;

  /// For the command-line parser.
  public PhotophoneCommand() {}

  /// Runs the command that the arguments name.
  ///
  /// @return 0; 1 if it failed, with the reason on standard error; 2 if the arguments are wrong
  public static int run(String... args) {
    Logging.configure();
    CommandLine line = new CommandLine(new PhotophoneCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((failure, command, _) -> {
      tell(command, failure);
      return FAILED;
    });
    return line.execute(args);
  }

  /// A failure that was foreseen has a message for people; any other is a fault of ours.
  private static void tell(CommandLine command, Exception failure) throws Exception {
    if (failure instanceof IOException
        || failure instanceof ConfigException
        || failure instanceof IllegalArgumentException) {
      command.getErr().println("photophone: " + failure.getMessage());
    } else {
      throw failure;
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command was given");
  }

  /// The version, from the build.
  static final class VersionText implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"photophone " + Version.TEXT};
    }
  }
}
