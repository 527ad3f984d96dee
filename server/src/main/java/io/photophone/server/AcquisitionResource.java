package io.photophone.server;

import io.photophone.acquisition.daemon.DaemonCommand;
import io.photophone.acquisition.daemon.DaemonStats;
import io.photophone.channels.RequestException;
import io.photophone.model.BreakerState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// `/api/acquisition`: how the acquisition is doing, and commands for it. Contract: B9, B13, B25.
final class AcquisitionResource {
  /// A start may have to wait for a sound card.
  private static final Duration LIMIT = Duration.ofSeconds(10);

  static final Body<Order> ORDER =
      Body.ofJson(
          Order.class,
          1024,
          "{\"command\": \"start\"}",
          "{\"command\": \"stop\"}",
          "{\"command\": \"reset\"}",
          "{\"command\": \"change_target_fps\", \"fps\": 30}");

  private final BiFunction<DaemonCommand, Duration, CompletableFuture<DaemonStats>> commands;

  AcquisitionResource(
      BiFunction<DaemonCommand, Duration, CompletableFuture<DaemonStats>> commands) {
    this.commands = commands;
  }

  /// What a client asks for.
  ///
  /// @param fps of `change_target_fps`, absent otherwise
  record Order(
      @OneOf(
              value = {"start", "stop", "reset", "change_target_fps"},
              required = true)
          @Nullable String command,
      @Nullable Double fps) {}

  /// The answer.
  record State(
      String state,
      @Nullable String error,
      double targetFps,
      double fps,
      long frames,
      long errors,
      long lostSamples,
      long skippedTicks,
      BreakerState breaker,
      long stalls,
      long clockSteps) {
    static State of(DaemonStats stats) {
      return new State(
          stats.state().phase().wireName(),
          stats.state().error(),
          stats.targetFps(),
          stats.stream().framesPerSecond(),
          stats.frameCount(),
          stats.state().errors(),
          stats.state().lostSamples(),
          stats.state().skippedTicks(),
          stats.state().breaker(),
          stats.state().stalls(),
          stats.state().clockSteps());
    }
  }

  void tell(Request request, Response response, Callback callback) {
    answer(new DaemonCommand.GetStats(), response, callback);
  }

  void carryOut(Request request, Response response, Callback callback) {
    answer(order(ORDER.read(request)), response, callback);
  }

  private void answer(DaemonCommand command, Response response, Callback callback) {
    CompletableFuture<DaemonStats> _ =
        commands
            .apply(command, LIMIT)
            .whenComplete((stats, failure) -> {
              if (failure == null) {
                Routes.writeJson(response, callback, State.of(stats));
              } else {
                problem(failure).write(response, callback);
              }
            });
  }

  private static DaemonCommand order(Order order) {
    if (order.command() == null) {
      throw bad("the body has no command");
    }
    Double fps = order.fps();
    return switch (order.command()) {
      case "start" -> without(fps, new DaemonCommand.Start());
      case "stop" -> without(fps, new DaemonCommand.Stop());
      case "reset" -> without(fps, new DaemonCommand.Reset());
      case "change_target_fps" -> {
        if (fps == null) {
          throw bad("the body has no fps");
        }
        try {
          yield new DaemonCommand.ChangeTargetFps(fps);
        } catch (IllegalArgumentException e) {
          throw new Problem.Refusal(HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()));
        }
      }
      default -> throw bad("the command is " + order.command());
    };
  }

  private static DaemonCommand without(@Nullable Double fps, DaemonCommand command) {
    if (fps != null) {
      throw bad("fps is %s with a command that has none".formatted(fps));
    }
    return command;
  }

  private static Problem.Refusal bad(String what) {
    return new Problem.Refusal(HttpStatus.BAD_REQUEST_400, what + ", allowed: " + ORDER.allowed());
  }

  private static Problem problem(Throwable failure) {
    Throwable cause = failure.getCause();
    return switch (failure) {
      case RequestException.Failed _ when cause != null ->
          new Problem(HttpStatus.CONFLICT_409, "the command failed: " + cause.getMessage());
      case RequestException.TimedOut _ ->
          new Problem(
              HttpStatus.GATEWAY_TIMEOUT_504,
              "the command was not done within %d s".formatted(LIMIT.toSeconds()));
      case RequestException.Full _ ->
          new Problem(HttpStatus.SERVICE_UNAVAILABLE_503, "too many commands wait, try again");
      default ->
          new Problem(HttpStatus.SERVICE_UNAVAILABLE_503, "the acquisition takes no commands");
    };
  }
}
