package io.photophone.app.cli;

import io.photophone.app.config.ConfigException;
import io.photophone.app.wiring.Parts;
import io.photophone.server.security.AccessControl;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `photophone sign-in`: a new way in for the owner of the data directory.
@Command(
    name = "sign-in",
    description = {
      "Prints a link that signs in as administrator, once and for a quarter of an hour.",
      "For the owner of the data directory, who may have no user or has lost the password."
    },
    mixinStandardHelpOptions = true)
final class SignInCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataFolder folder;

  @Override
  public Integer call() throws IOException, ConfigException {
    try (AccessControl access = folder.openAccess()) {
      String page = access.serverAddress();
      if (page == null) {
        throw new IOException("no server has run on this data directory: start one first");
      }
      spec.commandLine().getOut().println(Parts.signInLink(access, URI.create(page)));
      spec.commandLine().getOut().flush();
      access.noteCommand("photophone sign-in", "done");
      return 0;
    }
  }
}
