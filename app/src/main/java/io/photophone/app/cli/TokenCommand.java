package io.photophone.app.cli;

import io.photophone.app.config.ConfigException;
import io.photophone.server.security.AccessControl;
import io.photophone.server.security.IssuedToken;
import io.photophone.server.security.MadeToken;
import io.photophone.server.security.Role;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `photophone token`: tokens for programs, made by the owner of the data directory.
@Command(
    name = "token",
    description = {
      "Prints a token for a program, alone on its line, or lists or revokes tokens.",
      "A running server takes notice at once."
    },
    mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
  private static final Pattern LIFE = Pattern.compile("([1-9][0-9]{0,8})([smhd])");

  @Spec private CommandSpec spec;
  @Mixin private DataFolder folder;

  @Option(names = "--role", paramLabel = "ROLE", description = "viewer, operator or admin.")
  private @Nullable String role;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "Life of the token, as in 90s, 15m, 1h or 30d (30d).",
      defaultValue = "30d")
  private String expires;

  @Option(
      names = "--name",
      paramLabel = "TEXT",
      description = "What its holder goes by (command line).",
      defaultValue = "command line")
  private String name;

  @Option(names = "--list", description = "List the tokens that haven't ended.")
  private boolean list;

  @Option(names = "--revoke", paramLabel = "ID", description = "End this token, and its streams.")
  private @Nullable String revoke;

  @Override
  public Integer call() throws IOException, ConfigException {
    if ((role == null ? 0 : 1) + (revoke == null ? 0 : 1) + (list ? 1 : 0) != 1) {
      throw new ParameterException(
          spec.commandLine(), "what about tokens? allowed: one of --role, --list, --revoke");
    }
    try (AccessControl access = folder.openAccess()) {
      if (revoke != null) {
        return revoked(access, revoke);
      }
      if (role != null) {
        make(access, role);
      } else {
        print(access);
      }
      spec.commandLine().getOut().flush();
      return 0;
    }
  }

  private void make(AccessControl access, String roleName) {
    MadeToken made =
        access.makeToken(name, Role.named(roleName), life(expires), AccessControl.OWNER);
    access.noteCommand("photophone token " + about(made.about()), "done");
    spec.commandLine().getOut().println(made.text());
  }

  private int revoked(AccessControl access, String id) {
    IssuedToken about = access.revokeToken(id);
    if (about == null) {
      spec.commandLine().getErr().println("photophone: there is no token " + id);
      return PhotophoneCommand.FAILED;
    }
    access.noteCommand("photophone token --revoke " + about(about), "done");
    return 0;
  }

  private static String about(IssuedToken token) {
    return "%s, %s, %s".formatted(token.id(), token.name(), token.role().wireName());
  }

  private void print(AccessControl access) {
    String row = "%-16s  %-8s  %-20s  %-20s  %s%n";
    spec.commandLine().getOut().printf(row, "id", "role", "expires", "revoked", "name");
    for (IssuedToken token : access.tokens()) {
      spec.commandLine()
          .getOut()
          .printf(
              row,
              token.id(),
              token.role().wireName(),
              token.expires(),
              token.revoked() == null ? "" : token.revoked(),
              token.name());
    }
  }

  static Duration life(String text) {
    Matcher parts = LIFE.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "--expires is %s, allowed: a whole number and s, m, h or d, as in 30d".formatted(text));
    }
    long count = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
