package io.photophone.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// `/api/sweeps`: how a sweep of the resonance is doing, and how one is begun;
/// `/api/sweeps/latest`. Contract: M10.
final class SweepsResource {
  static final Body<Sweeps.Order> ORDER =
      Body.ofJson(
          Sweeps.Order.class,
          1024,
          "{\"from_hz\": 1900, \"to_hz\": 2100, \"steps\": 41, \"dwell_s\": 0.4}",
          "{}");

  private final Sweeps sweeps;

  SweepsResource(Sweeps sweeps) {
    this.sweeps = sweeps;
  }

  Sweeps.Progress progress() {
    return sweeps.progress();
  }

  void answer(Request request, Response response, Callback callback) {
    begin(ORDER.read(request));
    response.setStatus(HttpStatus.ACCEPTED_202);
    Routes.writeJson(response, callback, sweeps.progress());
  }

  private void begin(Sweeps.Order order) {
    String obstacle;
    try {
      obstacle = sweeps.begin(order);
    } catch (IllegalArgumentException e) {
      throw new Problem.Refusal(HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    }
    if (obstacle != null) {
      throw new Problem.Refusal(HttpStatus.CONFLICT_409, obstacle);
    }
  }

  void latest(Response response, Callback callback) {
    byte[] json;
    try {
      json = sweeps.latest();
    } catch (IOException e) {
      throw new Problem.Refusal(
          HttpStatus.SERVICE_UNAVAILABLE_503, "the latest sweep can't be read: " + e.getMessage());
    }
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    if (json == null) {
      response.setStatus(HttpStatus.NO_CONTENT_204);
      callback.succeeded();
      return;
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, ByteBuffer.wrap(json), callback);
  }
}
