package io.photophone.server;

import io.photophone.acquisition.source.SimulatedCellConfig.FaultKind;
import io.photophone.acquisition.source.SimulatedSource;
import io.photophone.acquisition.source.SimulationCommand;
import io.photophone.acquisition.source.SimulationState;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// `/api/simulation`: what is in force in a simulated cell, and commands for it. Contract: M11.
final class SimulationResource {
  private static final double LONGEST_S = 1e6;
  private static final String KINDS =
      Arrays.stream(FaultKind.values())
          .map(FaultKind::configName)
          .collect(Collectors.joining(", "));
  static final Body<Order> ORDER =
      Body.ofJson(
          Order.class,
          1024,
          "{\"command\": \"fault\", \"kind\": \"clipping\", \"for_s\": 2}",
          "{\"command\": \"clear\", \"kind\": \"clipping\"}",
          "{\"command\": \"concentration\", \"ppm\": 50}",
          "{\"command\": \"script\"}",
          "{\"command\": \"temperature\", \"celsius\": 30, \"over_s\": 60}",
          "{\"command\": \"modulation\", \"hz\": 2000}");

  private final @Nullable SimulatedSource source;

  /// @param source null if the instrument's source isn't simulated
  SimulationResource(@Nullable SimulatedSource source) {
    this.source = source;
  }

  /// What a client asks for: a command, and of the others those that it has.
  record Order(
      @OneOf(
              value = {"fault", "clear", "concentration", "script", "temperature", "modulation"},
              required = true)
          @Nullable String command,
      @OneOf({"clipping", "dropout", "drift", "noise_burst", "no_numbers"}) @Nullable String kind,
      @Nullable Double forS,
      @Nullable Double ppm,
      @Nullable Double celsius,
      @Nullable Double overS,
      @Nullable Double hz) {}

  /// The answer.
  record State(
      long sample,
      double ppm,
      boolean scripted,
      double temperatureC,
      double resonanceHz,
      double modulationHz,
      List<String> faults) {
    static State of(SimulationState state) {
      return new State(
          state.sample(),
          state.ppm(),
          state.scripted(),
          state.temperatureC(),
          state.resonanceHz(),
          state.modulationHz(),
          state.faults().stream().map(FaultKind::configName).toList());
    }
  }

  State state() {
    return State.of(simulated().state());
  }

  void carryOut(Request request, Response response, Callback callback) {
    SimulationState state = commanded(simulated(), ORDER.read(request));
    Routes.writeJson(response, callback, State.of(state));
  }

  private SimulatedSource simulated() {
    SimulatedSource simulated = source;
    if (simulated == null) {
      throw new Problem.Refusal(
          HttpStatus.CONFLICT_409,
          "the source isn't simulated: only a simulated cell takes these commands");
    }
    return simulated;
  }

  private static SimulationState commanded(SimulatedSource simulated, Order order) {
    try {
      return simulated.command(command(order));
    } catch (IllegalArgumentException e) {
      throw new Problem.Refusal(HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    }
  }

  private static SimulationCommand command(Order order) {
    if (order.command() == null) {
      throw bad("the body has no command");
    }
    return switch (order.command()) {
      case "fault" -> {
        only(order, "kind", "for_s");
        yield new SimulationCommand.RaiseFault(kind(order), seconds("for_s", order.forS()));
      }
      case "clear" -> {
        only(order, "kind");
        yield new SimulationCommand.ClearFault(kind(order));
      }
      case "concentration" -> {
        only(order, "ppm");
        yield new SimulationCommand.SetConcentration(given("ppm", order.ppm()));
      }
      case "script" -> {
        only(order);
        yield new SimulationCommand.FollowScript();
      }
      case "temperature" -> {
        only(order, "celsius", "over_s");
        Duration over = seconds("over_s", order.overS());
        yield new SimulationCommand.SetTemperature(
            given("celsius", order.celsius()), over == null ? Duration.ZERO : over);
      }
      case "modulation" -> {
        only(order, "hz");
        yield new SimulationCommand.SetModulation(given("hz", order.hz()));
      }
      default -> throw bad("the command is " + order.command());
    };
  }

  /// Refuses an order that has more than its command takes.
  private static void only(Order order, String... taken) {
    Map<String, @Nullable Object> given = new LinkedHashMap<>();
    given.put("kind", order.kind());
    given.put("for_s", order.forS());
    given.put("ppm", order.ppm());
    given.put("celsius", order.celsius());
    given.put("over_s", order.overS());
    given.put("hz", order.hz());
    List<String> known = List.of(taken);
    given.forEach((key, value) -> {
      if (value != null && !known.contains(key)) {
        throw bad("%s is %s with a command that has none".formatted(key, value));
      }
    });
  }

  private static FaultKind kind(Order order) {
    return Arrays.stream(FaultKind.values())
        .filter(kind -> kind.configName().equals(order.kind()))
        .findFirst()
        .orElseThrow(() ->
            new Problem.Refusal(
                HttpStatus.BAD_REQUEST_400,
                "kind is %s, allowed: %s".formatted(order.kind(), KINDS)));
  }

  private static double given(String name, @Nullable Double value) {
    if (value == null) {
      throw bad("the body has no " + name);
    }
    return value;
  }

  /// A time, far from the bounds of a long; the command itself says what is allowed.
  private static @Nullable Duration seconds(String name, @Nullable Double value) {
    if (value == null) {
      return null;
    }
    if (!(Math.abs(value) <= LONGEST_S)) {
      throw new IllegalArgumentException(
          "%s is %s, allowed: at most %s".formatted(name, value, LONGEST_S));
    }
    return Duration.ofNanos(Math.round(value * 1e9));
  }

  private static Problem.Refusal bad(String what) {
    return new Problem.Refusal(HttpStatus.BAD_REQUEST_400, what + ", allowed: " + ORDER.allowed());
  }
}
