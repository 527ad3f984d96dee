package io.photophone.server;

import java.io.UncheckedIOException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.JsonNode;

/// `/api/calibration`: the calibration under way, and commands for it. Contract: M8.
final class CalibrationResource {
  static final Body<CalibrationCommand> COMMAND =
      Body.ofJson(
          CalibrationCommand.class,
          2048,
          "{\"command\": \"begin\", \"kind\": \"multi_point\", \"who\": \"Ada\", \"unit\":"
              + " \"ppm\"}",
          "{\"command\": \"point\", \"concentration\": 100}",
          "{\"command\": \"fit\"}",
          "{\"command\": \"accept\"}",
          "{\"command\": \"cancel\"}",
          "{\"command\": \"restore\", \"id\": \"CO2-1\", \"who\": \"Ada\"}");

  private final LiveCalibration calibration;

  CalibrationResource(LiveCalibration calibration) {
    this.calibration = calibration;
  }

  JsonNode state() {
    return calibration.state().get();
  }

  /// All accepted calibrations.
  JsonNode history() {
    return calibration.history().get();
  }

  /// Tells the state, after what is asked for is done.
  void answer(Request request, Response response, Callback callback) {
    carryOut(COMMAND.read(request));
    Routes.writeJson(response, callback, state());
  }

  private void carryOut(CalibrationCommand command) {
    try {
      calibration.commands().accept(command);
    } catch (IllegalArgumentException e) {
      throw new Problem.Refusal(HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      throw new Problem.Refusal(HttpStatus.CONFLICT_409, String.valueOf(e.getMessage()));
    } catch (UncheckedIOException e) {
      throw new Problem.Refusal(
          HttpStatus.SERVICE_UNAVAILABLE_503,
          "the calibration could not be kept and is not in force: " + e.getMessage());
    }
  }
}
