package io.photophone.acquisition.daemon;

import io.photophone.channels.Channel;
import io.photophone.channels.ChannelOptions;
import io.photophone.channels.LatencyTracking;
import io.photophone.channels.Received;
import io.photophone.channels.Request;
import io.photophone.channels.RequestReplyChannel;
import io.photophone.channels.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// The thread that carries out commands for a daemon, one after the other, the most urgent first,
/// and the channel that brings them. At most [#CAPACITY] wait or are in work; a failed command is
/// answered with its failure and the next one follows. Contract: B9.
public final class DaemonControl implements AutoCloseable {
  /// Commands that wait or are in work.
  public static final int CAPACITY = 32;

  private final AcquisitionDaemon daemon;
  private final RequestReplyChannel<DaemonCommand, DaemonStats> commands;
  private final Thread thread;

  /// Begins to take commands. The daemon stays its owner's, who closes it after this.
  ///
  /// @param name of the channel
  public DaemonControl(String name, AcquisitionDaemon daemon) {
    this.daemon = daemon;
    this.commands =
        RequestReplyChannel.prioritised(
            ChannelOptions.of(name, CAPACITY).latency(LatencyTracking.FULL));
    Server<DaemonCommand, DaemonStats> server = commands.server("daemon");
    this.thread = Thread.ofPlatform().name("acquisition commands").start(() -> serve(server));
  }

  /// Asks, from any thread.
  ///
  /// @param timeout after which the answer is no longer waited for, and the command, if it still
  ///   waits, is not carried out
  /// @return fails with a [io.photophone.channels.RequestException], which tells apart a command
  ///   that failed, one that was too late, and one for which there was no room
  public CompletableFuture<DaemonStats> ask(DaemonCommand command, Duration timeout) {
    Runnable start = daemon.startInProgress();
    CompletableFuture<DaemonStats> answer = commands.request(command.priority(), command, timeout);
    if (command instanceof DaemonCommand.Stop && !answer.isCompletedExceptionally()) {
      start.run();
    }
    return answer;
  }

  private void serve(Server<DaemonCommand, DaemonStats> server) {
    try (server) {
      while (true) {
        switch (server.receive()) {
          case Received.Message<Request<DaemonCommand, DaemonStats>> message ->
              answer(message.value());
          case Received.Lagged<Request<DaemonCommand, DaemonStats>> _,
              Received.Empty<Request<DaemonCommand, DaemonStats>> _ -> {}
          case Received.Closed<Request<DaemonCommand, DaemonStats>> _ -> {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(Request<DaemonCommand, DaemonStats> request) {
    try {
      carryOut(request.body());
      request.reply(stats());
    } catch (IOException | RuntimeException | Error e) {
      request.fail(e);
    }
  }

  private void carryOut(DaemonCommand command) throws IOException {
    switch (command) {
      case DaemonCommand.Start() -> daemon.start();
      case DaemonCommand.Stop() -> daemon.stop();
      case DaemonCommand.ChangeTargetFps(double fps) -> daemon.changeTargetFps(fps);
      case DaemonCommand.Reset() -> daemon.reset();
      case DaemonCommand.GetStats() -> {}
    }
  }

  private DaemonStats stats() {
    return new DaemonStats(
        daemon.state(), daemon.stream().stats(), daemon.targetFps(), daemon.frameCount());
  }

  /// The channel, for its statistics.
  public Channel channel() {
    return commands;
  }

  /// Takes no more commands. Those that wait are not carried out; their callers, and that of the
  /// one in work, are told of the close. Waits for the thread, which ends what it has in work.
  @Override
  public void close() {
    commands.close();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
