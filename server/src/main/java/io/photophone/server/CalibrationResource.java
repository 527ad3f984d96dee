package io.photophone.server;

import java.io.UncheckedIOException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// `/api/calibration`: the calibration under way, and commands for it. Contract: M8.
final class CalibrationResource {
  private static final int MOST_BYTES = 2048;
  private static final String ALLOWED =
      "{\"command\": \"begin\", \"kind\": \"multi_point\", \"who\": \"Ada\", \"unit\": \"ppm\"},"
          + " {\"command\": \"point\", \"concentration\": 100}, {\"command\": \"fit\"},"
          + " {\"command\": \"accept\"}, {\"command\": \"cancel\"}, {\"command\": \"restore\","
          + " \"id\": \"CO2-1\", \"who\": \"Ada\"}";

  private final LiveCalibration calibration;

  CalibrationResource(LiveCalibration calibration) {
    this.calibration = calibration;
  }

  /// Tells the state, after what is asked for is done.
  void answer(Request request, Response response, Callback callback) {
    if (!Routes.READ.contains(request.getMethod())) {
      carryOut(Body.json(request, MOST_BYTES, CalibrationCommand.class, ALLOWED));
    }
    Routes.writeJson(response, callback, calibration.state().get());
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
          HttpStatus.INTERNAL_SERVER_ERROR_500,
          "the calibration could not be kept and is not in force: " + e.getMessage());
    }
  }
}
