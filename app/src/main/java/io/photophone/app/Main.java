package io.photophone.app;

import io.photophone.app.cli.PhotophoneCommand;

/// The program.
public final class Main {
  private Main() {}

  /// Runs one command and exits with its code.
  public static void main(String[] args) {
    System.exit(PhotophoneCommand.run(args));
  }
}
