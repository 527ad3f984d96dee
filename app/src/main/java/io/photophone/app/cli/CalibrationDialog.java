package io.photophone.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.photophone.analysis.calibration.CalibrationPoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Steps through a calibration of a running server with the person at the terminal.
///
/// It ends with an acceptance or a cancellation; so it does when the input ends.
final class CalibrationDialog {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final int UNAUTHORIZED = 401;

  private final HttpClient http;
  private final URI resource;
  private final @Nullable String token;
  private final BufferedReader in;
  private final PrintWriter out;

  /// @param http asks the server
  /// @param server its address, as in `http://127.0.0.1:8080`
  /// @param token to show it; null for none
  CalibrationDialog(
      HttpClient http, URI server, @Nullable String token, InputStream in, PrintWriter out) {
    this.http = http;
    this.token = token;
    this.resource = server.resolve("/api/calibration");
    this.in = new BufferedReader(new InputStreamReader(in, UTF_8));
    this.out = out;
  }

  /// What the calibration begins with; null for what was left out.
  record Begin(
      String kind,
      String who,
      @Nullable String bottle,
      @Nullable Double bottleUncertainty,
      String unit,
      @Nullable Double validForDays,
      @Nullable String comment,
      @Nullable Integer readings) {}

  /// Goes through all steps.
  ///
  /// @param points the concentrations in turn; where they end, the person is asked
  /// @param accept without a question
  /// @return whether a calibration was accepted
  /// @throws IllegalArgumentException if a point is no concentration, or not one for this kind; or
  ///   if the server refuses to begin
  boolean run(Begin begin, List<String> points, boolean accept)
      throws IOException, InterruptedException {
    check(begin.kind(), points);
    ObjectNode order =
        command("begin")
            .put("kind", begin.kind())
            .put("who", begin.who())
            .put("unit", begin.unit());
    order.put("bottle", begin.bottle());
    order.put("bottle_relative_uncertainty", begin.bottleUncertainty());
    order.put("valid_for_days", begin.validForDays());
    order.put("comment", begin.comment());
    order.put("readings", begin.readings());
    JsonNode state = send(order);
    int given = 0;
    while (!name(state).equals("review")) {
      boolean ahead = given < points.size();
      String answer = ahead ? points.get(given).strip() : "";
      say(state.path("instruction").asString());
      if (ahead) {
        if (ask("Switch the gas to %s %s and press Enter".formatted(answer, begin.unit()))
            == null) {
          return cancelled();
        }
      } else if (!points.isEmpty() && allows(state, "fit")) {
        state = send(command("fit"));
        continue;
      } else {
        String next = ask("Concentration in %s, or fit".formatted(begin.unit()));
        if (next == null) {
          return cancelled();
        }
        if (next.strip().equals("fit")) {
          state = sendOrExplain(command("fit"), state);
          continue;
        }
        answer = next.strip();
      }
      int before = state.path("points").size();
      state = measured(answer, state);
      if (name(state).equals("review") || state.path("points").size() > before) {
        given++;
      }
    }
    show(state);
    if (!accept) {
      String answer = ask("Accept? (yes/no)");
      if (answer == null || !answer.strip().equalsIgnoreCase("yes")) {
        return cancelled();
      }
    }
    say(send(command("accept")).path("instruction").asString());
    return true;
  }

  private static void check(String kind, List<String> points) {
    for (String point : points) {
      double concentration;
      try {
        concentration = Double.parseDouble(point);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "--points has \"%s\", allowed: concentrations, as in 0,10,100".formatted(point), e);
      }
      CalibrationPoint.CONCENTRATION.check("a concentration of --points", concentration);
      if (kind.equals("zero") && concentration != 0) {
        throw new IllegalArgumentException(
            "--points has %s, allowed for a zero: 0".formatted(point));
      }
      if (kind.equals("span") && concentration == 0) {
        throw new IllegalArgumentException(
            "--points has %s, allowed for a span: above 0".formatted(point));
      }
    }
    if (points.size() > 1 && (kind.equals("zero") || kind.equals("span"))) {
      throw new IllegalArgumentException(
          "--points has %d points, allowed for a %s: 1".formatted(points.size(), kind));
    }
  }

  /// The state when the point is measured or given up.
  private JsonNode measured(String concentration, JsonNode before)
      throws IOException, InterruptedException {
    double value;
    try {
      value = Double.parseDouble(concentration);
    } catch (NumberFormatException _) {
      say("\"%s\" is no concentration, allowed: a number, or fit".formatted(concentration));
      return before;
    }
    JsonNode state = sendOrExplain(command("point").put("concentration", value), before);
    String shown = "";
    while (name(state).equals("settling") || name(state).equals("collecting")) {
      String instruction = state.path("instruction").asString();
      if (!instruction.equals(shown)) {
        say("  " + instruction);
        shown = instruction;
      }
      Thread.sleep(POLL);
      state = answer(HttpRequest.newBuilder(resource).GET());
    }
    return state;
  }

  private boolean cancelled() throws IOException, InterruptedException {
    say(send(command("cancel")).path("instruction").asString());
    return false;
  }

  private void show(JsonNode state) {
    String unit = state.path("unit").asString();
    TextTable table = new TextTable("point", unit, "x", "y", "readings", "residual " + unit);
    int number = 1;
    for (JsonNode point : state.path("fit").path("points")) {
      table.add(
          Integer.toString(number),
          point.path("concentration").toString(),
          point.path("x").toString(),
          point.path("y").toString(),
          point.path("readings").toString(),
          point.path("residual").toString());
      number++;
    }
    table.print(out);
    for (String name :
        List.of(
            "sensitivity", "relative_uncertainty", "offset", "offset_uncertainty", "phase_deg")) {
      say("%s: %s".formatted(name, state.path(name)));
    }
    say("R²: " + state.path("fit").path("r_squared"));
    say("reduced χ²: " + state.path("fit").path("reduced_chi_squared"));
    for (JsonNode warning : state.path("fit").path("warnings")) {
      say("warning: " + warning.asString());
    }
    say(state.path("instruction").asString());
  }

  private void say(String text) {
    out.println(text);
    out.flush();
  }

  private @Nullable String ask(String question) throws IOException {
    out.print(question + ": ");
    out.flush();
    return in.readLine();
  }

  private static String name(JsonNode state) {
    return state.path("state").asString();
  }

  private static boolean allows(JsonNode state, String command) {
    return state.path("allowed").valueStream().anyMatch(each -> each.asString().equals(command));
  }

  private static ObjectNode command(String name) {
    return JsonMapper.shared().createObjectNode().put("command", name);
  }

  /// A refusal is told, and the state stays; the person can answer it.
  private JsonNode sendOrExplain(ObjectNode command, JsonNode before)
      throws IOException, InterruptedException {
    try {
      return send(command);
    } catch (IllegalArgumentException e) {
      say(String.valueOf(e.getMessage()));
      return before;
    }
  }

  /// The state that follows the command.
  ///
  /// @throws IllegalArgumentException if the server refuses, with its reason
  private JsonNode send(ObjectNode command) throws IOException, InterruptedException {
    return answer(
        HttpRequest.newBuilder(resource)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(command.toString())));
  }

  private JsonNode answer(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response;
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      response = http.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IOException("%s doesn't answer: %s".formatted(resource, e.getMessage()), e);
    }
    if (response.statusCode() == UNAUTHORIZED && token == null) {
      throw new IllegalArgumentException(
          "the server wants to know who asks: put a token of an operator into PHOTOPHONE_TOKEN or"
              + " --token-file FILE; 'photophone token --data DIR --role operator' prints one");
    }
    JsonNode body = JsonMapper.shared().readTree(response.body());
    if (response.statusCode() != 200) {
      throw new IllegalArgumentException(body.path("detail").asString());
    }
    return body;
  }
}
