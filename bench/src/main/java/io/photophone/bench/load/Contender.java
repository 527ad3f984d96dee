package io.photophone.bench.load;

import java.io.IOException;
import java.nio.file.Path;

/// A server that is measured.
enum Contender {
  PHOTOPHONE("photophone"),
  PHOTOPHONE_BYTES("photophone, float32"),
  PER_CLIENT("JSON for each client"),
  SELECTOR("selector loop");

  final String title;

  Contender(String title) {
    this.title = title;
  }

  /// One that runs, and what its clients ask for.
  record Running(ServerProcess process, StreamRequest stream) implements AutoCloseable {
    @Override
    public void close() {
      process.close();
    }
  }

  /// Starts it.
  ///
  /// @param folder for its data and log
  /// @param frame file with a frame of the program's, which the other two repeat
  Running start(Path folder, Path frame) throws IOException, InterruptedException {
    return switch (this) {
      case PHOTOPHONE -> program(folder, StreamRequest.Form.EVENTS);
      case PHOTOPHONE_BYTES -> program(folder, StreamRequest.Form.MESSAGES);
      case PER_CLIENT ->
          plain(ServerProcess.start(folder, PerClientServer.class, frame.toString()));
      case SELECTOR -> plain(ServerProcess.start(folder, SelectorServer.class, frame.toString()));
    };
  }

  private static Running program(Path folder, StreamRequest.Form form)
      throws IOException, InterruptedException {
    Program program = Program.start(folder);
    return new Running(program.process(), program.audio(form));
  }

  private static Running plain(ServerProcess process) {
    return new Running(
        process, new StreamRequest(StreamRequest.Form.EVENTS, process.address(), null));
  }
}
